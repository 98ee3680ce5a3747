"""What a report says beside its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.config import Target
from tui.core.format import clock, counted, duration, metric_label
from tui.core.headline import cause_text, rise_text, worst_text
from tui.core.incidents import Incident, Rise, worst_of
from tui.core.limits import PERCENTILES, LimitState
from tui.core.load import Load
from tui.core.verdict import levels_text

MAX_RISES_TOLD = 5
DEMO_WARNING = "the target is the embedded demo: its figures say nothing about a real service"


def final_warnings(
    goals: Sequence[LimitState],
    levels: Sequence[int],
    unmeasured_failures: int,
    unfinished: int,
) -> list[str]:
    """The warnings that stand only when a run has ended."""
    found = []
    if len(set(levels)) > 1:
        found.append(levels_text(levels))
    found += [
        f"goal missed: {state.limit.metric} {state.limit.text}"
        for state in goals
        if state.passed is False
    ]
    if unmeasured_failures:
        failed = counted(unmeasured_failures, "request")
        found.append(f"{failed} failed outside the measured phase")
    if unfinished:
        found.append(f"{counted(unfinished, 'request')} unfinished at the stop")
    return found


def cap_warning(load: Load, target: Target) -> str:
    """That the target may not get as many operations at once as an arrival rate may need."""
    most = target.max_users
    if load.arrival is None or most is None or load.users <= most:
        return ""
    return (
        f"at most {most} operations at once (max_users of {target.name}) where this rate may need "
        f"{load.users}: waiting for a free user is in the latencies"
    )


def few_warning(limits: Sequence[LimitState], requests: int) -> str:
    """That a percentile was judged on so few requests that it is the slowest of them."""
    shares = [PERCENTILES.get(state.limit.metric, 0.0) for state in limits]
    highest = max(shares, default=0.0)
    if not requests or requests * (1 - highest) >= 1 or not highest:
        return ""
    name = metric_label(limits[shares.index(highest)].limit.metric)
    return f"{name} was judged on {counted(requests, 'request')}: it is the slowest of them"


def reserve_warning(load: Load, target: Target) -> str:
    """Why a run does not show the reserve that it claims; empty when it does or claims none."""
    if not load.reserve:
        return ""
    if target.normal_users is None:
        return (
            f"whether {load.users} users are {load.reserve:g} times the normal load is unknown: "
            f"normal_users is not set for {target.name}"
        )
    if load.users >= load.reserve * target.normal_users:
        return ""
    factor = load.users / target.normal_users
    return (
        f"{load.users} users are {factor:.1f} times the {target.normal_users} of a normal day: "
        f"a reserve of {load.reserve:g} times is not shown"
    )


def board_warnings(
    incidents: Sequence[Incident], rises: Sequence[Rise], incomparable: Sequence[str]
) -> list[str]:
    """What the board did in a run that has ended, a line for each kind of thing."""
    found = [f"not comparable: {why}" for why in incomparable]
    kinds: dict[str, list[Incident]] = {}
    for one in incidents:
        if one.level in ("warn", "fail") and one.kind in ("throttle", "alert", "source"):
            kinds.setdefault(one.key, []).append(one)
    found += [incident_text(group) for group in kinds.values()]
    unexplained = [rise for rise in rises if not rise.is_asked_for]
    found += [f"{rise_text(rise)}, {cause_text(rise)}" for rise in unexplained[:MAX_RISES_TOLD]]
    return found


def incident_text(group: Sequence[Incident]) -> str:
    """All of one key in a line: `oc3 over-current from 01:38 for 23 s, at worst 12/s at 01:40`."""
    first = group[0]
    times = f", {counted(len(group), 'time')}" if len(group) > 1 else ""
    ended = [one.ended_s - one.began_s for one in group if one.ended_s is not None]
    length_s = round(sum(ended))
    length = f" for {duration(length_s)}" if length_s and len(ended) == len(group) else ""
    since = f" from {clock(first.began_s)}" if first.began_s >= 0 else " from before the work began"
    figure = worst_text(worst_of(group))
    return f"{first.text}{since}{length}{times}{figure and ', '}{figure}"
