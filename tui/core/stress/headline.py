"""What matters now of a stress itself, or what was done in the end, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.format import count, counted, duration, fixed
from tui.core.model import Headline
from tui.core.stress.levels import reached_text
from tui.core.stress.plan import Part, Stress
from tui.core.stress.reach import CLIMBERS
from tui.core.stress.view import BurnerView, FoundLimit, Price, StressView


def headline_of(
    stress: Stress, part: Part | None, burners: Sequence[BurnerView], price: Price
) -> Headline | None:
    """None outside the parts."""
    if part == "before":
        return Headline("info", "as it was", ", what the stress is compared with")
    if part == "after":
        return Headline("info", "stress over", ", watching the way back")
    if part is None:
        return None
    wrong = next((each for each in burners if each.asked is not None and each.bad), None)
    if wrong is not None:
        return Headline("fail", f"{wrong.name} computed {counted(wrong.bad, 'error')}")
    heat = f", {fixed(price.tj_max_c, 1)} °C" if price.tj_max_c is not None else ""
    return Headline("ok", f"{', '.join(stress.names) or 'load'} under stress", heat)


def done_text(
    stress: Stress, view: StressView, found: Sequence[FoundLimit], *, is_loaded: bool
) -> str:
    """For the reason of a run that passed; empty where the load is all that was done.

    `found` is how far burners went.
    """
    reached = [
        f"{each.name} {reached_text(each)} %"
        for each in view.burners
        if each.mean_reached is not None and each.name not in CLIMBERS
    ]
    reached += [f"{one.name} {count(one.reached)}" for one in found]
    faults = ["network faults"] if stress.suffers else []
    if not (reached or faults) and is_loaded:
        return ""
    part = next((each for each in view.parts if each.part == "stress"), None)
    length_s = 0.0 if part is None or part.until_s is None else part.until_s - part.from_s
    what = ", ".join((*reached, *faults)) or "watched"
    return f"{what} for {duration(round(length_s))}"
