"""What the board showed in a run, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core.events import Level
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
}
"""By the key of an incident: what helps."""


class Finding(NamedTuple):
    """One thing that the run showed."""

    level: Level
    what: str
    advice: str = ""


def board_findings(view: RunView) -> tuple[Finding, ...]:
    """In the order in which they explain each other."""
    return tuple(_findings(view))


def _findings(view: RunView) -> Iterator[Finding]:
    throttles = bouts_of(view, "throttle")
    for bout in throttles[:MAX_KEYS]:
        what = f"the board held itself back: {bout_words(view, bout)}"
        yield Finding(_level(bout), what, ADVICE.get(bout.last.key, ""))
    for rise in view.rises[:MAX_RISES]:
        yield Finding("info" if rise.by == "load" else "warn", rise_words(view, rise))
    if len(view.rises) > MAX_RISES:
        yield Finding("warn", f"and {len(view.rises) - MAX_RISES} more rises of p95")
    alerts = bouts_of(view, "alert")
    for bout in alerts[:MAX_ALERTS]:
        what = f"alert: {bout_words(view, bout)}"
        is_past_it = bout.last.key == "heat" and any(t.last.key == "thermal" for t in throttles)
        yield Finding("warn", what, "" if is_past_it else ADVICE.get(bout.last.key, ""))
    if len(alerts) > MAX_ALERTS:
        yield Finding("warn", f"and {len(alerts) - MAX_ALERTS} more kinds of alert")
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


def _level(bout: Bout) -> Level:
    # What the board does to itself fails no run: its thresholds do.
    return "info" if bout.last.level == "info" else "warn"
