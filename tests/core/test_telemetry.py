from __future__ import annotations

import pytest

from tui.core.events import Reading
from tui.core.telemetry import GaugeStats, TelemetryFold


def stats_of(*values: float, age_s: float = 0.0) -> GaugeStats:
    fold = TelemetryFold()
    for number, value in enumerate(values):
        fold.add({"gauge": Reading(value, "sysfs", age_s=age_s)}, float(number))
    (stats,) = fold.stats()
    return stats


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3, 1e6, 1e9])
def test_p95_is_right_to_a_percent_at_any_size(size: float) -> None:
    stats = stats_of(*(size * number for number in range(1, 1001)))
    assert stats.p95 == pytest.approx(950 * size, rel=0.011)


def test_a_gauge_that_is_nearly_always_zero_has_a_p95_of_zero() -> None:
    assert stats_of(*([0.0] * 999), 5.0).p95 == 0.0


def test_what_goes_below_zero_is_ordered_too() -> None:
    stats = stats_of(-30.0, -20.0, *([-10.0] * 98))
    assert (stats.min, stats.p95, stats.max) == (-30.0, -10.0, -10.0)


def test_a_value_that_froze_long_ago_counts_nowhere() -> None:
    fold = TelemetryFold()
    fold.add({"tj_c": Reading(60.0, "sysfs", age_s=60.0)}, 0.0)
    assert fold.stats() == ()
