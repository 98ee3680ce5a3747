"""Durations of operations in microseconds, from half of one to six seconds, one percent wide."""

from __future__ import annotations

from tui.core.histogram import HIGHEST_MS, add_into, bucket_of, percentiles_ms

# The histogram's own unit is a millisecond, and it begins at a twentieth of it: too long for a
# disk. Only the scale differs, so it is lent: one of its units is ten microseconds here.
_UNIT_US = 10.0


# Sorted into buckets together, some thousands at a time: one by one, each would take a few
# microseconds of cold caches from a device that answers in fifty.
_TOGETHER = 4096


class Latencies:
    """Counts of a window, or of all of a run; bounded however many operations there are."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._fresh: list[float] = []
        self._count = 0
        self._sum_us = 0.0
        self._longest_us = 0.0

    @property
    def count(self) -> int:
        """Operations."""
        return self._count + len(self._fresh)

    @property
    def sum_us(self) -> float:
        """Of all durations."""
        return self._sum_us + sum(self._fresh)

    @property
    def longest_us(self) -> float:
        """0 without operations."""
        return max(self._longest_us, *self._fresh) if self._fresh else self._longest_us

    def add(self, us: float) -> None:
        """One operation."""
        self._fresh.append(us)
        if len(self._fresh) >= _TOGETHER:
            self._sort()

    def merge(self, other: Latencies) -> None:
        """Add another's operations to these."""
        self._sort()
        other._sort()
        add_into(self._buckets, other._buckets)
        self._count += other._count
        self._sum_us += other._sum_us
        self._longest_us = max(self._longest_us, other._longest_us)

    def told(self, name: str = "") -> dict[str, float | None]:
        """`p50_us`, `p99_us`, `longest_us`, each with `name` in front; None without operations."""
        self._sort()
        highest = min(self._longest_us / _UNIT_US, HIGHEST_MS)
        p50, p99 = percentiles_ms(self._buckets, (0.50, 0.99), highest=highest)
        return {
            f"{name}p50_us": None if p50 is None else round(p50 * _UNIT_US, 2),
            f"{name}p99_us": None if p99 is None else round(p99 * _UNIT_US, 2),
            f"{name}longest_us": round(self._longest_us, 2) if self._count else None,
        }

    def _sort(self) -> None:
        self._count, self._sum_us, self._longest_us = self.count, self.sum_us, self.longest_us
        buckets = self._buckets
        for us in self._fresh:
            bucket = bucket_of(us / _UNIT_US)
            buckets[bucket] = buckets.get(bucket, 0) + 1
        self._fresh.clear()
