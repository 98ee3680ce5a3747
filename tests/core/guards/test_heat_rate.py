from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import pytest

from tests.core.guards.boards import course, feed, zone
from tui.core.events import Reading
from tui.core.guards.heat_rate import HeatRate

Course = Callable[[float], float]


def rises(c_per_s: float) -> Course:
    return lambda at_s: 50.0 + c_per_s * at_s


def whole(of: Course) -> Course:
    """As a sensor tells it that knows whole degrees only."""
    return lambda at_s: float(math.floor(of(at_s)))


def slips(of: Course, at: float, by: float) -> Course:
    """With one value that is wrong."""
    return lambda at_s: of(at_s) + (by if abs(at_s - at) < 0.05 else 0.0)


def trips(of: Course, until_s: float = 15.0, every_s: float = 0.5) -> bool:
    samples = course("tj_c", lambda at_s: zone(of(at_s)), until_s, every_s)
    return feed(HeatRate(), samples, every_s) is not None


@pytest.mark.parametrize("every_s", [0.25, 0.5, 1.0])
@pytest.mark.parametrize("sensor", [lambda of: of, whole])
@pytest.mark.parametrize(("c_per_s", "is_too_quick"), [(1.0, False), (1.9, False), (2.4, True)])
def test_more_than_two_degrees_a_second_end_a_stress_whatever_the_sensor(
    c_per_s: float, is_too_quick: bool, sensor: Callable[[Course], Course], every_s: float
) -> None:
    assert trips(sensor(rises(c_per_s)), every_s=every_s) is is_too_quick


def test_it_must_last_for_three_seconds() -> None:
    def short(at_s: float) -> float:
        return 50.0 + 3.0 * min(max(at_s - 5.0, 0.0), 2.0)

    assert not trips(short)
    assert trips(lambda at_s: 50.0 + 3.0 * min(max(at_s - 5.0, 0.0), 5.0))


@pytest.mark.parametrize("by", [-90.0, -9.0, 9.0, 90.0])
def test_one_wrong_value_neither_ends_a_stress_nor_hides_a_rise(by: float) -> None:
    assert not trips(slips(rises(0.5), 6.0, by))
    assert trips(slips(rises(3.0), 2.0, by), until_s=6.0)


@pytest.mark.parametrize("sensor", [lambda of: of, whole])
def test_the_leap_as_a_load_sets_in_is_no_lasting_rise(
    sensor: Callable[[Course], Course],
) -> None:
    def die_and_sink(at_s: float) -> float:
        load_s = max(at_s - 4.0, 0.0)
        leap = 10.0 * (1 - math.exp(-load_s / 0.3))
        return 45.0 + leap + 30.0 * (1 - math.exp(-load_s / 60.0))

    assert not trips(sensor(die_and_sink), until_s=120.0)


def test_a_board_without_its_heat_sink_is_caught_before_it_slows_down() -> None:
    def bare(at_s: float) -> float:
        return 45.0 + 80.0 * (1 - math.exp(-at_s / 15.0))

    samples = course("tj_c", lambda at_s: zone(bare(at_s)), 20.0)
    found = feed(HeatRate(), samples)
    assert found is not None
    assert found.guard == "heat-rate"
    assert found.detail.startswith("tj rises by 4.")
    assert float(found.detail.split("now ")[1].split(" °C")[0]) < 94.0


def test_a_temperature_that_swings_does_not_rise() -> None:
    assert not trips(lambda at_s: 70.0 + at_s / 60.0 + 1.5 * math.sin(at_s * 2.0), until_s=600.0)


def test_a_value_that_is_told_twice_is_one() -> None:
    guard = HeatRate()
    found = []
    for half in range(20):
        age_s = 0.5 * (half % 2)
        value = 50.0 + 3.0 * (half // 2)
        reading: Reading = msgspec.structs.replace(zone(value), age_s=age_s)
        found.append(guard.sample({"tj_c": reading}, half * 0.5))
    assert any(found)


def test_a_zone_that_was_off_does_not_leap_when_it_is_on() -> None:
    readings = [{"gpu_c": zone(40.0)}] * 8 + [{"gpu_c": zone(None)}] * 8
    readings += [{"gpu_c": zone(75.0)}] * 8
    assert feed(HeatRate(), readings) is None


@pytest.mark.parametrize(
    ("gauge", "source"), [("coretemp_c", "psutil"), ("x86_pkg_temp_c", "sysfs")]
)
def test_a_pc_s_processor_may_leap(gauge: str, source: str) -> None:
    samples = course(gauge, lambda at_s: zone(rises(5.0)(at_s), source), 8.0)
    assert feed(HeatRate(), samples) is None
