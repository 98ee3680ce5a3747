from __future__ import annotations

import msgspec
import pytest

from tests.core.guards.boards import Sample, feed, zone
from tui.core.events import STALE_S
from tui.core.guards.sensors import Sensors

TELLS: Sample = {"tj_c": zone(60.0), "gpu_c": zone(None), "nvme_c": zone(50.0)}
SILENT: Sample = {"tj_c": zone(None), "gpu_c": zone(None), "nvme_c": zone(50.0)}
GONE: Sample = {"hottest_c": zone(None), "nvme_c": zone(50.0)}
STALE: Sample = {"tj_c": msgspec.structs.replace(zone(60.0), age_s=STALE_S + 1)}


@pytest.mark.parametrize("lost", [SILENT, GONE, STALE])
def test_sensors_that_all_fall_silent_end_a_stress(lost: Sample) -> None:
    found = feed(Sensors(), [TELLS] * 4 + [lost] * 6)
    assert found is not None
    assert found.guard == "sensors"
    assert found.detail == "no temperature could be read for 2.5 s"


def test_two_seconds_of_silence_are_forgiven() -> None:
    assert feed(Sensors(), ([TELLS] + [SILENT] * 4) * 5) is None


def test_one_sensor_that_still_tells_is_enough() -> None:
    assert feed(Sensors(), [TELLS] * 3 + [{"tj_c": zone(None), "cpu_c": zone(55.0)}] * 20) is None


def test_a_board_that_never_had_a_sensor_loses_none() -> None:
    assert feed(Sensors(), [GONE] * 20) is None


def test_one_silent_sample_after_a_long_pause_is_not_enough() -> None:
    guard = Sensors()
    assert guard.sample(TELLS, 0.0) is None
    assert guard.sample(SILENT, 30.0) is None
    assert guard.sample(SILENT, 30.5) is not None
