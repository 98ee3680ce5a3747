"""A day of load on a whole board as events, made at speed: for reports that must stay bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sin

from tests.core import script
from tui.core import events as ev
from tui.core.limits import Limit
from tui.core.tally import MEASURED, Row

NAMES = ("/predict", "/predict+image", "/health", "/images", "/images/{id}")


def long_run(
    facts: ev.RunFacts, seconds: int, names: tuple[str, ...] = NAMES
) -> Iterator[ev.Event]:
    """The events of a run that long: daily swing of latency, heat and power, some failures."""
    yield from script.beginning(facts)
    limits = script.percentiles(facts.scenario)
    usual = [_rows(level, names, limits) for level in range(20)]
    for second in range(2, seconds):
        swing = (sin(second / seconds * 12) + 1) / 2
        rows = usual[int(swing * 19)]
        failures = []
        if second % 600 < 3:
            rows = [*rows, script.row([], failed_ms=[9000.0] * 2, limits=limits)]
            failures = [
                ev.FailureCount("POST", "/predict", "5xx", "HTTP 503", MEASURED, 2, "queue full")
            ]
        yield script.sample(
            second + 1.5,
            cpu_percent=40 + 30 * swing,
            gpu_percent=60 + 35 * swing,
            tj_c=55 + 20 * swing,
            cpu_c=52 + 18 * swing,
            power_mw=9000 + 6000 * swing,
            console_cpu_percent=2.0,
        )
        yield script.window(second, *rows, failures=failures)
    yield from script.ending(1.0 + seconds)


def _rows(level: int, names: tuple[str, ...], limits: Sequence[Limit]) -> list[Row]:
    base_ms = 200.0 + 25.0 * level
    latencies_ms = [base_ms * (1 + step / 10) for step in range(8)]
    return [script.row(latencies_ms, name=name, limits=limits) for name in names]
