from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.core.script import row
from tui.core.events import FailureCount, SlowRequest
from tui.core.tally import MEASURED, WARM_UP, Row
from tui.load.windows import CLOSE_AFTER_S, MAX_SPAN, WindowMerger
from tui.load.wire import Report, Window


class Worker:
    """Makes the reports of one worker."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._number = 0

    def report(self, covers_s: float, *windows: Window, skip: int = 0, **facts: float) -> Report:
        """The next report; `skip` ones before it were lost."""
        number = self._number + skip
        self._number = number + 1
        usual = Report(
            worker=self.name,
            number=number,
            covers_s=covers_s,
            windows=list(windows),
            users=0,
            in_flight=0,
            oldest_s=0.0,
            silent_s=0.0,
            cpu_percent=0.0,
            created=[],
            deleted=[],
            user_errors=[],
            user_error_count=0,
            other_requests=0,
        )
        return msgspec.structs.replace(usual, **facts)


def window(second: int, *rows: Row, lags_ms: Sequence[float] = ()) -> Window:
    return Window(second, list(rows), [], [], list(lags_ms))


@pytest.fixture
def one() -> Worker:
    return Worker("w1")


@pytest.fixture
def two() -> Worker:
    return Worker("w2")


@pytest.fixture
def merger() -> WindowMerger:
    return WindowMerger(["w1", "w2"])


def test_a_second_closes_when_every_worker_is_beyond_it(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.add(one.report(1.4, window(0, row([10.0]))))
    assert merger.close(1.5) == []
    merger.add(two.report(1.1, window(0, row([20.0]))))
    assert [closed.second for closed in merger.close(1.5)] == [0]
    assert merger.close(1.5) == []


def test_two_workers_rows_become_one(merger: WindowMerger, one: Worker, two: Worker) -> None:
    slow = SlowRequest("POST", "/predict", 900.0, 0.9)
    failed = FailureCount("POST", "/predict", "5xx", "HTTP 503", MEASURED, 1)
    merger.add(one.report(1.0, window(0, row([10.0, 30.0], failed_ms=[2.0]))))
    merger.add(two.report(1.0, Window(0, [row([50.0])], [failed], [slow], [])))
    (closed,) = merger.close(1.0)
    (merged,) = closed.rows.values()
    assert (merged.requests, merged.failures, merged.sum_ms) == (4, 1, 92.0)
    assert (merged.min_ms, merged.max_ms) == (2.0, 50.0)
    assert sum(merged.buckets.values()) == 4
    assert sum(merged.failed_buckets.values()) == 1
    assert (closed.failures, closed.slow) == ([failed], [slow])


def test_endpoints_and_phases_stay_apart(merger: WindowMerger, one: Worker) -> None:
    merger.add(one.report(1.0, window(0, row([1.0], name="/a"), row([1.0], name="/b"))))
    merger.add(one.report(1.2, window(0, row([1.0], name="/a", phase=WARM_UP))))
    closed = merger.close(5.0)[0]
    assert sorted((each.name, each.phase) for each in closed.rows.values()) == [
        ("/a", WARM_UP),
        ("/a", MEASURED),
        ("/b", MEASURED),
    ]


def test_the_parts_of_a_second_add_up(merger: WindowMerger, one: Worker, two: Worker) -> None:
    merger.add(one.report(0.5, window(0, row([1.0]))))
    merger.add(one.report(1.0, window(0, row([2.0]), lags_ms=[5.0])))
    merger.add(two.report(1.0, window(0, lags_ms=[3.0])))
    (closed,) = merger.close(1.0)
    assert [each.requests for each in closed.rows.values()] == [2]
    assert closed.lag_p99_ms == 5.0


def test_seconds_close_in_order_and_none_is_left_out(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.add(one.report(4.0, window(3, row([1.0])), window(0, row([1.0]))))
    merger.add(two.report(4.0))
    closed = merger.close(4.0)
    assert [each.second for each in closed] == [0, 1, 2, 3]
    assert [len(each.rows) for each in closed] == [1, 0, 0, 1]


def test_a_silent_worker_holds_a_second_open_for_two_more(
    merger: WindowMerger, one: Worker
) -> None:
    for half in range(1, 8):
        merger.add(one.report(half / 2))
    assert merger.close(1 + CLOSE_AFTER_S - 0.01) == []
    assert [closed.second for closed in merger.close(1 + CLOSE_AFTER_S)] == [0]


def test_a_worker_that_was_lost_holds_nothing_open(merger: WindowMerger, one: Worker) -> None:
    merger.add(one.report(2.0))
    merger.forget("w2")
    assert [closed.second for closed in merger.close(2.1)] == [0, 1]


def test_what_comes_for_a_closed_second_is_handed_back(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.add(one.report(3.0))
    merger.close(3.5)
    late = merger.add(two.report(3.4, window(0, row([7.0])), window(2, row([8.0]))))
    assert [each.second for each in late] == [0]
    closed = merger.close(10.0, everything=True)
    assert sum(each.requests for window in closed for each in window.rows.values()) == 1


def test_gaps_in_the_numbers_are_lost_reports(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.add(one.report(0.5))
    merger.add(one.report(2.0, skip=2))
    merger.add(two.report(0.5, skip=1))
    assert (merger.received, merger.lost) == (3, 3)


def test_at_the_end_everything_closes(merger: WindowMerger, one: Worker) -> None:
    merger.add(one.report(1.5, window(1, row([1.0]))))
    assert [closed.second for closed in merger.close(1.6, everything=True)] == [0, 1]


def test_levels_are_sums_and_ages_the_worst(merger: WindowMerger, one: Worker, two: Worker) -> None:
    merger.add(one.report(1.0, users=3, in_flight=2, oldest_s=0.5, silent_s=4.0))
    merger.add(two.report(1.0, users=4, in_flight=1, oldest_s=2.5, silent_s=0.1))
    # An answer anywhere is an answer: silence is the shortest one.
    assert (merger.users, merger.in_flight) == (7, 3)
    assert (merger.oldest_s, merger.silent_s) == (2.5, 0.1)
    assert merger.users_of("w2") == 4
    merger.forget("w2")
    assert (merger.users, merger.users_of("w2")) == (3, 0)


def test_a_forgotten_worker_that_wakes_up_counts_again_but_holds_nothing_for_long(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.forget("w2")
    merger.add(two.report(1.0, window(0, row([1.0])), users=2))
    merger.add(one.report(9.0, users=1))
    assert merger.users == 3
    assert [closed.second for closed in merger.close(9.0)] == list(range(7))


def test_the_busiest_worker_speaks_for_the_generator(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.add(one.report(0.9, cpu_percent=20.0, other_requests=2))
    merger.add(two.report(0.9, cpu_percent=70.0, other_requests=3))
    merger.add(one.report(1.5, cpu_percent=1.0))
    merger.add(two.report(1.5, cpu_percent=1.0))
    (closed,) = merger.close(1.5)
    assert (closed.cpu_percent, closed.other_requests) == (70.0, 5)


def test_a_report_tells_of_every_second_that_it_covers(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    # The first worker said nothing for three seconds: what it cost then it cost in each of them.
    for half in range(1, 7):
        merger.add(two.report(half / 2, cpu_percent=10.0))
    merger.add(one.report(3.0, cpu_percent=95.0))
    assert [closed.cpu_percent for closed in merger.close(3.0)] == [95.0, 95.0, 95.0]


def test_a_second_of_which_no_report_tells_has_no_cost(merger: WindowMerger, one: Worker) -> None:
    merger.add(one.report(0.5, cpu_percent=40.0))
    closed = merger.close(2.0 + CLOSE_AFTER_S)
    assert [each.cpu_percent for each in closed] == [40.0, None]


def test_users_and_ages_are_those_of_their_second(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    for second, users in enumerate((2, 5, 3), start=1):
        for worker in (one, two):
            report = worker.report(second, users=users, in_flight=users + 1, oldest_s=users / 10)
            merger.add(report)
    closed = [(each.users, each.in_flight, each.oldest_s) for each in merger.close(3.0)]
    assert closed == [(4, 6, 0.2), (10, 12, 0.5), (6, 8, 0.3)]


@pytest.mark.parametrize("spoke", [[], ["w1"], ["w1", "w2"]])
def test_a_second_in_which_a_worker_did_not_tick_was_late_all_along(
    merger: WindowMerger, one: Worker, two: Worker, spoke: list[str]
) -> None:
    for worker in (one, two):
        lags_ms = [2.0] if worker.name in spoke else []
        merger.add(worker.report(1.0, window(0, row([10.0]), lags_ms=lags_ms)))
    (closed,) = merger.close(1.0)
    assert closed.lag_p99_ms == (2.0 if len(spoke) == 2 else 1000.0)


def test_a_lost_worker_is_not_expected_to_tick(merger: WindowMerger, one: Worker) -> None:
    merger.forget("w2")
    merger.add(one.report(1.0, window(0, lags_ms=[2.0])))
    (closed,) = merger.close(1.0)
    assert closed.lag_p99_ms == 2.0


def test_a_report_after_a_day_of_silence_opens_a_bounded_number_of_seconds(
    merger: WindowMerger, one: Worker
) -> None:
    merger.add(one.report(86_400.0, cpu_percent=5.0))
    closed = merger.close(86_400.0)
    told = [each.second for each in closed if each.cpu_percent is not None]
    assert len(told) <= MAX_SPAN + 1
    assert told[-1] == closed[-1].second


@pytest.mark.parametrize(("lags_ms", "p99_ms"), [([4.0], 4.0), ([*range(1, 101)], 99.0)])
def test_the_lag_of_a_second_is_its_99th_percentile(
    merger: WindowMerger, one: Worker, lags_ms: list[float], p99_ms: float
) -> None:
    merger.add(one.report(1.0, window(0, lags_ms=lags_ms)))
    merger.forget("w2")
    (closed,) = merger.close(1.0)
    assert closed.lag_p99_ms == p99_ms


def test_what_workers_did_between_requests_is_summed(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    paced = Window(0, [], [], [], [], think_s=1.5, thinks=3, missed_sends=2, due=9, operations=7)
    merger.add(one.report(1.0, paced, done=2, asked_users=4))
    merger.add(two.report(1.0, msgspec.structs.replace(paced, thinks=1), done=1, asked_users=3))
    (closed,) = merger.close(1.0)
    assert (closed.think_s, closed.thinks, closed.missed_sends) == (3.0, 4, 4)
    assert (closed.due, closed.operations) == (18, 14)
    assert (merger.done, merger.asked_users) == (3, 7)


def test_what_comes_late_of_it_counts_in_the_next_window(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.add(one.report(1.5))
    merger.add(two.report(1.5))
    assert [closed.missed_sends for closed in merger.close(1.5)] == [0]
    late = Window(0, [], [], [], [], missed_sends=7, due=8, operations=9)
    assert merger.add(one.report(2.5, late)) == [], "no row of it is late"
    merger.add(two.report(2.5))
    (closed,) = merger.close(2.5)
    assert (closed.missed_sends, closed.due, closed.operations) == (7, 8, 9)


def test_what_comes_after_all_windows_have_closed_opens_a_last_one(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    merger.add(one.report(2.0))
    merger.add(two.report(2.0))
    merger.close(2.0)
    merger.close(2.0, everything=True)
    merger.add(one.report(2.5, Window(1, [], [], [], [], missed_sends=7), final=True))
    merger.add(two.report(2.5, final=True))
    assert sum(closed.missed_sends for closed in merger.close(2.5, everything=True)) == 7


def test_users_of_a_lost_worker_that_were_done_stay_done(merger: WindowMerger, one: Worker) -> None:
    merger.add(one.report(1.0, done=4))
    merger.forget("w1")
    assert merger.done == 4


def test_service_times_and_overloads_of_two_workers_are_merged(
    merger: WindowMerger, one: Worker, two: Worker
) -> None:
    share = msgspec.structs.replace(row([10.0]), overloaded=1, service_buckets={3: 2})
    merger.add(one.report(1.0, window(0, share)))
    merger.add(two.report(1.0, window(0, share)))
    (closed,) = merger.close(1.0)
    (merged,) = closed.rows.values()
    assert (merged.overloaded, merged.service_buckets) == (2, {3: 4})
