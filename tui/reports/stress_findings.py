"""What a stress showed, check by check, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tui.core import format as text
from tui.core.incidents import Incident
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.stress.findings import findings
from tui.core.stress.view import Change, StressView
from tui.reports import stress_words as words
from tui.reports.board_findings import Finding

NOTHING = StressView(part=None, step=0, left_s=0.0)


class Check(NamedTuple):
    """One thing that a stress must not do to board or service."""

    name: str
    broken: tuple[str, ...]
    """What fails the run, in words; empty: it was in order."""
    output: str
    """What was seen."""
    advice: str = ""


def checks_of(view: RunView) -> tuple[Check, ...]:
    """All that there was to check; empty for a run without a stress."""
    if view.stress is None:
        return ()
    is_loaded = view.facts.scenario.load is not None
    return tuple(_checks(view.stress, view.incidents, is_loaded=is_loaded))


def stress_findings(view: RunView) -> Iterator[Finding]:
    """What broke, then what must be known of the service under it."""
    stress = view.stress
    if stress is None:
        return
    for check in checks_of(view):
        for number, broken in enumerate(check.broken):
            yield Finding("fail", broken, check.advice if number == 0 else "")
    judged = {state.limit.metric for state in view.thresholds}
    if stress.health.outages and stress.health.answered and "outage_s" not in judged:
        yield Finding("warn", f"outage: {words.outage_words(stress)}", _log(_gone_s(stress)))
    recovery = stress.recovery
    if recovery is not None and recovery.recovered_s is None and "recovery_s" not in judged:
        yield Finding("warn", f"recovery: {words.recovery_words(stress)}")
    for change in stress.changes:
        if _is_sure(change):
            yield Finding("info", words.change_words(change))


def told_by_checks(view: RunView, reason: str) -> bool:
    """Whether a verdict's reason is one that the checks tell one by one."""
    return any(reason.startswith(broken) for check in checks_of(view) for broken in check.broken)


def stress_advice(state: LimitState, view: RunView) -> str:
    """One line on a threshold of a stress that broke."""
    stress, plan = view.stress, view.facts.scenario.stress
    if stress is None or plan is None:
        return ""
    match state.limit.metric:
        case "outage_s":
            return _log(_gone_s(stress)) if stress.health.outages else ""
        case "recovery_s":
            recovery = stress.recovery
            since = f" from {text.clock(recovery.released_s)} on" if recovery else ""
            return f"read the service's log{since}: something held it up when the stress was over"
    if plan.intent == "soak":
        return "a soak stands back for the service: look for heat and lowered clocks in the charts"
    return (
        "give the service more weight than what runs beside it (systemd's CPUWeight=, IOWeight=) "
        "or a core of its own; the charts show from which level on it suffers"
    )


def _checks(
    stress: StressView, incidents: Sequence[Incident], *, is_loaded: bool
) -> Iterator[Check]:
    if stress.burners:
        is_wrong = any(burner.bad for burner in stress.burners)
        yield Check(
            "burners verified",
            _broken(replace(NOTHING, burners=stress.burners), is_loaded=is_loaded),
            "; ".join(map(words.reached_words, stress.burners)),
            "a board that computes wrong is not fit for use: run it again at a lower level, then "
            "have memory, supply and clocks looked at"
            if is_wrong
            else "",
        )
    yield Check("service kept running", _broken(NOTHING, incidents), "it was not seen to end")
    if stress.health.probes:
        yield Check(
            "health check",
            _broken(replace(NOTHING, health=stress.health)),
            words.health_words(stress),
            "see whether the service runs, and whether its health check is where config.toml says",
        )
    if stress.faults:
        names = ", ".join(words.said(fault.name) for fault in stress.faults)
        yield Check(
            "faults undone",
            _broken(replace(NOTHING, faults=stress.faults)),
            f"all undone: {names}",
            "undo it by hand before anything else is run",
        )
    if stress.left or stress.left_why:
        yield Check(
            "given back",
            _broken(replace(NOTHING, left=stress.left, left_why=stress.left_why)),
            "; ".join(_left(stress)) or f"not compared: {words.said(stress.left_why)}",
            "look for what the service keeps; a longer `after` shows whether it only takes time",
        )


def _broken(
    part: StressView, incidents: Sequence[Incident] = (), *, is_loaded: bool = True
) -> tuple[str, ...]:
    """What the verdict says of this part alone, so that no report ever says otherwise."""
    return findings(part, incidents, is_loaded=is_loaded)


def _left(stress: StressView) -> Iterator[str]:
    for left in stress.left:
        name = words.said(left.gauge.replace("_", " "))
        yield f"{name} {words.figure(left.before)} before, {words.figure(left.after)} after"


def _is_sure(change: Change) -> bool:
    if change.low is None or change.high is None:
        return False
    return change.low > 1 or change.high < 1


def _gone_s(stress: StressView) -> float:
    return stress.health.outages[0][0]


def _log(at_s: float) -> str:
    return f"read the service's log at {text.clock(at_s)}"
