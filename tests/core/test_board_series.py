from __future__ import annotations

from tests.core import script
from tui.core import events as ev
from tui.core.board_series import CAPACITY, board_series


def samples(number: int) -> list[ev.Event]:
    return [script.sample(second + 0.5, tj_c=40.0 + second % 10) for second in range(number)]


def test_a_short_run_keeps_every_second() -> None:
    series = board_series(samples(10))
    assert [point.start_s for point in series.points] == [float(second) for second in range(10)]
    assert series.points[3].gauges["tj_c"].mean == 43.0
    assert series.sources == {"tj_c": "sysfs"}


def test_a_day_folds_into_a_bounded_number_of_steps_and_loses_no_peak() -> None:
    events = [*samples(86_400), script.sample(86_000.7, tj_c=99.0)]
    series = board_series(events)
    assert CAPACITY // 2 < len(series.points) <= CAPACITY
    assert max(point.gauges["tj_c"].max for point in series.points) == 99.0
    assert min(point.gauges["tj_c"].min for point in series.points) == 40.0


def test_time_counts_from_the_first_user_and_what_was_before_is_left_out() -> None:
    events = [
        script.sample(3.2, tj_c=90.0),
        ev.WorkBegan(at_s=10.0),
        script.sample(12.5, tj_c=50.0),
    ]
    (point,) = board_series(events).points
    assert (point.start_s, point.gauges["tj_c"].max) == (2, 50.0)


def test_a_gauge_that_could_not_be_read_is_missing_and_not_zero() -> None:
    unread = ev.BoardSampled(at_s=1.5, readings={"tj_c": ev.Reading(None, "sysfs", "no sensor")})
    series = board_series([script.sample(0.5, tj_c=50.0), unread])
    assert [point.gauges.get("tj_c") is None for point in series.points] == [False, True]
