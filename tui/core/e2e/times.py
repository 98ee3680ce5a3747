"""Lengths of time of one kind, however many: percentiles and the longest, in bounded memory."""

from __future__ import annotations

from tui.core.histogram import GROWTH, HIGHEST_MS, bucket_of, percentile_ms


class Times:
    """Fed with milliseconds; percentiles are right to one percent, the longest is exact."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._least_ms = float("inf")
        self._most_ms = 0.0

    def add(self, ms: float) -> None:
        """One more."""
        bucket = bucket_of(ms)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self._least_ms = min(self._least_ms, ms)
        self._most_ms = max(self._most_ms, ms)

    @property
    def most_ms(self) -> float | None:
        """The longest; None without any."""
        return self._most_ms if self._buckets else None

    def percentile_ms(self, share: float) -> float | None:
        """None without any, and where it is beyond what a histogram can tell apart."""
        if self._least_ms == self._most_ms:
            return self._most_ms
        found = percentile_ms(self._buckets, share, lowest=self._least_ms, highest=self._most_ms)
        # All that is longer than ten minutes lies in the last bucket.
        return None if found is None or found > HIGHEST_MS / GROWTH else found
