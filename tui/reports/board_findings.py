"""What the board showed in a run, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core import format as text
from tui.core.alerts import LATENCIES
from tui.core.events import Level
from tui.core.incidents import Incident, Rise
from tui.core.model import RunView
from tui.reports.board_words import (
    MAX_KEYS,
    REPLAYED,
    bout_words,
    change_words,
    incomparable_words,
    is_replayed,
    leak_words,
    leaks_told,
    lost_words,
    rise_words,
)
from tui.reports.bouts import Bout, bouts_of
from tui.reports.own_doing import fault_at, named, on_fault, on_stress

MAX_RISES = 5
MAX_ALERTS = 6
MAX_CHANGES = 10
ADVICE = {
    "oc1": "the supply sags under load: a stronger one, a shorter and thicker cable",
    "oc2": "choose a power mode with a lower budget (`nvpmodel -q` names the present one), or a "
    "stronger supply where the carrier board allows it",
    "oc3": "choose a power mode that limits the current peaks (`nvpmodel -q` names the present "
    "one), or a stronger supply",
    "thermal": "cool the board before the next run: fan, heat sink, air, shade; then a lower "
    "power mode",
    "gpu_throttle": "see what the driver holds the GPU back for: nvidia-smi -q -d PERFORMANCE",
    "heat": "more cooling: the board is close to holding itself back",
    "heat.nvme": "cool the drive: it slows down by itself when it is too hot",
    "brown_out": "the input voltage is low: a stronger supply, a shorter and thicker cable",
    "supply": "the supply is at its limit: a stronger one, or a lower power mode",
    "fan": "free the fan or replace it: it is asked to turn and stands still",
    "alarm": "a rail is over its line: a stronger supply, or a lower power mode",
    "sensors": "`jetproof doctor` says why no temperature can be read",
    "link.lost": "look at the network cable and the port of the switch",
    "service.down": "see why the service ended: its log (`journalctl -u UNIT`, `docker logs NAME`) "
    "and the kernel's (`dmesg`)",
    "service.restart": "see why the service restarted: the last lines of its log before that",
    "service.oom": "the kernel ends the service for want of memory: a smaller model or batch, "
    "fewer of its processes, or more swap",
    "oom": "the kernel ends processes for want of memory: end what is not needed beside the "
    "service, or make the service smaller",
    "health": "see why the health check was not answered: whether the service ran then, and "
    "whether it answers it while it computes",
    "health_ms": "answer the health check beside the inference: one that waits for it is taken "
    "for dead",
    "cpu_percent": "see what takes the cores (`top`): with none to spare, latency rises",
    "ram_percent": "see what holds the memory (`top -o RES`): beyond it the board swaps",
    "swap_mb_per_s": "memory is short and the board swaps: end what is not needed, or make the "
    "service smaller",
    "memory_psi_percent": "memory is short, so that work waits for it: end what is not needed, or "
    "make the service smaller",
    **dict.fromkeys(
        LATENCIES,
        "answers are slower than [alerts] allows: `ramp` finds the level that holds it, or say "
        "there what this service may take",
    ),
}
"""By the key of an incident, or its part before the point: what helps."""
OURS = {
    "cpu_percent": "cpu",
    "ram_percent": "memory",
    "swap_mb_per_s": "memory",
    "memory_psi_percent": "memory",
}
"""Alerts on what a burner of that name takes on purpose: nobody has to be looked for."""
NO_CAUSE = "nothing on the board explains the rise of p95: read the service's log at"
BY_GAUGE = "see what else ran on the board, and whether its clocks are pinned, at"


class Finding(NamedTuple):
    """One thing that the run showed."""

    level: Level
    what: str
    advice: str = ""


def board_findings(view: RunView) -> tuple[Finding, ...]:
    """In the order in which they explain each other."""
    return tuple(_findings(view))


def _findings(view: RunView) -> Iterator[Finding]:
    # Of a measurement that can't be trusted no advice follows for the service.
    is_trusted = view.validity.valid is not False
    throttles = bouts_of(view, "throttle")
    for bout in throttles[:MAX_KEYS]:
        what = f"the board held itself back: {bout_words(view, bout)}"
        yield Finding(_level(bout), what, advice_on(bout.last))
    advised = set()
    for rise in view.rises[:MAX_RISES]:
        level: Level = "info" if rise.is_asked_for else "warn"
        is_moot = rise.by in advised or not is_trusted
        advice = "" if is_moot else _on_rise(rise, view)
        advised.add(rise.by)
        yield Finding(level, rise_words(view, rise), advice)
    if len(view.rises) > MAX_RISES:
        yield Finding("warn", f"and {len(view.rises) - MAX_RISES} more rises of p95")
    yield from _alerts(view, is_trusted=is_trusted)
    if view.incomparable:
        again = "run it again with power mode and clocks left alone"
        yield Finding("warn", incomparable_words(view), again)
    for changed in change_words(view)[:MAX_CHANGES]:
        yield Finding("info", changed)
    for leak in leaks_told(view):
        is_leak = leak.verdict == "leak"
        advice = "restart the service before it matters, and look for what it keeps" * is_leak
        yield Finding("warn" if is_leak else "info", leak_words(leak), advice)
    for lost in lost_words(view):
        yield Finding("info", lost, "`jetproof doctor` says what mends a source that was lost")
    if is_replayed(view):
        yield Finding("warn", REPLAYED)


def _alerts(view: RunView, *, is_trusted: bool) -> Iterator[Finding]:
    is_held = any(bout.last.key == "thermal" for bout in bouts_of(view, "throttle"))
    alerts = bouts_of(view, "alert")
    stress = view.facts.scenario.stress
    burnt = stress.names if stress is not None else ()
    was_gone = any(bout.last.key == "service.down" for bout in alerts)
    for bout in alerts[:MAX_ALERTS]:
        what = f"alert: {bout_words(view, bout)}"
        is_ours = OURS.get(bout.last.key, "-") in burnt
        # A search goes on until something is too much.
        is_ours = is_ours or (view.search is not None and bout.last.key in (*OURS, *LATENCIES))
        is_past_it = bout.last.key == "heat" and is_held
        is_moot = is_ours or is_past_it or (bout.last.key in LATENCIES and not is_trusted)
        # Who was gone and came back: why it went is the one question.
        is_moot = is_moot or (bout.last.key == "service.restart" and was_gone)
        own, on_own = _own_doing(bout, view)
        yield Finding("warn", f"{what}{own}", "" if is_moot else on_own or advice_on(bout.last))
    if len(alerts) > MAX_ALERTS:
        yield Finding("warn", f"and {len(alerts) - MAX_ALERTS} more kinds of alert")


def advice_on(incident: Incident) -> str:
    """What helps against it; empty where nobody knows."""
    kind, _, _ = incident.key.partition(".")
    # An alert of the user's own on a zone is about its heat.
    usual = ADVICE["heat"] if incident.gauge.endswith("_c") else ""
    return ADVICE.get(incident.key) or ADVICE.get(kind, usual)


def _own_doing(bout: Bout, view: RunView) -> tuple[str, str]:
    """Of an alert on latency: what of our own doing it came under, and what to do about that."""
    plan, stress = view.facts.scenario.stress, view.stress
    if bout.last.key not in LATENCIES or plan is None or stress is None:
        return "", ""
    fault = fault_at(view, bout.began_s)
    if fault is not None:
        return f", {named(fault)} was on when it began", on_fault(view)
    is_burnt = any(
        part.part == "stress" and part.from_s <= bout.began_s <= (part.until_s or bout.began_s)
        for part in stress.parts
    )
    return "", on_stress(plan) if is_burnt and stress.burners else ""


def _on_rise(rise: Rise, view: RunView) -> str:
    plan = view.facts.scenario.stress
    if plan is not None:
        # Under a stress nobody has to look for what took the board.
        return {"fault": on_fault(view), "stress": on_stress(plan)}.get(rise.by, "")
    # One that an incident explains is mended with it, and more load is what was asked for.
    if rise.by in ("", "gauge"):
        return f"{BY_GAUGE if rise.by else NO_CAUSE} {text.clock(rise.began_s)}"
    return ""


def _level(bout: Bout) -> Level:
    # What the board does to itself fails no run: its thresholds do.
    return "info" if bout.last.level == "info" else "warn"
