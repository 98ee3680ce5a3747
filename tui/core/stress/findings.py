"""What a stress found beside the limits: what fails it, and what must be known of its figures."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.format import count, counted, duration, fixed, percent
from tui.core.incidents import Incident
from tui.core.stress.plan import LEAST_STEP_S, Intent, Stress
from tui.core.stress.view import BurnerView, StressView

SHORT_OF = 0.9
"""A burner that reached less than this of what it was asked for did not do its work."""
LEAST_OF: dict[Intent, float] = {"contend": 0.5, "soak": 0.1}
"""Below this share of what it was asked for, a stress proves nothing: something else had the board.
Burners that stand back get what the service leaves them."""
HELD_BACK = ("at the floor", "paced to the wear budget")
"""States of a burner that goes no further for a reason of ours."""
STOOD_STILL_S = 4.0
"""Burners take an owner that is silent for five seconds for dead."""
CUT_SHORT = "the stress was cut short"
GONE = "is gone"
CLIMBERS = ("exhaust",)
"""Burners that go as far as they get: what they reached is a finding, not a shortcoming."""
FATAL = ("service.restart", "service.oom", "oom", "kernel.errors")
"""Incidents that fail a stress, by their keys."""


def findings(
    view: StressView, incidents: Sequence[Incident], *, is_loaded: bool
) -> tuple[str, ...]:
    """What fails the run, the weightiest first."""
    found = [
        f"{each.name}: {counted(each.bad, 'result')} wrong of {count(each.bad + each.verified)}"
        for each in view.burners
        if each.bad
    ]
    found += [one.text for one in incidents if one.key in FATAL and one.began_s >= 0]
    found += [
        f"{fault.name} could not be undone: {fault.trouble}"
        for fault in view.faults
        if fault.trouble
    ]
    health = view.health
    if health.probes and not health.answered:
        found.append(f"the service never answered its health check: {health.detail}")
    if GONE in view.left_why:
        found.append(view.left_why)
    found += [
        f"{left.gauge.replace('_', ' ')} not given back: {left.before:g} before, "
        f"{left.after:g} after"
        for left in view.left
        if not left.is_back
    ]
    burnt = [each for each in view.burners if not each.why_not]
    if view.burners and not burnt and not is_loaded:
        found.append(f"nothing could be burnt: {view.burners[0].why_not}")
    return tuple(found)


def undone(stress: Stress, view: StressView) -> tuple[str, ...]:
    """Why the run shows less than it was meant to, the weightiest first: nothing failed, and
    nothing is proved."""
    found = []
    still_s = (view.jitter.worst_ms or 0.0) / 1000
    if still_s >= STOOD_STILL_S:
        found.append(f"jetproof itself stood still for {fixed(still_s, 1)} s")
    if view.cut == "lost":
        found.append(f"{CUT_SHORT}: {view.ended_by}")
    found += [
        f"the stress was not done: {each.name}, {each.ended_by}"
        for each in view.burners
        if each.is_early
    ]
    least = LEAST_OF[stress.intent]
    found += [_short_text(each) for each in _short(view, least)]
    if stress.until_steady and view.price.tj_max_c is None:
        found.append("no temperature can be read: nobody knows whether the board was steady")
    return tuple(found)


def _short(view: StressView, share: float) -> list[BurnerView]:
    """Burners that reached less than that share of what they were asked for."""
    return [
        each
        for each in view.burners
        if each.name not in CLIMBERS
        and each.mean_asked
        and each.mean_reached is not None
        and each.mean_reached < share * each.mean_asked
        and not _is_held_back(each)
    ]


def _is_held_back(burner: BurnerView) -> bool:
    """Whether a floor or a budget of ours kept it from going further, as it should."""
    told = (burner.figures.get("state"), burner.totals.get("state"))
    return any(state in HELD_BACK for state in told)


def _short_text(burner: BurnerView) -> str:
    return (
        f"{burner.name} reached {percent(burner.mean_reached)} % of the "
        f"{percent(burner.mean_asked)} % that was asked for ({burner.unit})"
    )


def remarks(stress: Stress, view: StressView) -> tuple[str, ...]:
    """What a reader of the figures must know."""
    found = [f"{each.name} was not burnt: {each.why_not}" for each in view.burners if each.why_not]
    found += [
        f"{each.name} ended before its time: {each.ended_by}"
        for each in view.burners
        if each.ended_by
    ]
    found += [_short_text(each) for each in _short(view, SHORT_OF)]
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
