"""A tally as the figures that screens and reports show."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.model import Figures, Latency
from tui.core.tally import Tally

_SHARES = (0.0, 0.50, 0.75, 0.90, 0.95, 0.99, 0.999, 1.0)


def figures_of(method: str, name: str, tally: Tally, measured_s: float) -> Figures:
    """The tally of one endpoint (or of all) over `measured_s` seconds."""
    every = _exact(tally)
    # Whether a request succeeded is known by bucket: its extremes and mean are not exact.
    succeeded = _latency(tally.succeeded_percentiles_ms(_SHARES)) if tally.failures else every
    return Figures(
        method=method,
        name=name,
        requests=tally.requests,
        failures=tally.failures,
        error_rate=tally.error_rate,
        rps=tally.requests / measured_s if measured_s > 0 else 0.0,
        latency=every,
        succeeded=succeeded,
        service=_latency(tally.service_percentiles_ms(_SHARES)) if tally.service_buckets else None,
        overloaded=tally.overloaded,
    )


def _exact(tally: Tally) -> Latency:
    if not tally.timed:
        return Latency()
    inner = tally.percentiles_ms(_SHARES[1:-1])
    return _latency([tally.min_ms, *inner, tally.max_ms], tally.mean_ms)


def _latency(values: Sequence[float | None], mean: float | None = None) -> Latency:
    least, p50, p75, p90, p95, p99, p999, most = values
    return Latency(least, mean, p50, p75, p90, p95, p99, p999, most)
