from __future__ import annotations

from collections.abc import Iterable

import pytest

from tui.core.alerts import DEFAULT_RULES, parse_alerts
from tui.core.board_watch import FORGET_S, BoardWatch
from tui.core.events import Reading
from tui.core.incidents import Incident
from tui.core.rails import whole_rail

Readings = dict[str, Reading]


def reading(value: float | None, **more: float | str) -> Reading:
    return Reading(value, "sysfs", why="" if value is not None else "gone", **more)  # type: ignore[arg-type]


def orin(tj_c: float = 60.0, /, **gauges: Reading) -> Readings:
    """An Orin Nano at work, with nothing wrong."""
    usual = {
        "tj_c": reading(tj_c, limit=99.0, critical=104.5),
        "cpu_c": reading(tj_c - 1, limit=99.0, critical=104.5),
        "nvme_c": reading(41.0, limit=84.8),
        "cpu_percent": reading(40.0),
        "cpu_mhz": reading(1728.0, limit=1728.0),
        "gpu_mhz": reading(918.0, limit=1020.0),
        "ram_used_mb": reading(3000.0, limit=7620.0),
        "vdd_in_mv": reading(5000.0),
        "vdd_in_ma": reading(2000.0, critical=4984.0),
        "fan_percent": reading(45.0),
        "fan_rpm": reading(1636.0),
        "oc1_events": reading(0.0),
        "oc2_events": reading(0.0),
        "oc3_events": reading(100.0),
        "cooling_cpu_throttle_alert": reading(0.0, limit=1.0),
        "cooling_pwm_fan": reading(3.0, limit=10.0),
        "power_mode": reading(2.0, text="MAXN_SUPER"),
        "clocks_pinned": reading(1.0),
    }
    return {**usual, **gauges}


class Board:
    """Samples twice a second."""

    def __init__(self) -> None:
        self.watch = BoardWatch(DEFAULT_RULES)
        self.now_s = 0.0
        self.news: list[Incident] = []

    def lives(self, seconds: float, readings: Readings, lost: dict[str, str] | None = None) -> None:
        for _ in range(round(seconds * 2)):
            self.news += self.watch.sample(readings, lost or {}, self.now_s)
            self.now_s += 0.5

    def counts(self, seconds: float, gauge: str, start: float, per_s: float) -> float:
        for _ in range(round(seconds * 2)):
            start += per_s / 2
            self.lives(0.5, orin(**{gauge: reading(start)}))
        return start

    def keys(self) -> list[str]:
        return [one.key for one in self.watch.open]


@pytest.fixture
def board() -> Board:
    board = Board()
    board.lives(5, orin())
    assert board.news == []
    return board


def only(incidents: Iterable[Incident], key: str) -> Incident:
    (found,) = [one for one in incidents if one.key == key]
    return found


def test_a_board_at_work_has_no_incident_and_is_not_throttled(board: Board) -> None:
    assert board.watch.incidents == ()
    assert board.watch.is_throttled is False
    assert board.watch.was_throttled is False


def test_a_host_that_can_not_tell_is_not_called_unthrottled() -> None:
    board = Board()
    board.lives(3, {"cpu_percent": Reading(40.0, "psutil"), "hottest_c": Reading(50.0, "psutil")})
    assert board.watch.is_throttled is None


def test_over_current_is_named_with_its_rate_within_a_second(board: Board) -> None:
    board.counts(1, "oc3_events", 100.0, per_s=24)
    found = only(board.watch.open, "oc3")
    assert found.kind == "throttle"
    assert board.now_s - found.began_s <= 1.0
    assert found.level == "info"
    board.counts(5, "oc3_events", 124.0, per_s=24)
    found = only(board.watch.open, "oc3")
    assert (found.detail, found.level) == ("24/s", "warn")
    assert found.peak == pytest.approx(24)
    assert board.watch.is_throttled is True


def test_over_current_as_expected_in_maxn_is_told_but_does_not_warn(board: Board) -> None:
    board.counts(5, "oc3_events", 100.0, per_s=8)
    assert only(board.watch.open, "oc3").level == "info"


def test_one_under_voltage_event_is_enough(board: Board) -> None:
    board.lives(0.5, orin(oc1_events=reading(1.0)))
    assert only(board.watch.open, "oc1").level == "fail"
    board.lives(10, orin(oc1_events=reading(1.0)))
    found = only(board.watch.incidents, "oc1")
    assert found.ended_s is not None
    assert board.watch.is_throttled is False
    assert board.watch.was_throttled is True


def test_what_the_counter_had_before_is_no_event() -> None:
    board = Board()
    board.lives(3, orin(oc3_events=reading(27_390.0)))
    assert board.watch.open == ()


def test_a_counter_that_begins_again_counts_nothing(board: Board) -> None:
    board.lives(5, orin(oc3_events=reading(2.0)))
    assert board.watch.open == ()


def test_a_brake_that_is_on_is_thermal_throttling_with_the_junctions_heat(board: Board) -> None:
    hot = orin(99.2, cooling_cpu_throttle_alert=reading(1.0, limit=1.0))
    board.lives(2, hot)
    found = only(board.watch.open, "thermal")
    assert found.detail == "tj 99.2 °C"
    assert found.peak == 99.2
    assert board.keys()[0] == "thermal"


def test_a_fan_that_turns_faster_is_no_throttling(board: Board) -> None:
    board.lives(3, orin(cooling_pwm_fan=reading(10.0, limit=10.0)))
    assert board.watch.open == ()


def test_heat_is_told_ten_below_the_lowest_passive_trip_and_once_for_all_zones(
    board: Board,
) -> None:
    board.lives(2, orin(88.9))
    assert board.watch.open == ()
    board.lives(2, orin(89.5))
    found = only(board.watch.open, "heat")
    assert found.detail == "tj 89.5 °C, 9.5 below its limit"
    board.lives(5, orin(87.5))
    assert board.keys() == ["heat"]
    board.lives(5, orin(86.5))
    assert board.watch.open == ()
    assert only(board.watch.incidents, "heat").peak == 89.5


def test_a_zone_that_is_off_hides_no_other(board: Board) -> None:
    board.lives(2, orin(95.0, cv0_c=reading(None)))
    assert board.keys() == ["heat"]


@pytest.mark.parametrize(
    ("gauge", "value", "key", "detail"),
    [
        ("vdd_in_mv", reading(4700.0), "brown_out", "vdd in 4.70 V"),
        ("vdd_in_ma", reading(4900.0, critical=4984.0), "supply", "vdd in 4.90 A"),
        ("fan_rpm", reading(0.0), "fan", "asked for 45 %"),
        ("cpu_percent", reading(97.0), "cpu_percent", "97 %"),
        ("ram_used_mb", reading(7200.0, limit=7620.0), "ram_percent", "94.5 %"),
        ("gpu_throttle", reading(4.0, text="hardware thermal"), "gpu_throttle", "hardware thermal"),
        ("vdd_in_alarm", reading(1.0), "alarm.vdd in", ""),
    ],
)
def test_each_trouble_is_named_while_it_lasts(
    board: Board, gauge: str, value: Reading, key: str, detail: str
) -> None:
    board.lives(11, orin(**{gauge: value}))
    assert only(board.watch.open, key).detail == detail
    board.lives(15, orin())
    if gauge not in ("gpu_throttle", "vdd_in_alarm"):
        assert board.watch.open == ()


def test_an_input_of_nineteen_volts_is_no_brown_out(board: Board) -> None:
    board.lives(3, orin(vdd_in_mv=reading(19_000.0)))
    assert board.watch.open == ()


def test_an_alert_waits_as_long_as_it_says_and_began_when_it_began(board: Board) -> None:
    since_s = board.now_s
    board.lives(9.5, orin(cpu_percent=reading(90.0)))
    assert board.watch.open == ()
    board.lives(1, orin(cpu_percent=reading(95.0)))
    found = only(board.watch.open, "cpu_percent")
    assert found.began_s == since_s
    board.lives(2, orin(cpu_percent=reading(91.0)))
    assert only(board.watch.open, "cpu_percent").peak == 95.0


def test_an_alert_keeps_its_worst_value_and_when_that_was(board: Board) -> None:
    since_s = board.now_s
    board.lives(3, orin(cpu_percent=reading(99.0)))
    board.lives(9, orin(cpu_percent=reading(90.0)))
    board.lives(5, orin(cpu_percent=reading(12.0)))
    found = only(board.watch.open, "cpu_percent")
    assert (found.peak, found.peak_s, found.peak_detail) == (99.0, since_s, "99 %")
    board.lives(8, orin(cpu_percent=reading(12.0)))
    assert only(board.watch.incidents, "cpu_percent").peak_detail == "99 %"


def test_a_worse_value_later_on_is_dated_anew(board: Board) -> None:
    board.lives(11, orin(cpu_percent=reading(90.0)))
    worse_s = board.now_s
    board.lives(1, orin(cpu_percent=reading(97.0)))
    board.lives(3, orin(cpu_percent=reading(91.0)))
    found = only(board.watch.open, "cpu_percent")
    assert (found.peak_s, found.peak_detail) == (worse_s, "97 %")


def test_one_calm_second_ends_no_alert(board: Board) -> None:
    board.lives(12, orin(cpu_percent=reading(95.0)))
    board.lives(1, orin(cpu_percent=reading(20.0)))
    board.lives(12, orin(cpu_percent=reading(95.0)))
    assert len(board.watch.incidents) == 1


def test_a_gauge_that_vanishes_does_not_keep_its_incident_for_ever(board: Board) -> None:
    board.lives(12, orin(cpu_percent=reading(95.0)))
    last_s = board.now_s - 0.5
    board.lives(FORGET_S + 2, orin(cpu_percent=reading(None)))
    assert only(board.watch.incidents, "cpu_percent").ended_s == last_s


def test_another_power_mode_is_one_change_with_both_names(board: Board) -> None:
    board.lives(3, orin(power_mode=reading(0.0, text="15W")))
    found = only(board.watch.incidents, "power_mode")
    assert found.detail == "MAXN_SUPER to 15W"
    assert found.is_change
    assert board.watch.open == ()


def test_clocks_that_are_no_longer_pinned_are_a_change(board: Board) -> None:
    board.lives(2, orin(clocks_pinned=reading(0.0)))
    assert only(board.watch.incidents, "clocks").text == "clocks no longer pinned"


def test_a_lower_clock_limit_is_a_change_but_not_when_heat_lowers_it(board: Board) -> None:
    brake = reading(1.0, limit=1.0)
    lower = reading(1190.0, limit=1190.0)
    board.lives(5, orin(99.5, cooling_cpu_throttle_alert=brake, cpu_mhz=lower))
    assert [one.key for one in board.watch.incidents if one.kind == "change"] == []
    board.lives(10, orin())
    board.lives(3, orin(cpu_mhz=lower))
    assert only(board.watch.incidents, "clocks.cpu").detail == "1 728 to 1 190 MHz"


def test_a_restart_of_the_service_is_told_with_how_often() -> None:
    board = Board()
    board.lives(2, orin(service_restarts=reading(0.0)))
    board.lives(2, orin(service_restarts=reading(2.0)))
    found = only(board.watch.incidents, "service.restart")
    assert (found.detail, found.level) == ("2 times", "fail")


def test_a_source_is_lost_only_after_it_had_told_something(board: Board) -> None:
    board.lives(2, orin(), lost={"jtop": "no jtop service here"})
    assert board.watch.open == ()
    emc = Reading(31.0, "jtop")
    board.lives(2, orin(emc_percent=emc))
    board.lives(4, orin(), lost={"jtop": "jtop stopped 11:41:07"})
    found = only(board.watch.open, "source.jtop")
    assert found.detail == "jtop stopped 11:41:07"
    board.lives(4, orin(emc_percent=emc))
    assert board.watch.open == ()


def test_each_incident_is_told_when_it_begins_and_when_it_ends(board: Board) -> None:
    board.lives(3, orin(91.0))
    board.lives(6, orin())
    assert [(one.key, one.is_open) for one in board.news] == [("heat", True), ("heat", False)]


def test_the_clocks_of_another_power_mode_are_no_second_change(board: Board) -> None:
    slower = {"cpu_mhz": reading(1510.0, limit=1510.0), "gpu_mhz": reading(600.0, limit=625.0)}
    board.lives(1, orin(power_mode=reading(0.0, text="15W")))
    board.lives(5, orin(power_mode=reading(0.0, text="15W"), **slower))
    assert [one.key for one in board.watch.incidents] == ["power_mode"]


def test_a_source_that_stumbles_is_no_incident(board: Board) -> None:
    emc = Reading(31.0, "jtop")
    for _ in range(20):
        board.lives(1.5, orin(emc_percent=emc))
        board.lives(0.5, orin(), lost={"jtop": "jtop hangs"})
    assert board.watch.incidents == ()


def test_over_current_about_once_a_second_does_not_flicker(board: Board) -> None:
    count = 100.0
    for second in range(600):
        count += 1 if second % 10 else 0
        board.lives(1, orin(oc3_events=reading(count)))
    assert len(board.watch.incidents) <= 2


def test_over_current_as_expected_is_no_throttling(board: Board) -> None:
    board.counts(20, "oc3_events", 100.0, per_s=8)
    assert board.watch.is_throttled is False
    board.counts(20, "oc3_events", 260.0, per_s=40)
    assert board.watch.is_throttled is True


def test_a_thousand_incidents_of_one_kind_push_out_no_other(board: Board) -> None:
    board.lives(1, orin(power_mode=reading(0.0, text="15W")))
    for _ in range(1000):
        board.lives(1, orin(oc1_events=reading(board.now_s)))
        board.lives(10, orin(oc1_events=reading(board.now_s - 10)))
    assert "power mode changed: MAXN_SUPER to 15W" in board.watch.incomparable
    told = [one for one in board.watch.incidents if one.key == "oc1"]
    assert len(told) <= 50
    assert sum(one.times for one in told) >= 999


def test_a_recording_in_which_time_stands_still_can_not_tell_throttling() -> None:
    board = Board()
    board.lives(10, orin(uptime_s=reading(5000.0), oc3_events=reading(27_390.0)))
    assert board.watch.is_throttled is None
    board.lives(2, orin(uptime_s=reading(5000.0), cooling_cpu_throttle_alert=reading(1.0)))
    assert board.watch.is_throttled is True


def test_a_sensors_own_line_on_a_pc_is_no_throttling() -> None:
    board = Board()
    hot = {"coretemp_c": Reading(83.0, "psutil", limit=82.0, critical=100.0)}
    board.lives(5, hot)
    assert [one.key for one in board.watch.open] == ["heat"]
    assert board.watch.is_throttled is None


def test_an_input_that_sags_ever_lower_is_a_brown_out_all_the_way(board: Board) -> None:
    for mv in (4700.0, 4500.0, 4300.0):
        board.lives(3, orin(vdd_in_mv=reading(mv)))
    found = only(board.watch.open, "brown_out")
    assert found.peak == 4300.0


def test_sensors_that_vanish_while_it_throttles_end_no_throttling_and_are_told(
    board: Board,
) -> None:
    board.lives(3, orin(100.5))
    gone = orin(tj_c=reading(None), cpu_c=reading(None))
    board.lives(5, gone)
    assert only(board.watch.open, "sensors").level == "fail"
    assert only(board.watch.open, "thermal").is_open
    assert board.watch.is_throttled is True


def test_a_value_that_froze_long_ago_is_no_value(board: Board) -> None:
    board.lives(5, orin(fan_rpm=reading(0.0, age_s=60.0)))
    board.lives(5, orin(95.0, tj_c=reading(95.0, limit=99.0, age_s=60.0), cpu_c=reading(50.0)))
    assert board.watch.open == ()


def test_a_cable_that_is_pulled_is_told_until_it_is_back(board: Board) -> None:
    board.lives(3, orin(net_link_mbps=reading(1000.0)))
    board.lives(5, orin(net_link_mbps=reading(None)))
    assert only(board.watch.open, "link.lost").detail == "gone"
    board.lives(5, orin(net_link_mbps=reading(1000.0)))
    assert board.watch.open == ()


def test_a_fan_that_is_no_longer_asked_to_turn_may_stand(board: Board) -> None:
    board.lives(10, orin(fan_rpm=reading(0.0)))
    assert board.keys() == ["fan"]
    board.lives(5, orin(fan_rpm=reading(0.0), fan_percent=reading(0.0)))
    assert board.watch.open == ()


def test_two_sources_that_differ_are_no_change(board: Board) -> None:
    for source in ("sysfs", "jtop", "sysfs"):
        pinned = 1.0 if source == "sysfs" else 0.0
        board.lives(2, orin(clocks_pinned=Reading(pinned, source)))
    assert board.watch.incidents == ()


def test_a_floor_that_is_lost_is_a_change_of_its_own(board: Board) -> None:
    board.lives(2, orin(clocks_pinned=reading(0.0), gpu_floor_mhz=reading(1020.0)))
    before = len(board.watch.incidents)
    board.lives(2, orin(clocks_pinned=reading(0.0), gpu_floor_mhz=reading(306.0)))
    assert len(board.watch.incidents) == before + 1
    assert only(board.watch.incidents, "clocks.gpu").detail == "1 020 to 306 MHz"


def test_an_alert_on_too_little_does_not_flicker_at_its_line() -> None:
    board = Board()
    rules, _ = parse_alerts("config.toml", {"disk_free_mb": "< 1000"})
    board.watch = BoardWatch(rules)
    for number in range(200):
        board.lives(1, orin(disk_free_mb=reading(1000.1 if number % 2 else 999.9)))
    assert len(board.watch.incidents) == 1


@pytest.mark.parametrize(("milliamperes", "is_told"), [(4700.0, False), (4750.0, True)])
def test_a_supply_is_near_its_limit_from_95_percent_on(
    board: Board, milliamperes: float, is_told: bool
) -> None:
    board.lives(5, orin(vdd_in_ma=reading(milliamperes, critical=4984.0)))
    assert board.keys() == (["supply"] if is_told else [])


def test_an_input_that_was_never_at_five_volt_browns_out_at_none() -> None:
    board = Board()
    for mv in (19_000.0, 4_600.0, 4_300.0):
        board.lives(3, orin(vdd_in_mv=reading(mv)))
    assert board.watch.open == ()


def test_the_5_volt_rail_of_a_large_board_can_brown_out_but_is_not_its_power() -> None:
    board = Board()
    board.lives(2, {"vin_sys_5v0_mv": reading(5000.0), "vin_sys_5v0_mw": reading(5200.0)})
    board.lives(2, {"vin_sys_5v0_mv": reading(4600.0), "vin_sys_5v0_mw": reading(5200.0)})
    assert board.keys() == ["brown_out"]
    assert whole_rail({"vin_sys_5v0_mw", "vdd_gpu_soc_mw"}) == ""
    assert whole_rail({"vdd_soc_mw", "vdd_in_mw"}) == "vdd_in"


def test_two_samples_close_together_make_no_rate_of_millions(board: Board) -> None:
    for count in (101.0, 104.0):
        board.watch.sample(orin(oc3_events=reading(count)), {}, board.now_s + count / 1e6)
    found = [one for one in board.watch.incidents if one.key == "oc3"]
    assert all(one.peak is not None and one.peak < 20 for one in found)


def test_a_service_that_is_gone_is_told_until_it_runs_again(board: Board) -> None:
    runs = {"service_processes": reading(1.0), "service_rss_mb": reading(80.0)}
    gone = {"service_processes": reading(0.0), "service_rss_mb": reading(None)}
    board.lives(2, orin(**runs))
    board.lives(2, orin(**gone))
    assert only(board.watch.open, "service.down").level == "fail"
    board.lives(1, orin(**runs))
    assert board.watch.open == ()


def test_a_service_that_never_ran_is_not_down(board: Board) -> None:
    board.lives(5, orin(service_processes=reading(0.0), service_rss_mb=reading(None)))
    assert board.watch.open == ()


def test_a_health_check_without_an_answer_is_told_with_its_reason(board: Board) -> None:
    board.lives(2, orin(health_ms=Reading(None, "http", "connection refused")))
    assert only(board.watch.open, "health").detail == "connection refused"
    board.lives(2, orin(health_ms=Reading(3.0, "http")))
    assert board.watch.open == ()
