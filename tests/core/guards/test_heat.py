from __future__ import annotations

import pytest

from tests.core.guards.boards import feed, stress, zone
from tui.core.guards import too_hot
from tui.core.guards.heat import CriticalHeat, StressHeat


def test_a_run_ends_three_below_the_critical_trip_of_any_zone() -> None:
    assert too_hot({"tj_c": zone(101.4), "cpu_c": zone(90.0)}) == ""
    said = too_hot({"tj_c": zone(90.0), "gpu_c": zone(101.6)})
    assert said == "heat guard: gpu 101.6 °C, the board switches off at 104.5 °C"


def test_one_slip_of_a_sensor_ends_nothing() -> None:
    guard = CriticalHeat()
    found = [guard.sample({"tj_c": zone(value)}, 0.5) for value in (120.0, 60.0, 120.0, 120.0)]
    assert [each is not None for each in found] == [False, False, False, True]


def test_a_zone_without_a_trip_or_without_a_value_guards_nothing() -> None:
    assert too_hot({"tj_c": zone(None), "cpu_c": zone(120.0, critical=None)}) == ""


def test_a_pc_whose_processor_throttles_at_what_is_called_critical_goes_on() -> None:
    on_pc = zone(99.0, "psutil", critical=100.0)
    assert too_hot({"hottest_c": on_pc, "core_0_c": on_pc}) == ""


def test_the_guard_of_any_run_says_the_same_and_what_to_do() -> None:
    found = feed(CriticalHeat(), [{"tj_c": zone(102.0)}] * 2)
    assert found is not None
    assert found.text == too_hot({"tj_c": zone(102.0)})
    assert "fan" in found.advice


@pytest.mark.parametrize(
    ("allow_throttle", "max_c", "celsius", "detail"),
    [
        (False, None, 93.9, None),
        (False, None, 94.0, "tj 94.0 °C, the board slows down at 99.0 °C"),
        (True, None, 100.0, None),
        (False, 80.0, 79.9, None),
        (False, 80.0, 80.2, "tj 80.2 °C, the scenario allows 80.0 °C"),
        (False, 98.0, 94.5, "tj 94.5 °C, the board slows down at 99.0 °C"),
        (True, 98.0, 97.0, None),
        (True, 98.0, 98.5, "tj 98.5 °C, the scenario allows 98.0 °C"),
    ],
)
def test_a_stress_ends_before_the_board_slows_down_or_where_the_scenario_says(
    allow_throttle: bool, max_c: float | None, celsius: float, detail: str | None
) -> None:
    guard = StressHeat(stress(allow_throttle=allow_throttle, max_c=max_c))
    found = feed(guard, [{"tj_c": zone(celsius), "cpu_c": zone(60.0)}] * 2)
    assert (found and found.detail) == detail


def test_the_zone_with_the_least_headroom_counts_not_the_hottest() -> None:
    zones = {"tj_c": zone(90.0), "soc0_c": zone(76.0, limit=80.0)}
    found = feed(StressHeat(stress()), [zones] * 2)
    assert found is not None
    assert found.detail == "soc0 76.0 °C, the board slows down at 80.0 °C"


def test_one_slip_ends_no_stress() -> None:
    samples = [{"tj_c": zone(value)} for value in (60.0, 130.0, 60.5, 61.0)]
    assert feed(StressHeat(stress()), samples) is None


def test_what_a_pc_calls_high_ends_no_stress_but_what_the_scenario_says_does() -> None:
    on_pc = {"k10temp_c": zone(85.0, "psutil", limit=70.0, critical=90.0)}
    assert feed(StressHeat(stress()), [on_pc] * 4) is None
    assert feed(StressHeat(stress(max_c=84.0)), [on_pc] * 4) is not None


def test_a_drive_that_is_hot_is_not_the_board() -> None:
    assert feed(StressHeat(stress(max_c=60.0)), [{"nvme_c": zone(75.0)}] * 4) is None
