"""A tally as the figures that screens and reports show."""

from __future__ import annotations

from collections.abc import Callable

from tui.core.model import Figures, Latency
from tui.core.tally import Tally


def figures_of(method: str, name: str, tally: Tally, measured_s: float) -> Figures:
    """The tally of one endpoint (or of all) over `measured_s` seconds."""
    return Figures(
        method=method,
        name=name,
        requests=tally.requests,
        failures=tally.failures,
        error_rate=tally.error_rate,
        rps=tally.requests / measured_s if measured_s > 0 else 0.0,
        latency=_latency(tally, tally.percentile_ms, exact=True),
        succeeded=_latency(tally, tally.succeeded_percentile_ms, exact=tally.failures == 0),
    )


def _latency(tally: Tally, percentile: Callable[[float], float | None], *, exact: bool) -> Latency:
    return Latency(
        min=tally.min_ms if exact and tally.timed else percentile(0.0),
        mean=tally.mean_ms if exact and tally.timed else None,
        p50=percentile(0.50),
        p75=percentile(0.75),
        p90=percentile(0.90),
        p95=percentile(0.95),
        p99=percentile(0.99),
        p999=percentile(0.999),
        max=tally.max_ms if exact and tally.timed else percentile(1.0),
    )
