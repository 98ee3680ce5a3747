"""What the reader makes of an emulated board's heat, power and cooling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.lib.orin import OrinTree
from tests.lib.reader import read, reader, value
from tui.board import nodes


@pytest.fixture
def board(tmp_path: Path) -> Iterator[OrinTree]:
    made = OrinTree(tmp_path / "orin")
    yield made
    made.close()


def test_each_zone_has_its_own_trips(board: OrinTree) -> None:
    board.set_temps(71.4)
    board.write(board.zone("soc1") + "/trip_point_0_temp", 95000)
    readings = read(board)
    assert value(readings, "cpu_c") == pytest.approx(70.9)
    assert (readings["cpu_c"].limit, readings["cpu_c"].critical) == (99, 104.5)
    assert readings["soc1_c"].limit == 95


def test_a_trip_that_only_warns_of_a_hot_surface_is_no_throttling(board: OrinTree) -> None:
    assert board.text(board.zone("cpu") + "/trip_point_2_temp") == "70000\n"
    assert read(board)["cpu_c"].limit == 99


def test_tj_is_cooled_where_the_first_of_the_others_is(board: OrinTree) -> None:
    board.write(board.zone("gpu") + "/trip_point_0_temp", 97000)
    readings = read(board)
    assert (readings["tj_c"].limit, readings["tj_c"].critical) == (97, 104.5)


def test_the_hottest_zone_is_named_and_has_its_trips(board: OrinTree) -> None:
    board.set_temps(60)
    board.set_temp("gpu", 66.25)
    reading = read(board)["hottest_c"]
    assert (reading.value, reading.text) == (66.25, "gpu")
    assert (reading.limit, reading.critical) == (99, 104.5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-256000", "switched off"),
        ("", "switched off"),
        ("-41000", "it says -41 °C, which can't be"),
        ("151000", "it says 151 °C, which can't be"),
        ("hot", 'it says "hot", which is no number'),
    ],
)
def test_what_is_no_temperature_is_none(board: OrinTree, text: str, why: str) -> None:
    board.write(board.zone("soc0") + "/temp", text)
    readings = read(board)
    assert readings["soc0_c"].value is None
    assert readings["soc0_c"].why == why
    assert value(readings, "hottest_c") == 49.5


def test_a_zone_that_the_kernel_refuses_is_switched_off(board: OrinTree) -> None:
    board.have_fail(board.zone("cv1") + "/temp")
    assert read(board)["cv1_c"].why == "switched off"


def test_all_zones_lost_is_a_reason_not_a_figure(board: OrinTree) -> None:
    board.set_temps(-256)
    assert read(board)["hottest_c"].why == "no zone tells a temperature"


def test_a_rail_has_power_voltage_current_and_its_lines(board: OrinTree) -> None:
    board.set_rail("VDD_IN", 7400, mv=4800)
    readings = read(board)
    assert value(readings, "vdd_in_mv") == 4800
    assert value(readings, "vdd_in_ma") == 1542
    assert value(readings, "vdd_in_mw") == pytest.approx(7400, abs=3)
    assert readings["vdd_in_ma"].critical == 4984
    assert readings["vdd_in_ma"].limit is None  # 32760 is no line
    assert readings["vdd_in_mw"].limit == pytest.approx(4984 * 4800 / 1000)
    assert readings["vdd_soc_mw"].limit is None


def test_a_rail_with_a_warning_line_alone_takes_that_for_its_power(board: OrinTree) -> None:
    board.set_rail_limit("VDD_SOC", critical_ma=32760, warning_ma=2000)
    readings = read(board)
    assert readings["vdd_soc_mw"].limit == pytest.approx(2000 * 5000 / 1000)
    assert readings["vdd_soc_ma"].limit == 2000


def test_a_rails_alarm_names_its_line(board: OrinTree) -> None:
    board.set_alarm("VDD_IN", "crit")
    board.set_alarm("VDD_SOC", "max")
    readings = read(board)
    assert (value(readings, "vdd_in_alarm"), readings["vdd_in_alarm"].text) == (1, "critical")
    assert readings["vdd_soc_alarm"].text == "warning"
    assert value(readings, "vdd_cpu_gpu_cv_alarm") == 0


def test_the_sum_of_shunt_voltages_is_no_rail(board: OrinTree) -> None:
    assert [name for name in read(board) if name.endswith("_mw")] == [
        "vdd_in_mw",
        "vdd_cpu_gpu_cv_mw",
        "vdd_soc_mw",
    ]


def test_over_current_is_counted_since_the_board_started(board: OrinTree) -> None:
    with reader(board.root) as source:
        assert value(source.read(), "oc3_events") == 0
        board.over_current(3, 120)
        board.over_current(1)
        readings = source.read()
    assert value(readings, "oc3_events") == 120
    assert value(readings, "oc1_events") == 1
    assert value(readings, "oc2_events") == 0


def test_a_cooling_device_shows_its_state_of_its_highest(board: OrinTree) -> None:
    board.cool("cpu-throttle-alert", 1)
    board.cool("pwm-fan", 3)
    readings = read(board)
    assert value(readings, "cooling_cpu_throttle_alert") == 1
    assert readings["cooling_cpufreq_cpu0"].limit == 28
    assert "cooling_pwm_fan" not in readings


def test_a_negative_state_is_none(board: OrinTree) -> None:
    board.cool("gpu-throttle-alert", -1)
    assert read(board)["cooling_gpu_throttle_alert"].why == "it has no state now"


def test_the_fan_shows_what_is_asked_and_what_it_does(board: OrinTree) -> None:
    board.set_fan(100, 0)
    readings = read(board)
    assert value(readings, "fan_percent") == 100
    assert value(readings, "fan_rpm") == 0


def test_over_current_of_late_is_a_rate_over_two_seconds(
    board: OrinTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(nodes, "time", SimpleNamespace(monotonic=lambda: now[0]))
    told = []
    with reader(board.root) as source:
        for events in (0, 30, 0, 0, 0, 0, 0):
            board.over_current(3, events)
            reading = source.read().get("oc3_per_s")
            told.append(reading.value if reading else None)
            now[0] += 0.5
    assert told == [None, 60, 30, 20, 15, 0, 0]


def test_heat_of_what_is_plugged_in_is_not_the_boards_hottest(board: OrinTree) -> None:
    board.set_temps(60)
    board.write(board.zone("soc0") + "/type", "iwlwifi_1")
    board.set_temp("soc0", 78)
    readings = read(board)
    assert value(readings, "iwlwifi_1_c") == 78
    assert (value(readings, "hottest_c"), readings["hottest_c"].text) == (60, "tj")
