"""A run's whole course in a bounded number of points: it folds by two when it is full."""

from __future__ import annotations

import msgspec

from tui.core.histogram import add_into, percentiles_ms

CAPACITY = 240


class Point(msgspec.Struct, frozen=True):
    """One step of the charts' time axis. Latencies are None when nothing was answered in it."""

    start_s: float
    width_s: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    rps: float
    failures: int
    users: int
    in_flight: int


class _Slot:
    __slots__ = ("buckets", "failures", "in_flight", "requests", "seconds", "users")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.requests = 0
        self.failures = 0
        self.users = 0
        self.in_flight = 0
        self.seconds = 0

    def absorb(self, other: _Slot) -> None:
        add_into(self.buckets, other.buckets)
        self.requests += other.requests
        self.failures += other.failures
        self.users = max(self.users, other.users)
        self.in_flight = max(self.in_flight, other.in_flight)
        self.seconds += other.seconds


class Timeline:
    """Windows of one second in, at most `CAPACITY` points out, percentiles merged exactly."""

    def __init__(self) -> None:
        self._width_s = 1
        self._slots: dict[int, _Slot] = {}
        self._points: dict[int, Point] = {}

    def add(
        self,
        second: int,
        buckets: dict[int, int],
        *,
        requests: int,
        failures: int,
        users: int,
        in_flight: int,
    ) -> None:
        """Add one window."""
        while second // self._width_s >= CAPACITY:
            self._fold()
        index = second // self._width_s
        one = _Slot()
        one.buckets, one.requests, one.failures = buckets, requests, failures
        one.users, one.in_flight, one.seconds = users, in_flight, 1
        self._slots.setdefault(index, _Slot()).absorb(one)
        self._points[index] = self._point(index)

    def points(self) -> tuple[Point, ...]:
        """The course so far, in order of time."""
        return tuple(self._points[index] for index in sorted(self._points))

    def _fold(self) -> None:
        self._width_s *= 2
        folded: dict[int, _Slot] = {}
        for index, slot in self._slots.items():
            folded.setdefault(index // 2, _Slot()).absorb(slot)
        self._slots = folded
        self._points = {index: self._point(index) for index in folded}

    def _point(self, index: int) -> Point:
        slot = self._slots[index]
        p50_ms, p95_ms, p99_ms = percentiles_ms(slot.buckets, (0.50, 0.95, 0.99))
        return Point(
            start_s=index * self._width_s,
            width_s=self._width_s,
            p50_ms=p50_ms,
            p95_ms=p95_ms,
            p99_ms=p99_ms,
            rps=slot.requests / slot.seconds,
            failures=slot.failures,
            users=slot.users,
            in_flight=slot.in_flight,
        )
