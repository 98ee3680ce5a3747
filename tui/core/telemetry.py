"""The board's gauges over a run: least, mean, p95 and most of each."""

from __future__ import annotations

from math import ceil, exp, floor, log

import msgspec

from tui.core.events import STALE_S, Reading

_LOG_GROWTH = log(1.01)
_ONE = 5000
"""The bucket of 1: the least that has one of its own is about 1e-22."""


class GaugeStats(msgspec.Struct, frozen=True):
    """One gauge over a run, in the unit that its name ends with."""

    name: str
    source: str
    samples: int
    min: float
    mean: float
    p95: float
    max: float
    limit: float | None = None
    """The last that was told with it: a passive trip, a highest clock, a size."""
    critical: float | None = None
    text: str = ""
    """The last: what the gauge says beside its number."""


class _Gauge:
    __slots__ = ("buckets", "last", "max", "min", "samples", "source", "sum")

    def __init__(self, reading: Reading) -> None:
        self.source = reading.source
        self.last = reading
        self.samples = 0
        self.sum = 0.0
        self.min = float("inf")
        self.max = float("-inf")
        self.buckets: dict[int, int] = {}


class TelemetryFold:
    """Readings in, statistics out; bounded however long the run is."""

    def __init__(self) -> None:
        self._gauges: dict[str, _Gauge] = {}
        self.samples = 0
        self.first_s: float | None = None
        self.last_s = 0.0

    def add(self, readings: dict[str, Reading], at_s: float) -> None:
        """One sample of the board."""
        self.samples += 1
        self.first_s = at_s if self.first_s is None else self.first_s
        self.last_s = at_s
        for name, reading in readings.items():
            if reading.value is None or reading.age_s > STALE_S:
                continue
            gauge = self._gauges.get(name)
            if gauge is None:
                gauge = self._gauges[name] = _Gauge(reading)
            gauge.last = reading
            gauge.samples += 1
            gauge.sum += reading.value
            gauge.min = min(gauge.min, reading.value)
            gauge.max = max(gauge.max, reading.value)
            bucket = _bucket_of(reading.value)
            gauge.buckets[bucket] = gauge.buckets.get(bucket, 0) + 1

    @property
    def interval_s(self) -> float | None:
        """Mean distance of the samples; None with fewer than two."""
        if self.samples < 2 or self.first_s is None:
            return None
        return (self.last_s - self.first_s) / (self.samples - 1)

    def stats(self) -> tuple[GaugeStats, ...]:
        """Every gauge that had a value, by name."""
        return tuple(
            GaugeStats(
                name=name,
                source=gauge.source,
                samples=gauge.samples,
                min=gauge.min,
                mean=gauge.sum / gauge.samples,
                p95=_p95(gauge),
                max=gauge.max,
                limit=gauge.last.limit,
                critical=gauge.last.critical,
                text=gauge.last.text,
            )
            for name, gauge in sorted(self._gauges.items())
        )


def _bucket_of(value: float) -> int:
    """One percent wide, finer than any of these sensors; 0 holds nothing but zero."""
    if value == 0:
        return 0
    bucket = max(floor(log(abs(value)) / _LOG_GROWTH) + _ONE, 1)
    return bucket if value > 0 else -bucket


def _p95(gauge: _Gauge) -> float:
    """The upper end of the bucket of that rank, kept between the exact least and most."""
    rank, below = ceil(gauge.samples * 0.95), 0
    for bucket in sorted(gauge.buckets):
        below += gauge.buckets[bucket]
        if below >= rank:
            size = exp((abs(bucket) - _ONE + (bucket > 0)) * _LOG_GROWTH) if bucket else 0.0
            return min(max(size if bucket > 0 else -size, gauge.min), gauge.max)
    return gauge.max
