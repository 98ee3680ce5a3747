"""Why limits of requests have no figure under stress, and what would help."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.proof import Shortfall
from tui.core.stress.part_fold import PartFold
from tui.core.stress.unjudged import (
    DISTURBED,
    FEW_CHECKS_BEFORE,
    LITTLE_BEFORE,
    NONE_BEFORE,
    NOT_ASKED,
    lacking,
)
from tui.core.stress.windows import LATENCY_METRICS


def lacks_of(before: PartFold | None, part: PartFold, *, is_loaded: bool) -> dict[str, Shortfall]:
    """By metric, as far as it is known; `before` and `part` are what a ratio is of."""
    ratio = _load_why(before, part) if is_loaded else health_why(before, part)
    whys = dict.fromkeys(("p95_ratio", "rps_ratio"), ratio)
    if not part.tally.requests and part.disturbed_s:
        whys |= dict.fromkeys(LATENCY_METRICS, DISTURBED)
    return {metric: lacking(why) for metric, why in whys.items() if why}


def health_why(before: PartFold | None, part: PartFold) -> str:
    """Why the health check's times can't be compared; empty where they can."""
    return next(filter(None, _health_whys(before, part)), "")


def _health_whys(before: PartFold | None, part: PartFold) -> Iterator[str]:
    if before is None or before.health_p95_ms is None:
        yield FEW_CHECKS_BEFORE
    else:
        yield before.health_why
    yield part.health_why
    if part.health_p95_ms is None:
        yield NOT_ASKED


def _load_why(before: PartFold | None, part: PartFold) -> str:
    if before is None or not before.told_s:
        return LITTLE_BEFORE
    if not before.whole.requests:
        return NONE_BEFORE
    is_disturbed = not (before.tally.requests and part.tally.requests)
    return DISTURBED if is_disturbed and before.disturbed_s + part.disturbed_s else ""
