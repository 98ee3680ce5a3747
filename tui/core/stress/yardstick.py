"""What the service did before the stress, and what it must do again to have recovered."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import msgspec

from tui.core.limits import Limit
from tui.core.stress.unjudged import LITTLE_BEFORE, NONE_BEFORE
from tui.core.stress.windows import (
    ERROR_METRICS,
    LATENCY_METRICS,
    WINDOW_S,
    is_within,
    window_limits,
)
from tui.core.tally import Tally

RPS_SHARE = 0.90
P95_FACTOR = 1.2
P95_FLOOR_MS = 5.0
"""So late is a timer on a machine that is well (5 ms at worst on an idle one, measured), however
fast the service is: two milliseconds more than one are no harm done."""
ERRORS_MORE = 0.01
"""What a window's error rate may be above the one before; of few requests even one breaks it."""
LEAST_REQUESTS = 20
WIDEST_S = 300
"""Where twenty requests take longer there is too little to judge by."""


def allowed_ms(before_ms: float) -> float:
    """A p95 that is still the one before."""
    return max(P95_FACTOR * before_ms, before_ms + P95_FLOOR_MS)


class Yardstick(msgspec.Struct, frozen=True):
    """What a window of load is held to."""

    limits: tuple[Limit, ...]
    counted: tuple[Limit, ...]
    """The columns of a tally's `over`."""
    rps: float
    """Of the part before."""
    allowed_ms: float | None
    """p95, where no threshold speaks of latency."""
    allowed_error_rate: float | None
    """Where no threshold speaks of errors."""
    widest_s: int
    """With fewer than twenty requests in so long it has less than its share of the earlier RPS."""
    why: str = ""
    """Why nothing can be held to it."""
    was_within: bool = True
    """Whether the part before was within the thresholds itself."""

    def is_met_by(self, total: Tally, seconds: int) -> bool:
        """Whether a window is what the service was before, and within the thresholds."""
        if total.requests < LEAST_REQUESTS:
            return False
        if total.requests < RPS_SHARE * self.rps * seconds - 1e-9:
            return False
        if self.allowed_error_rate is not None and total.error_rate > self.allowed_error_rate:
            return False
        if self.allowed_ms is not None:
            p95_ms = total.percentile_ms(0.95)
            if p95_ms is None or p95_ms > self.allowed_ms:
                return False
        return is_within(total, self.limits, self.counted)


def yardstick_of(
    thresholds: Sequence[Limit], counted: Sequence[Limit], before: Tally, seconds: int
) -> Yardstick:
    """From the part before, `seconds` of which count.

    What no threshold says the part before says: without one of latency p95 must be what it was,
    without one of errors the error rate.
    """
    limits = window_limits(thresholds)
    metrics = {limit.metric for limit in limits}
    p95_ms = before.percentile_ms(0.95)
    rps = before.requests / seconds if seconds else 0.0
    widest_s = ceil(LEAST_REQUESTS / (RPS_SHARE * rps) - 1e-9) if rps else 0
    return Yardstick(
        limits=limits,
        counted=tuple(counted),
        rps=rps,
        allowed_ms=None if p95_ms is None or metrics & {*LATENCY_METRICS} else allowed_ms(p95_ms),
        allowed_error_rate=None if metrics & {*ERROR_METRICS} else before.error_rate + ERRORS_MORE,
        widest_s=min(max(widest_s, WINDOW_S), WIDEST_S),
        why=_why(before, seconds, widest_s),
        was_within=is_within(before, limits, counted),
    )


def _why(before: Tally, seconds: int, widest_s: int) -> str:
    if seconds < WINDOW_S:
        return LITTLE_BEFORE
    if not before.requests or before.failures == before.requests:
        return NONE_BEFORE
    if widest_s > WIDEST_S:
        return f"too few requests: {LEAST_REQUESTS} take over {WIDEST_S} s"
    return ""
