"""What matters now of a stress itself, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.format import counted, fixed
from tui.core.model import Headline
from tui.core.stress.plan import Part, Stress
from tui.core.stress.view import BurnerView, Price


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
