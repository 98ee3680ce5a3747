"""How a load stands now, and its course so far."""

from __future__ import annotations

import msgspec

from tui.core.events import LoadReported, WindowClosed
from tui.core.headline import stalled_s
from tui.core.histogram import merged, percentiles_ms
from tui.core.model import Now
from tui.core.tally import Tally
from tui.core.timeline import Point, Timeline


class Live:
    """Fed with windows and reports as they come."""

    def __init__(self) -> None:
        self._timeline = Timeline()
        self._usual_p99_ms: float | None = None
        self.now = Now()

    def add(self, window: WindowClosed, total: Tally, *, is_over: bool) -> None:
        """One window; `total` has it counted already. One after the load's end has no rates."""
        buckets = merged(row.buckets for row in window.rows)
        # A window without an answer says nothing of how long answers usually take.
        p50_ms, p95_ms, p99_ms = percentiles_ms(buckets, (0.50, 0.95, 0.99))
        usual_ms = total.percentile_ms(0.99) or p99_ms
        self._usual_p99_ms = usual_ms or self._usual_p99_ms
        if is_over:
            # A part of a second, or the drain: its rates would mislead.
            return
        requests = sum(row.requests for row in window.rows)
        self._timeline.add(
            window.second,
            buckets,
            requests=requests,
            failures=sum(row.failures for row in window.rows),
            users=window.users,
            in_flight=window.in_flight,
        )
        self.now = msgspec.structs.replace(
            self.now, rps=float(requests), p50_ms=p50_ms, p95_ms=p95_ms, p99_ms=p99_ms
        )

    def report(self, event: LoadReported) -> None:
        """What lies between two windows."""
        self.now = msgspec.structs.replace(
            self.now,
            users=event.users,
            in_flight=event.in_flight,
            oldest_s=event.oldest_s,
            silent_s=event.silent_s,
            stalled_s=stalled_s(event.silent_s, event.oldest_s, self._usual_p99_ms),
        )

    def rest(self) -> None:
        """The load is over: nothing goes on any more."""
        self.now = Now()

    def points(self) -> tuple[Point, ...]:
        """The course so far, in order of time."""
        return self._timeline.points()
