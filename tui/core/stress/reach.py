"""How far burners got with what they were asked for, and where that is too little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.core.proof import Shortfall
from tui.core.stress.levels import asked_text, is_stepped, reached_text
from tui.core.stress.plan import GpuPlan, Intent, Stress, name_of
from tui.core.stress.view import BurnerView, HeldBy, Level, StressView

SHORT_OF = 0.9
"""A burner that reached less than this of what it was asked for did not do its work."""
LEAST_OF: dict[Intent, float] = {"contend": 0.5, "soak": 0.1}
"""Below this share of what it was asked for, a stress proves nothing: something else had the board.
Burners that stand back get what the service leaves them."""
LEAST_HELD: dict[HeldBy, float] = {"floor": 0.1, "wear": 0.01}
"""Below this share nothing is proved either where it was held on purpose."""
CLIMBERS = ("exhaust",)
"""Burners that go as far as they get: what they reached is a finding, not a shortcoming."""
HELD: dict[HeldBy, str] = {
    "floor": "by the floor of free memory",
    "wear": "by its budget of writes",
}
HELD_ADVICE: dict[HeldBy, str] = {
    "floor": "free memory and run it again, or ask for less",
    "wear": "let it take less time: what may be written is spread over it",
}
ALONE = "leave the board alone and run it again"
MEND = "mend that and run it again: `jetproof doctor` tells what burners find here"


def unburnt(stress: Stress, view: StressView, *, is_loaded: bool) -> list[Shortfall]:
    """One for each burner that was named and did nothing; for all together where none did."""
    others = is_loaded or bool(view.faults) or any(map(_has_burnt, view.burners))
    spared = _spared(stress) if others else set()
    missing = [each for each in view.burners if not _has_burnt(each) and each.name not in spared]
    if not missing:
        return []
    first, *more = missing
    if any(map(_has_burnt, view.burners)):
        return [
            Shortfall(f"{each.name} could not be burnt: {_why(each)}", each.advice or MEND)
            for each in missing
        ]
    also = f", and {len(more)} more" if more else ""
    reason = f"nothing could be burnt: {first.name}, {_why(first)}{also}"
    return [Shortfall(reason, first.advice or MEND)]


def too_little(stress: Stress, view: StressView) -> Iterator[Shortfall]:
    """Burners that reached so little that nothing is proved, in any of their steps."""
    for each in view.burners:
        if is_short(each, LEAST_OF[stress.intent]):
            yield Shortfall(short_text(each), f"{ALONE}, or ask for less")
        elif each.held_s and _is_idle(each, LEAST_HELD.get(each.held_by, 0.0)):
            yield Shortfall(held_text(each), HELD_ADVICE.get(each.held_by, ALONE))


def reach_remarks(view: StressView) -> Iterator[str]:
    """What must be known of those that did their work and yet reached less."""
    for each in view.burners:
        if each.held_s:
            yield held_text(each)
        elif is_short(each, SHORT_OF):
            yield short_text(each)


def is_short(burner: BurnerView, share: float) -> bool:
    """Whether it reached less than that share of what was asked, in any of its steps.

    What something of ours kept it from counts as reached.
    """
    return any(level.reached + level.excused < share * level.asked for level in _levels(burner))


def short_text(burner: BurnerView) -> str:
    """`cpu reached 25 · 35 % of the 25 · 100 % that was asked for (share of 4 cores)`."""
    of_what = f" ({burner.unit})" if burner.unit else ""
    reached = f"{reached_text(burner)} % of the {asked_text(burner)} % that was asked for"
    return f"{burner.name} reached {reached}{of_what}"


def held_text(burner: BurnerView) -> str:
    """`memory was held by the floor of free memory for 40 of 60 s: 20 % of the 80 % asked for`."""
    by = HELD.get(burner.held_by, "back")
    held = f"for {burner.held_s} of {burner.told_s} s"
    reached = f"{reached_text(burner)} % of the {asked_text(burner)} % asked for"
    return f"{burner.name} was held {by} {held}: {reached}"


def _is_idle(burner: BurnerView, share: float) -> bool:
    return any(level.reached < share * level.asked for level in _levels(burner))


def _levels(burner: BurnerView) -> Sequence[Level]:
    """What it is judged by: its steps, or all of it where they ask for the same."""
    if burner.name in CLIMBERS or not burner.mean_asked or burner.mean_reached is None:
        return ()
    if is_stepped(burner):
        return [level for level in burner.levels if level.asked]
    return (Level(0, burner.mean_asked, burner.mean_reached, burner.mean_excused),)


def _has_burnt(burner: BurnerView) -> bool:
    return not burner.why_not and (burner.mean_reached is not None or bool(burner.totals))


def _spared(stress: Stress) -> set[str]:
    """What is done only where it can be, beside something else.

    A service at full rate burns its GPU by itself; a program burns beside it where there is one.
    A disk without room above its floor is as full as it could be made.
    """
    plans = [plan for plan in stress.burners if isinstance(plan, GpuPlan) and plan.by == "auto"]
    return {*map(name_of, plans), *([name_of(stress.disk)] if stress.disk is not None else [])}


def _why(burner: BurnerView) -> str:
    return burner.why_not or "it told of nothing"
