"""Reports of several workers merged into windows of one second that close in order."""

from __future__ import annotations

from math import ceil

from tui.core.events import FailureCount, SlowRequest
from tui.core.histogram import add_into
from tui.core.tally import Row
from tui.load.wire import Report, Window

MAX_SPAN = 600
CLOSE_AFTER_S = 2.0
"""A window waits this long for a worker that is behind; what comes later is late."""


class ClosedWindow:
    """One second, all workers together."""

    def __init__(self, second: int) -> None:
        self.second = second
        self.rows: dict[tuple[str, str, int], Row] = {}
        self.failures: list[FailureCount] = []
        self.slow: list[SlowRequest] = []
        self.lags_ms: list[float] = []
        self.cpu_percent: float | None = None
        self.heard: set[str] = set()
        """Workers whose timers ticked in it."""
        self.missing = 0
        self.users = 0
        self.in_flight = 0
        self.oldest_s = 0.0
        self.other_requests = 0
        self.think_s = 0.0
        self.thinks = 0
        self.missed_sends = 0
        self.due = 0
        self.operations = 0

    def absorb(self, worker: str, window: Window) -> None:
        """Add one worker's share."""
        if window.lags_ms:
            self.heard.add(worker)
        for row in window.rows:
            key = (row.method, row.name, row.phase)
            known = self.rows.get(key)
            self.rows[key] = row if known is None else _sum(known, row)
        self.failures += window.failures
        self.slow += window.slow
        self.lags_ms += window.lags_ms
        self.pace(window)

    def pace(self, window: Window) -> None:
        """Add what one worker's users did beside requests."""
        self.think_s += window.think_s
        self.thinks += window.thinks
        self.missed_sends += window.missed_sends
        self.due += window.due
        self.operations += window.operations

    @property
    def lag_p99_ms(self) -> float:
        """Nearest rank over the ticks of all workers; a worker without any was late all along."""
        if self.missing or not self.lags_ms:
            return 1000.0
        ordered = sorted(self.lags_ms)
        return ordered[ceil(0.99 * len(ordered)) - 1]


class WindowMerger:
    """Reports in, closed windows out, each once and in order."""

    def __init__(self, workers: list[str]) -> None:
        self._open: dict[int, ClosedWindow] = {}
        self._next = 0
        self._covers_s = dict.fromkeys(workers, 0.0)
        self._latest: dict[str, Report] = {}
        self._expected = dict.fromkeys(workers, 0)
        self._done = dict.fromkeys(workers, 0)
        self._asked_users = dict.fromkeys(workers, 0)
        self.received = 0
        self.lost = 0

    def add(self, report: Report) -> list[Window]:
        """Merge a report; returns what of it came too late for its window."""
        self.received += 1
        expected = self._expected.get(report.worker, 0)
        self.lost += max(report.number - expected, 0)
        self._expected[report.worker] = report.number + 1
        self._latest[report.worker] = report
        self._done[report.worker] = report.done
        self._asked_users[report.worker] = report.asked_users
        since_s = self._covers_s.get(report.worker, report.covers_s)
        self._covers_s[report.worker] = report.covers_s
        late = []
        for window in report.windows:
            if window.second < self._next:
                # Only rows have a place of their own when they come late.
                if window.rows or window.failures or window.slow:
                    late.append(window)
                self._window(self._next).pace(window)
            else:
                self._window(window.second).absorb(report.worker, window)
        last = int(report.covers_s)
        for second in range(max(int(since_s), last - MAX_SPAN, self._next), last + 1):
            covered = self._window(second)
            covered.cpu_percent = max(covered.cpu_percent or 0.0, report.cpu_percent)
            covered.users, covered.in_flight = self.users, self.in_flight
            covered.oldest_s = self.oldest_s
        self._window(max(last, self._next)).other_requests += report.other_requests
        return late

    def forget(self, worker: str) -> None:
        """A lost worker holds no window open."""
        self._covers_s.pop(worker, None)
        self._latest.pop(worker, None)

    def close(self, now_s: float, *, everything: bool = False) -> list[ClosedWindow]:
        """Windows that are complete, or that have waited long enough, by second."""
        covered_s = min(self._covers_s.values(), default=now_s)
        until_s = max(covered_s, now_s - CLOSE_AFTER_S)
        closed = []
        while self._next + 1 <= until_s or (everything and self._open):
            window = self._open.pop(self._next, None) or ClosedWindow(self._next)
            if window.cpu_percent is None:  # no report tells of it
                window.users, window.in_flight = self.users, self.in_flight
                window.oldest_s = self.oldest_s
            window.missing = len(self._covers_s.keys() - window.heard)
            closed.append(window)
            self._next += 1
        return closed

    @property
    def users(self) -> int:
        """Running now, by the latest reports."""
        return sum(report.users for report in self._latest.values())

    @property
    def in_flight(self) -> int:
        """Requests without an answer now."""
        return sum(report.in_flight for report in self._latest.values())

    @property
    def oldest_s(self) -> float:
        """Age of the oldest of them."""
        return max((report.oldest_s for report in self._latest.values()), default=0.0)

    @property
    def silent_s(self) -> float:
        """Since any worker got an answer."""
        return min((report.silent_s for report in self._latest.values()), default=0.0)

    @property
    def done(self) -> int:
        """Users asked for that finished all their operations, on lost workers too."""
        return sum(self._done.values())

    @property
    def asked_users(self) -> int:
        """How many users the workers know to be asked for, lost workers too."""
        return sum(self._asked_users.values())

    def users_of(self, worker: str) -> int:
        """Users that a worker ran when it last reported."""
        report = self._latest.get(worker)
        return report.users if report else 0

    def _window(self, second: int) -> ClosedWindow:
        window = self._open.get(second)
        if window is None:
            window = self._open[second] = ClosedWindow(second)
        return window


def _sum(one: Row, other: Row) -> Row:
    buckets, failed = dict(one.buckets), dict(one.failed_buckets)
    service = dict(one.service_buckets)
    add_into(buckets, other.buckets)
    add_into(failed, other.failed_buckets)
    add_into(service, other.service_buckets)
    return Row(
        method=one.method,
        name=one.name,
        phase=one.phase,
        requests=one.requests + other.requests,
        failures=one.failures + other.failures,
        sum_ms=one.sum_ms + other.sum_ms,
        min_ms=min(one.min_ms, other.min_ms),
        max_ms=max(one.max_ms, other.max_ms),
        buckets=buckets,
        failed_buckets=failed,
        over=[a + b for a, b in zip(one.over, other.over, strict=True)],
        overloaded=one.overloaded + other.overloaded,
        service_buckets=service,
    )
