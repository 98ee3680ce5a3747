"""Durations of operations in microseconds, from half of one to six seconds, one percent wide."""

from __future__ import annotations

from tui.core.histogram import HIGHEST_MS, add_into, bucket_of, percentiles_ms

# The histogram's own unit is a millisecond, and it begins at a twentieth of it: too long for a
# disk. Only the scale differs, so it is lent: one of its units is ten microseconds here.
_UNIT_US = 10.0


class Latencies:
    """Counts of a window, or of all of a run; bounded however many operations there are."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self.count = 0
        self.sum_us = 0.0
        self.longest_us = 0.0

    def add(self, us: float) -> None:
        """One operation."""
        bucket = bucket_of(us / _UNIT_US)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self.count += 1
        self.sum_us += us
        if us > self.longest_us:
            self.longest_us = us

    def merge(self, other: Latencies) -> None:
        """Add another's operations to these."""
        add_into(self._buckets, other._buckets)
        self.count += other.count
        self.sum_us += other.sum_us
        self.longest_us = max(self.longest_us, other.longest_us)

    def told(self, name: str = "") -> dict[str, float | None]:
        """`p50_us`, `p99_us`, `longest_us`, each with `name` in front; None without operations."""
        highest = min(self.longest_us / _UNIT_US, HIGHEST_MS)
        p50, p99 = percentiles_ms(self._buckets, (0.50, 0.99), highest=highest)
        return {
            f"{name}p50_us": None if p50 is None else round(p50 * _UNIT_US, 2),
            f"{name}p99_us": None if p99 is None else round(p99 * _UNIT_US, 2),
            f"{name}longest_us": round(self.longest_us, 2) if self.count else None,
        }
