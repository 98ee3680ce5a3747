"""What a stress showed, check by check, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tui.core import format as text
from tui.core.gauges import label_of
from tui.core.incidents import Incident
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.stress.findings import findings
from tui.core.stress.left import left_text
from tui.core.stress.unheard import unheard_text
from tui.core.stress.unjudged import unjudged
from tui.core.stress.view import Change, StressView
from tui.core.stress.way import told_name
from tui.reports import stress_words as words
from tui.reports.board_findings import Finding
from tui.reports.own_doing import on_stress

NOTHING = StressView(part=None, step=0, left_s=0.0)


class Check(NamedTuple):
    """One thing that a stress must not do to board or service."""

    name: str
    broken: tuple[str, ...]
    """What fails the run, in words; empty: it was in order."""
    output: str
    """What was seen."""
    advice: str = ""
    skipped: str = ""
    """Why nothing can be said of it; empty: something can."""


def checks_of(view: RunView) -> tuple[Check, ...]:
    """All that there was to check; empty for a run without a stress.

    What is broken is what the verdict says of that part alone: no report ever says otherwise.
    """
    if view.stress is None:
        return ()
    return tuple(_checks(view.stress, view.incidents))


def stress_findings(view: RunView) -> Iterator[Finding]:
    """What broke, then what must be known of the service under it."""
    stress = view.stress
    if stress is None:
        return
    for check in checks_of(view):
        for number, broken in enumerate(check.broken):
            yield Finding("fail", broken, check.advice if number == 0 else "")
    judged = {state.limit.metric for state in view.thresholds}
    if stress.health.outage_s and stress.health.answered and "outage_s" not in judged:
        yield Finding("warn", f"outage: {words.outage_words(stress)}", _log(_gone_s(stress)))
    recovery = stress.recovery
    if recovery is not None and recovery.recovered_s is None and "recovery_s" not in judged:
        lacks = unjudged(recovery) if recovery.why else None
        advice = "" if lacks is None else lacks.advice
        yield Finding("warn", f"recovery: {words.recovery_words(stress)}", advice)
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
    return on_stress(plan)


def _checks(stress: StressView, incidents: Sequence[Incident]) -> Iterator[Check]:
    if stress.burners:
        is_wrong = any(burner.bad for burner in stress.burners)
        reached = "; ".join(map(words.reached_words, stress.burners))
        yield Check(
            "burners verified",
            findings(replace(NOTHING, burners=stress.burners), ()),
            reached,
            "a board that computes wrong is not fit for use: run it again at a lower level, then "
            "have memory, supply and clocks looked at"
            if is_wrong
            else "",
            skipped=reached if all(burner.why_not for burner in stress.burners) else "",
        )
    yield Check("service kept running", findings(NOTHING, incidents), "it was not seen to end")
    if stress.health.probes:
        yield Check(
            "health check",
            findings(replace(NOTHING, health=stress.health), ()),
            words.health_words(stress),
            "see whether the service runs, and whether its health check is where config.toml says",
        )
    if stress.faults:
        told = dict.fromkeys(told_name(fault.name) for fault in stress.faults)
        names = ", ".join(map(words.said, told))
        unheard = "; ".join(words.said(unheard_text(fault)) for fault in stress.unheard)
        yield Check(
            "faults undone",
            findings(replace(NOTHING, faults=stress.faults), ()),
            unheard or f"all undone: {names}",
            "undo it by hand before anything else is run",
            skipped=unheard,
        )
    if stress.left or stress.left_why:
        given_back = replace(
            NOTHING, left=stress.left, left_why=stress.left_why, service_fate=stress.service_fate
        )
        not_compared = f"not compared: {words.said(stress.left_why)}"
        yield Check(
            "given back",
            findings(given_back, ()),
            "; ".join(_left(stress)) or not_compared,
            "look for what the service keeps; a longer `after` shows whether it only takes time",
            skipped="" if stress.left else not_compared,
        )


def _left(stress: StressView) -> Iterator[str]:
    for left in stress.left:
        yield f"{words.said(label_of(left.gauge))} {left_text(left)}"


def _is_sure(change: Change) -> bool:
    if change.low is None or change.high is None:
        return False
    return change.low > 1 or change.high < 1


def _gone_s(stress: StressView) -> float:
    """When the first outage of the stress began; of none, the first of all."""
    began_s = next((part.from_s for part in stress.parts if part.part == "stress"), 0.0)
    outages = stress.health.outages
    return next((since_s for since_s, until_s in outages if until_s > began_s), outages[0][0])


def _log(at_s: float) -> str:
    return f"read the service's log at {text.clock(at_s)}"
