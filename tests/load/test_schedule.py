from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest

from tui.core.load import Arrival
from tui.load.schedule import Schedule


def moments(schedule: Schedule, count: int) -> list[float]:
    """The next moments, each taken."""
    found = []
    for _ in range(count):
        found.append(schedule.next_s)
        schedule.skip()
    return found


def begun(arrival: Arrival, duration_s: float, worker: int = 0, workers: int = 1) -> Schedule:
    schedule = Schedule(arrival, duration_s, worker, workers)
    schedule.begin(100.0)
    return schedule


def test_nothing_is_due_before_the_load_begins() -> None:
    schedule = Schedule(Arrival(50, 50), 30.0)
    assert schedule.next_s == inf
    schedule.hold(True, 99.0)
    assert schedule.next_s == inf


def test_a_constant_rate_is_even() -> None:
    assert moments(begun(Arrival(50, 50), 30.0), 4) == pytest.approx([100, 100.02, 100.04, 100.06])


@pytest.mark.parametrize("duration_s", [10.0, 0.0])
def test_a_rate_goes_on_after_the_planned_end(duration_s: float) -> None:
    schedule = begun(Arrival(5, 5), duration_s)
    assert moments(schedule, 101)[-1] == pytest.approx(120.0)


@pytest.mark.parametrize(("first", "last"), [(0.0, 100.0), (100.0, 0.0), (20.0, 80.0)])
def test_a_changing_rate_has_begun_what_is_due_at_every_moment(first: float, last: float) -> None:
    arrival = Arrival(first, last)
    found = moments(begun(arrival, 10.0), 499)
    assert found == sorted(found)
    for number, at_s in enumerate(found):
        assert arrival.due(at_s - 100.0, 10.0) == pytest.approx(number, abs=1e-6)


def test_a_rate_that_falls_to_nothing_is_done() -> None:
    schedule = begun(Arrival(10.0, 0.0), 2.0)
    assert moments(schedule, 10)[-1] < 102.0
    schedule.skip()
    assert schedule.next_s == inf


def test_the_workers_share_one_even_schedule() -> None:
    arrival = Arrival(10.0, 90.0)
    alone = moments(begun(arrival, 8.0), 60)
    shares = [moments(begun(arrival, 8.0, worker, 3), 20) for worker in range(3)]
    assert sorted(at_s for share in shares for at_s in share) == pytest.approx(alone)


def test_a_pause_moves_what_is_left_and_bursts_nothing() -> None:
    schedule = begun(Arrival(10, 10), 30.0)
    before = moments(schedule, 10)
    schedule.pause(True, 101.0)
    assert schedule.next_s == inf
    schedule.pause(True, 105.0)
    schedule.pause(False, 161.0)
    after = moments(schedule, 10)
    assert before[-1] < 101.0
    assert after == pytest.approx([161.0 + number / 10 for number in range(10)])


def test_a_held_rate_stays_and_then_goes_on_changing() -> None:
    schedule = begun(Arrival(0, 100), 10.0)
    early = moments(schedule, 125)
    assert early[-1] < 105.0
    schedule.hold(True, 105.0)
    held = moments(schedule, 100)
    assert [b - a for a, b in pairwise(held)] == pytest.approx([1 / 50] * 99)
    schedule.hold(False, 107.0)
    later = moments(schedule, 375)
    # The course lasts as much longer as it was held.
    assert later[0] == pytest.approx(107.0)
    assert later[-1] < 112.0 < schedule.next_s + 0.02


def test_a_hold_through_a_pause_is_still_held() -> None:
    schedule = begun(Arrival(0, 100), 10.0)
    moments(schedule, 125)
    schedule.hold(True, 105.0)
    schedule.pause(True, 105.0)
    schedule.pause(False, 200.0)
    assert moments(schedule, 3) == pytest.approx([200.0, 200.02, 200.04])


class TestAnotherRate:
    def test_goes_on_where_the_one_before_left_off(self) -> None:
        schedule = begun(Arrival(20, 20), 30.0)
        assert moments(schedule, 40)[-1] < 102.0
        schedule.rerate(50.0, 102.0)
        later = moments(schedule, 100)
        assert later == pytest.approx([102.0 + number / 50 for number in range(100)])

    def test_counts_the_part_of_an_operation_that_was_due_before(self) -> None:
        schedule = begun(Arrival(10, 10), 30.0)
        moments(schedule, 1)
        # Half of the second one was due; at twice the rate its other half takes half as long.
        schedule.rerate(20.0, 100.05)
        assert moments(schedule, 3) == pytest.approx([100.075, 100.125, 100.175])

    def test_keeps_every_operation_that_is_due_at_any_moment(self) -> None:
        steps = [(0.0, 7.0), (1.5, 31.0), (2.25, 3.0), (9.0, 150.0)]
        schedule = begun(Arrival(7.0, 7.0), 30.0)
        found = []
        for (from_s, rate), until_s in zip(steps, [1.5, 2.25, 9.0, 10.0], strict=True):
            if from_s:
                schedule.rerate(rate, 100.0 + from_s)
            while schedule.next_s < 100.0 + until_s:
                found.append(schedule.next_s)
                schedule.skip()
        assert found == sorted(found)
        assert len(found) == pytest.approx(7 * 1.5 + 31 * 0.75 + 3 * 6.75 + 150, abs=1)

    def test_is_shared_by_the_workers_as_evenly_as_the_first(self) -> None:
        shares = []
        for worker in range(3):
            schedule = begun(Arrival(30, 30), 8.0, worker, 3)
            found = moments(schedule, 10)
            schedule.rerate(90.0, 101.0)
            shares += found + moments(schedule, 30)
        gaps = [b - a for a, b in pairwise(sorted(shares))]
        assert gaps == pytest.approx([1 / 30] * 30 + [1 / 90] * 89)

    def test_of_nothing_is_silence_until_the_next(self) -> None:
        schedule = begun(Arrival(10, 10), 30.0)
        moments(schedule, 11)
        schedule.rerate(0.0, 101.0)
        assert schedule.next_s == inf
        schedule.rerate(10.0, 160.0)
        assert moments(schedule, 2) == pytest.approx([160.1, 160.2])

    @pytest.mark.parametrize("stop", ["pause", "hold"])
    def test_of_a_load_that_stands_still_counts_when_it_goes_on(self, stop: str) -> None:
        schedule = begun(Arrival(10, 10), 30.0)
        moments(schedule, 11)
        getattr(schedule, stop)(True, 101.0)
        schedule.rerate(40.0, 101.0)
        getattr(schedule, stop)(False, 101.0)
        assert moments(schedule, 2) == pytest.approx([101.025, 101.05])

    def test_ends_a_course_of_rates(self) -> None:
        schedule = begun(Arrival(0, 100), 10.0)
        moments(schedule, 125)
        schedule.rerate(50.0, 105.0)
        assert [b - a for a, b in pairwise(moments(schedule, 600))] == pytest.approx([0.02] * 599)
