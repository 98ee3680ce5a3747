"""What a rule on detections comes to."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.e2e.deed import Decide
from tui.core.e2e.found import Sighting
from tui.core.e2e.matching import shown_so


def decided(rule: Decide, seen: Sequence[Sighting]) -> tuple[str, str]:
    """What it comes to, and why: `open` and `person 0.91 >= 0.5: open`. The words of the rule are
    filled in."""
    least = rule.least_confidence
    like = [each for each in seen if rule.category in ("", each.category)]
    if not like:
        return rule.otherwise, f"no {rule.category or 'object'}: {rule.otherwise}"
    best = max(like, key=lambda each: each.confidence)
    is_sure = best.confidence >= least
    outcome = rule.then if is_sure else rule.otherwise
    sign = ">=" if is_sure else "<"
    confidence = shown_so(best.confidence, lambda value: (value >= least) == is_sure)
    return outcome, f"{best.category} {confidence} {sign} {least:g}: {outcome}"
