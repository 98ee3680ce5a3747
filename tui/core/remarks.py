"""What a report says beside its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.config import Target
from tui.core.format import counted
from tui.core.limits import LimitState
from tui.core.load import Load
from tui.core.verdict import levels_text

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
