"""What a stress found beside the limits: what fails it, and what must be known of its figures."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.format import count, counted, duration, fixed, percent
from tui.core.gauges import label_of
from tui.core.incidents import Incident
from tui.core.proof import Shortfall
from tui.core.stress.left import left_text
from tui.core.stress.plan import LEAST_STEP_S, Stress
from tui.core.stress.reach import ALONE, reach_remarks, too_little, unburnt
from tui.core.stress.view import StressView
from tui.core.stress.way import told_name

STOOD_STILL_S = 4.0
"""Burners take an owner that is silent for five seconds for dead."""
CUT_SHORT = "the stress was cut short"
FATAL = ("service.restart", "service.oom", "oom", "kernel.errors")
"""Incidents that fail a stress, by their keys."""


def findings(view: StressView, incidents: Sequence[Incident]) -> tuple[str, ...]:
    """What fails the run, the weightiest first."""
    found = [
        f"{each.name}: {counted(each.bad, 'result')} wrong of {count(each.bad + each.verified)}"
        for each in view.burners
        if each.bad
    ]
    found += [one.text for one in incidents if one.key in FATAL and one.began_s >= 0]
    found += [
        f"{told_name(fault.name)} could not be undone: {fault.trouble}"
        for fault in view.faults
        if fault.trouble
    ]
    health = view.health
    if health.probes and not health.answered:
        found.append(f"the service never answered its health check: {health.detail}")
    if view.service_fate == "gone":
        found.append(view.left_why)
    found += [
        f"{label_of(left.gauge)} not given back: {left_text(left)}"
        for left in view.left
        if not left.is_back
    ]
    return tuple(found)


def undone(stress: Stress, view: StressView, *, is_loaded: bool) -> tuple[Shortfall, ...]:
    """Why the run shows less than it was meant to, the weightiest first: nothing failed, and
    nothing is proved. `is_loaded`: whether a load stood beside the burners."""
    found = []
    still_s = (view.jitter.worst_ms or 0.0) / 1000
    if still_s >= STOOD_STILL_S:
        found.append(Shortfall(f"jetproof itself stood still for {fixed(still_s, 1)} s", ALONE))
    if view.cut == "lost":
        found.append(Shortfall(f"{CUT_SHORT}: {view.ended_by}", "run it again"))
    found += unburnt(stress, view, is_loaded=is_loaded)
    found += [
        Shortfall(
            f"the stress was not done: {each.name}, {each.ended_by}",
            each.advice or "see why it ended before its time, then run it again",
        )
        for each in view.burners
        if each.is_early
    ]
    found += too_little(stress, view)
    if stress.until_steady and view.price.tj_max_c is None:
        found.append(
            Shortfall(
                "no temperature can be read: nobody knows whether the board was steady",
                "let it end by its time instead (stress.until_steady)",
            )
        )
    return tuple(found)


def remarks(stress: Stress, view: StressView) -> tuple[str, ...]:
    """What a reader of the figures must know."""
    found = [f"{each.name} was not burnt: {each.why_not}" for each in view.burners if each.why_not]
    found += [
        f"{each.name} ended before its time: {each.ended_by}"
        for each in view.burners
        if each.ended_by
    ]
    found += reach_remarks(view)
    if view.health.outage_before_s:
        gone = fixed(view.health.outage_before_s, 1)
        found.append(f"no answer for {gone} s before the stress, which is no outage of it")
    if stress.until_steady and view.steady_after_s is None and view.price.tj_max_c is not None:
        found.append(f"the board was not steady within {duration(stress.duration_s)}")
    if view.ended_by:
        found.append(f"the stress ended before its time: {view.ended_by}")
    shortest_s = min(step.duration_s for step in stress.steps)
    if len(stress.steps) > 1 and shortest_s < LEAST_STEP_S:
        need = duration(LEAST_STEP_S)
        found.append(
            f"steps of {duration(round(shortest_s, 1))}: heat and latency need {need} to show"
        )
    if view.jitter.disturbed_s:
        share = percent(view.jitter.disturbed_s / max(view.jitter.seconds, 1))
        found.append(f"the measurement itself was disturbed in {share} % of the seconds: left out")
    return tuple(found)
