from __future__ import annotations

import pytest

from tui.core.events import STALE_S, Reading
from tui.core.stress.degradation import DegradationFold
from tui.core.stress.price import PriceFold
from tui.core.stress.steady import SteadyFold

OLD_S = STALE_S + 1


def burnt(*readings: dict[str, Reading]) -> PriceFold:
    """A sample a second under stress."""
    fold = PriceFold()
    for at_s, each in enumerate(readings):
        fold.add(each, float(at_s), "stress", None)
    return fold


def watts(power_w: float, age_s: float = 0.0) -> dict[str, Reading]:
    return {"vdd_in_mw": Reading(power_w * 1000, "sysfs", age_s=age_s)}


def test_energy_is_power_over_time() -> None:
    assert burnt(*[watts(10)] * 11).view().energy_j == pytest.approx(100)


def test_a_stale_power_gauge_adds_no_energy() -> None:
    readings = [watts(10)] * 6 + [watts(10, OLD_S)] * 20
    view = burnt(*readings).view()
    assert view.energy_j == pytest.approx(60)
    assert view.power_mean_mw == 10_000


HEATS = (
    {"tj_c": Reading(70.0, "sysfs"), "hottest_c": Reading(90.0, "sysfs")},
    {"tj_c": Reading(95.0, "sysfs", age_s=OLD_S), "hottest_c": Reading(96.0, "sysfs")},
    {"hottest_c": Reading(60.0, "sysfs")},
    {"hottest_c": Reading(99.0, "sysfs", age_s=OLD_S)},
)


def test_the_heat_of_the_price_is_that_of_the_part() -> None:
    degradation = DegradationFold(())
    degradation.enter("stress", 0.0)
    for at_s, readings in enumerate(HEATS):
        degradation.sample(float(at_s), readings)
    assert burnt(*HEATS).view().tj_max_c == degradation.parts()[0].tj_max_c == 70


@pytest.mark.parametrize("readings", [HEATS[1], HEATS[3]])
def test_a_stale_gauge_tells_neither_heat_nor_that_it_is_steady(
    readings: dict[str, Reading],
) -> None:
    steady = SteadyFold(0.0)
    for at_s in range(600):
        steady.add(float(at_s), readings)
    assert (burnt(readings).view().tj_max_c, steady.after_s) == (None, None)


def test_what_every_burner_wrote_is_added_up() -> None:
    fold = PriceFold()
    fold.wrote("storage", {"written_bytes": 100})
    fold.wrote("metadata", {"written_bytes": 30.0})
    fold.wrote("storage", {"written_bytes": 150})
    fold.wrote("cpu", {"rounds": 9.0})
    assert fold.view().written_bytes == 180
