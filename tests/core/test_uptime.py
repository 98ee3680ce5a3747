from __future__ import annotations

import pytest

from tui.core.uptime import SLOTS, Minute, Uptime, slots_of, uptimes

NOW_MIN = 30_000_000
NOW_S = NOW_MIN * 60.0
ALL = 0xFFF


def minutes(
    number: int, *, until: int = NOW_MIN, failed: dict[int, int] | None = None
) -> list[Minute]:
    """So many minutes in which every slot was watched; `failed` by how many minutes ago."""
    return [
        Minute(until - ago, ALL, (failed or {}).get(ago, 0), SLOTS, 20.0, 60.0)
        for ago in range(number - 1, -1, -1)
    ]


def last(found: tuple[Uptime, ...], period: str) -> Uptime:
    return next(each for each in found if each.period == period)


def test_a_target_that_always_answered_was_up_all_the_time() -> None:
    hour = last(uptimes(minutes(120), NOW_S), "hour")
    assert (hour.percent, hour.outages, hour.state) == (100.0, 0, "met")
    assert hour.watched_s == 3600
    assert (hour.mean_ms, hour.worst_ms) == (5.0, 20.0)
    assert hour.text == "100 %, no outage"


def test_the_share_is_over_the_watched_time_alone() -> None:
    # Half an hour watched, one minute of it down; nobody knows of the other half.
    hour = last(uptimes(minutes(30, failed={5: ALL}), NOW_S), "hour")
    assert hour.percent == pytest.approx(29 / 30 * 100)
    assert hour.text == ("96.66 %, 1 outage of 1 min, watched for 30 min of it (below 99.5 %)")


def test_too_little_was_watched_to_say_anything() -> None:
    hour, day, month = uptimes(minutes(3), NOW_S)
    for each, enough in (
        (hour, "an hour needs 6 min"),
        (day, "a day needs 2 h 24 min"),
        (month, "30 days need 72 h"),
    ):
        assert (each.percent, each.state) == (None, "unknown")
        assert each.text == f"unknown: watched for only 3 min ({enough})"
    assert last(uptimes([], NOW_S), "day").text == "unknown: not watched (a day needs 2 h 24 min)"


def test_what_it_says_is_enough_is_enough() -> None:
    assert last(uptimes(minutes(6), NOW_S), "hour").state == "met"
    assert last(uptimes(minutes(5), NOW_S), "hour").state == "unknown"


def test_an_outage_is_told_even_where_the_share_is_unknown() -> None:
    day = last(uptimes(minutes(30, failed={1: 0b11}), NOW_S), "day")
    assert day.text == (
        "unknown: watched for only 30 min, 1 outage of 10 s (a day needs 2 h 24 min)"
    )


@pytest.mark.parametrize(
    ("failed_slots", "state"), [(0, "met"), (1, "below"), (3, "below"), (4, "alert"), (60, "alert")]
)
def test_the_goal_is_999_and_the_alert_below_995(failed_slots: int, state: str) -> None:
    failed = {
        10 + number: (1 << min(SLOTS, failed_slots - number * SLOTS)) - 1
        for number in range(-(-failed_slots // SLOTS))
    }
    # 720 slots of five seconds: one is 0.14 %, four are 0.56 %.
    assert last(uptimes(minutes(60, failed=failed), NOW_S), "hour").state == state


def test_the_alert_is_where_the_configuration_has_it() -> None:
    found = uptimes(minutes(60, failed={3: 0b1111}), NOW_S, alert_percent=99.0)
    assert last(found, "hour").state == "below"


def test_one_failure_in_a_month_is_not_a_hundred_percent() -> None:
    month = last(uptimes(minutes(43_200, failed={9: 1}), NOW_S), "30 days")
    assert month.text == "99.99 %, 1 outage of 5 s"


def test_an_outage_goes_on_over_the_end_of_a_minute() -> None:
    found = uptimes(minutes(60, failed={8: 0b1110_0000_0000, 7: 0b1, 3: 0b1}), NOW_S)
    hour = last(found, "hour")
    assert (hour.outages, hour.longest_s, hour.down_s) == (2, 20, 25)
    assert hour.text.startswith("99.30 %, 2 outages, the longest 20 s")


def test_looks_far_apart_at_what_is_down_are_one_outage_of_at_least_that_long() -> None:
    before = minutes(10, until=NOW_MIN - 30, failed={0: 0b1000_0000_0000})
    after = minutes(10, failed={9: 0b1})
    hour = last(uptimes([*before, *after], NOW_S), "hour")
    assert (hour.outages, hour.longest_s, hour.down_s) == (1, 10, 10)
    assert "1 outage of at least 10 s" in hour.text


def test_one_answer_between_two_looks_makes_two_outages_of_them() -> None:
    looks = [Minute(NOW_MIN - 20, 0b1, 0b1), Minute(NOW_MIN - 10, 0b11, 0b10)]
    hour = last(uptimes(looks, NOW_S), "hour")
    assert (hour.outages, hour.longest_s) == (2, 5)
    assert "2 outages, the longest 5 s" in hour.text


def test_an_outage_that_lasts_until_now_counts() -> None:
    hour = last(uptimes(minutes(60, failed={1: ALL, 0: ALL}), NOW_S), "hour")
    assert (hour.outages, hour.longest_s) == (1, 120)


def test_what_was_before_a_period_is_not_in_it() -> None:
    hour = last(uptimes(minutes(70, failed={61: ALL}), NOW_S), "hour")
    assert (hour.outages, hour.percent) == (0, 100.0)


class TestSlots:
    def test_a_quick_check_speaks_for_its_own(self) -> None:
        assert slots_of(NOW_S + 7.5, 0.02) == [(NOW_MIN, 0b10)]

    def test_a_check_that_waits_speaks_for_those_that_it_kept_from_being_asked(self) -> None:
        # Asked at 2.5 s, given up at 10.5 s: the next is due at 12.5 s.
        assert slots_of(NOW_S + 2.5, 8.0) == [(NOW_MIN, 0b11)]

    def test_it_may_reach_into_the_next_minute(self) -> None:
        assert slots_of(NOW_S + 57.5, 5.5) == [(NOW_MIN, 1 << 11), (NOW_MIN + 1, 0b1)]

    def test_one_that_slept_with_the_machine_speaks_for_a_minute_at_most(self) -> None:
        spoken = slots_of(NOW_S + 2.5, 86_400.0)
        assert sum(bits.bit_count() for _, bits in spoken) == SLOTS + 1

    def test_a_clock_that_went_back_loses_nothing(self) -> None:
        assert slots_of(NOW_S + 2.5, -3.0) == [(NOW_MIN, 0b1)]
