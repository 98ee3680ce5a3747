from __future__ import annotations

import msgspec
import pytest
from gevent import getcurrent
from geventhttpclient.useragent import RetriesExceeded

from tui.core.histogram import bucket_of
from tui.core.limits import parse_limit
from tui.core.tally import MEASURED, UNMEASURED, WARM_UP, Row
from tui.load.recorder import (
    LATE_KEY,
    MAX_ENDPOINTS,
    MAX_FAILURES,
    MAX_LATE_SECONDS,
    MAX_SAMPLES,
    NOT_BEGUN,
    OTHER,
    Recorder,
)
from tui.load.wire import Window

SECRET = "s3cret-9f"


class Clock:
    """Moves when told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Response:
    """What Locust hands over with a request."""

    def __init__(self, status_code: int = 200, text: str = "") -> None:
        self.status_code = status_code
        self.text = text


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorder(clock: Clock) -> Recorder:
    limits = (parse_limit("p95_ms", "< 100"), parse_limit("p99_ms", "<= 100"))
    made = Recorder(clock, limits, slow_ms=1000.0, secrets=(SECRET, ""))
    made.begin(clock.now_s)
    return made


@pytest.fixture
def clocked(clock: Clock) -> Recorder:
    """One of the open model."""
    limit = parse_limit("p95_ms", "< 100")
    made = Recorder(clock, (limit,), slow_ms=1000.0, is_open=True)
    made.begin(clock.now_s)
    return made


def rows_of(windows: list[Window]) -> list[Row]:
    return [row for window in windows for row in window.rows]


def test_a_request_counts_in_the_second_in_which_it_ended(recorder: Recorder, clock: Clock) -> None:
    for ended_s in (100.2, 100.9, 102.5):
        clock.now_s = ended_s
        recorder.request("GET", "/look", 700.0)
    windows = recorder.take()
    assert [(window.second, window.rows[0].requests) for window in windows] == [(0, 2), (2, 1)]


def test_what_was_taken_is_not_taken_twice(recorder: Recorder) -> None:
    recorder.request("GET", "/look", 1.0)
    assert len(recorder.take()) == 1
    assert recorder.take() == []


def test_a_row_holds_count_sum_least_and_most(recorder: Recorder) -> None:
    for ms in (10.0, 30.0, 20.0):
        recorder.request("GET", "/look", ms)
    (row,) = rows_of(recorder.take())
    assert (row.requests, row.sum_ms, row.min_ms, row.max_ms) == (3, 60.0, 10.0, 30.0)
    assert sum(row.buckets.values()) == 3
    assert row.failed_buckets == {}


def test_a_request_belongs_to_the_phase_in_which_it_was_sent(
    recorder: Recorder, clock: Clock
) -> None:
    recorder.enter(MEASURED, 101.0)
    recorder.enter(UNMEASURED, 103.0)
    phases = []
    for ended_s, ms in ((101.5, 600.0), (101.5, 400.0), (104.0, 1100.0), (104.0, 900.0)):
        clock.now_s = ended_s
        recorder.request("GET", "/look", ms)
        phases += [row.phase for row in rows_of(recorder.take())]
    assert phases == [WARM_UP, MEASURED, MEASURED, UNMEASURED]


def test_a_limit_is_counted_at_its_edge_exactly(recorder: Recorder) -> None:
    # Less than a bucket apart: only the exact count can tell them.
    for ms in (99.99, 100.0, 100.01):
        recorder.request("GET", "/look", ms)
    (row,) = rows_of(recorder.take())
    assert row.over == [2, 1]


def test_failures_are_grouped_by_what_went_wrong(recorder: Recorder) -> None:
    recorder.request("GET", "/look", 5.0, OSError("503"), Response(503, "overloaded"))
    recorder.request("GET", "/look", 5.0, OSError("503"), Response(503, "overloaded"))
    recorder.request("GET", "/look", 5.0, ConnectionRefusedError(111, "refused"), Response(0))
    recorder.request("GET", "/look", 5.0)
    (window,) = recorder.take()
    found = {(one.failure_class, one.error): one.count for one in window.failures}
    assert found == {("5xx", "HTTP 503"): 2, ("connect", "refused"): 1}
    (row,) = window.rows
    assert (row.requests, row.failures, sum(row.failed_buckets.values())) == (4, 3, 3)


def test_numbers_that_differ_from_request_to_request_make_no_new_group(recorder: Recorder) -> None:
    for number in range(5):
        recorder.request("GET", "/look", 5.0, ValueError(f"no object at 0x7f{number}a"))
    (window,) = recorder.take()
    assert [one.count for one in window.failures] == [5]


def test_names_beyond_the_cap_are_counted_as_other(recorder: Recorder) -> None:
    for number in range(MAX_ENDPOINTS + 30):
        recorder.request("GET", f"/thing/{number}", 5.0)
    rows = rows_of(recorder.take())
    assert len(rows) == MAX_ENDPOINTS + 1
    assert {row.name: row.requests for row in rows}[OTHER] == recorder.other_requests == 30
    # A name that was known before the cap keeps its row.
    recorder.request("GET", "/thing/0", 5.0)
    assert rows_of(recorder.take())[0].name == "/thing/0"


def test_failures_beyond_the_cap_are_counted_as_other(recorder: Recorder) -> None:
    words = [f"{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(260)]
    for word in words:
        recorder.request("GET", "/look", 5.0, ValueError(word))
    (window,) = recorder.take()
    assert len(window.failures) == MAX_FAILURES + 1
    assert sum(one.count for one in window.failures) == len(words)
    assert {one.error: one.count for one in window.failures}[OTHER] == len(words) - MAX_FAILURES


def test_samples_are_few_short_and_can_move_no_cursor(recorder: Recorder) -> None:
    for number in range(60):
        text = f"\x1b[2J{'x' * 100_000}"
        recorder.request("GET", f"/{number}", 5.0, OSError(), Response(500, text))
    (window,) = recorder.take()
    samples = [one.sample for one in window.failures if one.sample]
    assert len(samples) == MAX_SAMPLES
    assert all(len(sample) <= 500 and sample.isprintable() for sample in samples)


@pytest.mark.parametrize("padding", [0, 495])
def test_a_secret_is_in_no_sample_message_or_name(recorder: Recorder, padding: int) -> None:
    # The second one straddles the place where a sample is cut.
    body = "x" * padding + SECRET
    recorder.request("GET", f"/{SECRET}", 5.0, OSError(f"no {SECRET}"), Response(0, body))
    recorder.request("GET", "/b", 5.0, OSError(), Response(401, f"who is {SECRET}?"))
    text = repr(recorder.take())
    assert "***" in text
    assert SECRET[:5] not in text


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (TimeoutError("timed out"), ("timeout", "timed out")),
        (OSError(113, "No route to host"), ("connect", "No route to host")),
    ],
)
def test_a_failure_is_told_by_what_happened_on_the_last_try(
    recorder: Recorder, inner: Exception, expected: tuple[str, str]
) -> None:
    recorder.request("GET", "/a", 5.0, RetriesExceeded("http://h:80/a", 0, original=inner))
    (window,) = recorder.take()
    assert [(one.failure_class, one.error) for one in window.failures] == [expected]


def test_a_body_that_can_not_be_decoded_loses_no_failure(recorder: Recorder) -> None:
    class Garbled:
        status_code = 500

        @property
        def text(self) -> str:
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    recorder.request("GET", "/look", 5.0, OSError(), Garbled())
    (window,) = recorder.take()
    assert [(one.failure_class, one.sample) for one in window.failures] == [("5xx", "")]


def test_the_slowest_of_a_second_are_kept(recorder: Recorder) -> None:
    for ms in range(900, 1100):
        recorder.request("GET", "/look", float(ms))
    (window,) = recorder.take()
    assert sorted(one.ms for one in window.slow) == [float(ms) for ms in range(1080, 1100)]


def test_a_slow_request_knows_the_phase_in_which_it_was_sent(
    recorder: Recorder, clock: Clock
) -> None:
    recorder.enter(MEASURED, 102.0)
    clock.now_s = 104.0
    for ms in (2500.0, 1500.0):
        recorder.request("GET", "/look", ms)
    (window,) = recorder.take()
    assert [(one.ms, one.phase) for one in window.slow] == [(2500.0, WARM_UP), (1500.0, MEASURED)]


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_a_request_without_a_time_counts_and_moves_no_percentile(
    recorder: Recorder, unknown: float | None
) -> None:
    recorder.request("GET", "/look", unknown)
    recorder.request("GET", "/look", unknown, OSError("never sent"))
    recorder.request("GET", "/look", 50.0)
    (row,) = rows_of(recorder.take())
    assert (row.requests, row.failures) == (3, 1)
    assert (sum(row.buckets.values()), row.failed_buckets) == (1, {})
    assert (row.sum_ms, row.min_ms, row.max_ms, row.over) == (50.0, 50.0, 50.0, [0, 0])


def test_what_can_not_be_encoded_loses_no_report(recorder: Recorder) -> None:
    odd = "\ud800"
    recorder.request(f"GET{odd}", f"/{odd}", 5.0, ValueError(odd), Response(500, odd * 600))
    recorder.request("GET", "/look", 5.0, ValueError(odd))
    windows = msgspec.msgpack.decode(msgspec.msgpack.encode(recorder.take()), type=list[Window])
    assert [row.name for row in rows_of(windows)] == ["/?", "/look"]


def test_what_was_never_answered_is_a_timeout_in_the_phase_of_its_start(
    recorder: Recorder, clock: Clock
) -> None:
    recorder.enter(MEASURED, 101.0)
    recorder.enter(UNMEASURED, 105.0)
    clock.now_s = 108.0
    recorder.unanswered(102.0, 102.0, 108.0)
    (window,) = recorder.take()
    assert [(row.phase, row.failures, row.max_ms) for row in window.rows] == [(1, 1, 6000.0)]
    assert [one.failure_class for one in window.failures] == ["timeout"]


def test_the_oldest_request_in_flight_has_an_age(recorder: Recorder) -> None:
    assert recorder.oldest_s(103.0) == 0.0
    recorder.in_flight.update({1: (101.0, 101.5), 2: (102.0, 102.0)})
    assert recorder.oldest_s(103.0) == 2.0


def test_an_answer_ends_the_silence(recorder: Recorder, clock: Clock) -> None:
    assert recorder.last_answer_s == 100.0
    clock.now_s = 104.0
    recorder.request("GET", "/look", 1.0)
    assert recorder.last_answer_s == 104.0


def test_how_late_the_timer_was_goes_into_its_second(recorder: Recorder, clock: Clock) -> None:
    clock.now_s = 100.5
    recorder.tick(100.5 - 2**-8)
    clock.now_s = 101.5
    recorder.tick(101.5 - 2**-7)
    lags = [(window.second, window.lags_ms, window.rows) for window in recorder.take()]
    assert lags == [(0, [1000 / 2**8], []), (1, [1000 / 2**7], [])]


def test_a_timer_that_fires_early_is_not_late(recorder: Recorder) -> None:
    recorder.tick(100.5)
    assert [window.lags_ms for window in recorder.take()] == [[0.0]]


def test_a_frozen_worker_was_late_in_every_second_that_it_missed(
    recorder: Recorder, clock: Clock
) -> None:
    clock.now_s = 104.75
    recorder.tick(101.25)
    lags = [(window.second, window.lags_ms) for window in recorder.take()]
    assert lags == [(second, [3500.0]) for second in (1, 2, 3, 4)]


def test_a_worker_that_slept_for_a_day_marks_a_bounded_number_of_seconds(
    recorder: Recorder, clock: Clock
) -> None:
    clock.now_s = 100.0 + 86_400
    recorder.tick(100.0)
    windows = recorder.take()
    assert len(windows) == MAX_LATE_SECONDS + 1
    assert windows[-1].second == 86_400


def test_what_came_before_the_load_is_forgotten(recorder: Recorder, clock: Clock) -> None:
    recorder.request("GET", "/look", 5.0, OSError("early"))
    recorder.tick(99.0)
    clock.now_s = 110.0
    recorder.begin(110.0)
    assert recorder.take() == []
    recorder.request("GET", "/look", 5.0)
    assert [window.second for window in recorder.take()] == [0]


def test_a_long_run_with_many_pauses_keeps_few_phases(recorder: Recorder, clock: Clock) -> None:
    for number in range(100):
        recorder.enter(MEASURED, 200.0 + number)
    clock.now_s = 400.0
    recorder.request("GET", "/look", 1.0)
    recorder.request("GET", "/look", 350_000.0)
    phases = {row.phase: row.requests for row in rows_of(recorder.take())}
    # What is older than all that is remembered can't be judged.
    assert phases == {MEASURED: 1, UNMEASURED: 1}


def test_a_request_that_was_sent_late_counts_from_its_intended_moment(
    clocked: Recorder, clock: Clock
) -> None:
    clocked.enter(MEASURED, 101.0)
    clock.now_s = 102.0
    clocked.request("GET", "/look", 50.0, context={LATE_KEY: 1200.0})
    (window,) = clocked.take()
    (row,) = window.rows
    # It was due in the warm-up, and slow by the clock alone.
    assert (row.phase, row.sum_ms, row.over) == (WARM_UP, 1250.0, [1])
    assert row.buckets == {bucket_of(1250.0): 1}
    assert row.service_buckets == {bucket_of(50.0): 1}
    assert [one.ms for one in window.slow] == [1250.0]


def test_a_request_that_was_sent_in_time_is_the_same_by_both_clocks(clocked: Recorder) -> None:
    clocked.request("GET", "/look", 50.0)
    (row,) = rows_of(clocked.take())
    assert row.buckets == row.service_buckets == {bucket_of(50.0): 1}


def test_another_protocols_client_counts_from_the_clock_too(
    clocked: Recorder, clock: Clock
) -> None:
    clocked.due[id(getcurrent())] = 100.0
    clock.now_s = 101.0
    clocked.request("GRPC", "call", 400.0)
    clocked.request("GRPC", "call", 400.0)
    (row,) = rows_of(clocked.take())
    assert row.buckets == {bucket_of(1000.0): 1, bucket_of(400.0): 1}
    assert row.service_buckets == {bucket_of(400.0): 2}


def test_what_was_never_answered_counts_from_its_intended_moment(
    clocked: Recorder, clock: Clock
) -> None:
    clock.now_s = 110.0
    clocked.unanswered(101.0, 104.0, 110.0)
    (row,) = rows_of(clocked.take())
    assert (row.max_ms, row.service_buckets) == (9000.0, {bucket_of(6000.0): 1})


def test_a_429_or_a_503_is_an_overload_and_no_other_failure_is(recorder: Recorder) -> None:
    for status in (429, 503, 500, 404):
        recorder.request("GET", "/look", 5.0, OSError(), Response(status))
    recorder.request("GET", "/look", 5.0, None, Response(503))
    (row,) = rows_of(recorder.take())
    assert (row.failures, row.overloaded) == (4, 2)


def test_an_arrival_that_was_not_begun_is_a_timeout_in_the_phase_in_which_it_was_due(
    clocked: Recorder, clock: Clock
) -> None:
    clocked.enter(MEASURED, 101.0)
    clocked.enter(UNMEASURED, 104.0)
    clock.now_s = 112.0
    clocked.not_begun(102.0, 10.0)
    clocked.not_begun(100.5, 10.0)
    (window,) = clocked.take()
    assert (window.second, window.missed_sends) == (12, 1)
    found = [(row.method, row.name, row.phase, row.failures, row.max_ms) for row in window.rows]
    assert found == [
        ("", NOT_BEGUN, MEASURED, 1, 10_000.0),
        ("", NOT_BEGUN, WARM_UP, 1, 11_500.0),
    ]
    assert [row.over for row in window.rows] == [[1], [1]]
    # It was never sent: there is no time from its send.
    assert [row.service_buckets for row in window.rows] == [{}, {}]
    assert {(one.failure_class, one.error) for one in window.failures} == {
        ("timeout", "no free user for 10 s")
    }
