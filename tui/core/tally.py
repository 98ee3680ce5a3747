"""Counts and latencies of one endpoint, or of all, summed over windows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.core.histogram import add_into, percentile_ms, percentiles_ms

# A row's phase, by when the request was started.
WARM_UP, MEASURED, UNMEASURED = 0, 1, 2


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What one endpoint did in one window and one phase. The worker's unit of report."""

    method: str
    name: str
    phase: int
    requests: int
    failures: int
    sum_ms: float
    min_ms: float
    max_ms: float
    buckets: dict[int, int]
    """Every timed request, failed ones too. Fewer than `requests` when some were never sent."""
    failed_buckets: dict[int, int]
    over: list[int]
    """For each counted limit, how many requests break it. Exact, unlike the buckets."""
    overloaded: int = 0
    """Failures that were a 429 or 503 answer: the target said that it had too much."""
    service_buckets: dict[int, int] = {}
    """Open model: latencies from the actual send. The others count from the intended one."""


class Tally:
    """A running sum of rows."""

    def __init__(self, counted: int) -> None:
        self.requests = 0
        self.failures = 0
        self.sum_ms = 0.0
        self.min_ms = float("inf")
        self.max_ms = 0.0
        self.buckets: dict[int, int] = {}
        self.failed_buckets: dict[int, int] = {}
        self.over = [0] * counted
        self.overloaded = 0
        self.service_buckets: dict[int, int] = {}
        self.timed = 0
        """Requests with a latency; the others never got one."""

    def add(self, row: Row) -> None:
        """Add one row."""
        self.requests += row.requests
        self.failures += row.failures
        self.sum_ms += row.sum_ms
        self.min_ms = min(self.min_ms, row.min_ms)
        self.max_ms = max(self.max_ms, row.max_ms)
        add_into(self.buckets, row.buckets)
        add_into(self.failed_buckets, row.failed_buckets)
        add_into(self.service_buckets, row.service_buckets)
        self.overloaded += row.overloaded
        self.timed += sum(row.buckets.values())
        for index, count in enumerate(row.over):
            self.over[index] += count

    @property
    def error_rate(self) -> float:
        """Fraction 0..1; 0 without requests."""
        return self.failures / self.requests if self.requests else 0.0

    @property
    def ungraceful_rate(self) -> float:
        """Fraction of requests that failed otherwise than by a 429 or 503; 0 without requests."""
        return (self.failures - self.overloaded) / self.requests if self.requests else 0.0

    @property
    def mean_ms(self) -> float:
        """Exact mean; 0 without timed requests."""
        return self.sum_ms / self.timed if self.timed else 0.0

    def percentile_ms(self, share: float) -> float | None:
        """Of all timed requests; None without any."""
        return percentile_ms(self.buckets, share, lowest=self.min_ms, highest=self.max_ms)

    def percentiles_ms(self, shares: Sequence[float]) -> list[float | None]:
        """Of all timed requests; `shares` must rise."""
        return percentiles_ms(self.buckets, shares, lowest=self.min_ms, highest=self.max_ms)

    def service_percentiles_ms(self, shares: Sequence[float]) -> list[float | None]:
        """Of the times from the actual send; `shares` must rise."""
        # From the actual send nothing takes longer than from the intended one.
        return percentiles_ms(self.service_buckets, shares, highest=self.max_ms)

    def succeeded_percentiles_ms(self, shares: Sequence[float]) -> list[float | None]:
        """Of the successful requests alone; `shares` must rise."""
        alone = {
            bucket: held - self.failed_buckets.get(bucket, 0)
            for bucket, held in self.buckets.items()
            if held > self.failed_buckets.get(bucket, 0)
        }
        return percentiles_ms(alone, shares, lowest=self.min_ms, highest=self.max_ms)
