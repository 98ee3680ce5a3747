from __future__ import annotations

from tui.core.events import Reading
from tui.core.guards import HeatGuard, too_hot


def zone(value: float | None, source: str = "sysfs", critical: float | None = 104.5) -> Reading:
    why = "" if value is not None else "switched off"
    return Reading(value, source, why, limit=99.0, critical=critical)


def test_a_run_ends_three_below_the_critical_trip_of_any_zone() -> None:
    assert too_hot({"tj_c": zone(101.4), "cpu_c": zone(90.0)}) == ""
    said = too_hot({"tj_c": zone(90.0), "gpu_c": zone(101.6)})
    assert said == "heat guard: gpu 101.6 °C, the board switches off at 104.5 °C"


def test_one_slip_of_a_sensor_ends_nothing() -> None:
    guard = HeatGuard()
    assert guard.sample({"tj_c": zone(120.0)}) == ""
    assert guard.sample({"tj_c": zone(60.0)}) == ""
    assert guard.sample({"tj_c": zone(120.0)}) == ""
    assert guard.sample({"tj_c": zone(120.0)}) != ""


def test_a_zone_without_a_trip_or_without_a_value_guards_nothing() -> None:
    assert too_hot({"tj_c": zone(None), "cpu_c": zone(120.0, critical=None)}) == ""


def test_a_pc_whose_processor_throttles_at_what_is_called_critical_goes_on() -> None:
    assert too_hot({"hottest_c": zone(99.0, "psutil", 100.0), "core_0_c": zone(99, "psutil")}) == ""
