"""Seconds of load, the windows made of them, and how those are judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from tui.core.events import WindowClosed
from tui.core.limits import PERCENTILES, Limit, judge
from tui.core.tally import MEASURED, Row, Tally
from tui.core.validity import LAG_FLOOR_MS, LAG_SHARE_OF_P95

ERROR_METRICS = ("error_rate", "ungraceful_rate")
LATENCY_METRICS = (*PERCENTILES, "mean_ms", "max_ms")
WINDOW_S = 5
"""A window slides by one second, and is at least that long."""
LONGEST_GAP_S = 5
"""No window reaches over a longer stretch of which nothing is known."""


class Second(msgspec.Struct, frozen=True):
    """One second of the measured phase, all endpoints together."""

    second: int
    """Since the work began."""
    row: Row
    is_disturbed: bool = False
    """Whether the measurement itself was late: its latencies say nothing of the service."""

    @property
    def requests(self) -> int:
        """That ended in it."""
        return self.row.requests

    @property
    def failures(self) -> int:
        """Of those."""
        return self.row.failures


class Window(msgspec.Struct, frozen=True):
    """A judged one, whatever told of it: load or health checks. Times since the work began."""

    start_s: int
    last_s: int
    """Its last second: the one that made it good or bad where the window before was otherwise."""
    is_good: bool
    p95_ms: float | None = None
    failed_before: int = 0
    """Requests that failed in all the seconds before it."""


def second_of(window: WindowClosed, counted: int, *, is_disturbed: bool = False) -> Second:
    """A window's measured rows as one; `counted` is the number of columns of their `over`.

    `is_disturbed`: the engine's own clock was late. That of the load's workers is looked at here.
    """
    rows = [row for row in window.rows if row.phase == MEASURED]
    total = Tally(counted)
    for row in rows:
        total.add(row)
    limit_ms = late_limit_ms(total.percentile_ms(0.95) or 0.0)
    merged = Row(
        method="",
        name="all",
        phase=MEASURED,
        requests=total.requests,
        failures=total.failures,
        sum_ms=total.sum_ms,
        min_ms=total.min_ms,
        max_ms=total.max_ms,
        buckets=total.buckets,
        failed_buckets=total.failed_buckets,
        over=total.over,
        overloaded=total.overloaded,
        service_buckets=total.service_buckets,
    )
    is_late = window.lag_p99_ms > limit_ms
    return Second(window.second, merged, is_disturbed or is_late)


def late_limit_ms(took_ms: float) -> float:
    """How late a clock may be before what took so long is no longer told right."""
    return max(LAG_FLOOR_MS, LAG_SHARE_OF_P95 * took_ms)


def tally_of(seconds: Iterable[Second], counted: int) -> Tally:
    """Several seconds as one sum."""
    total = Tally(counted)
    for second in seconds:
        total.add(second.row)
    return total


def window_limits(limits: Sequence[Limit]) -> tuple[Limit, ...]:
    """Those that a window of seconds is held to: of latencies and errors.

    No rate is among them: what a window must carry is what the service carried before.
    """
    return tuple(limit for limit in limits if limit.metric in (*LATENCY_METRICS, *ERROR_METRICS))


def is_within(total: Tally, limits: Sequence[Limit], counted: Sequence[Limit]) -> bool:
    """Whether every limit holds, judged as for a whole run; `counted` names the columns."""
    return not any(state.passed is False for state in judge(limits, counted, total, 0.0))
