"""What becomes of arrivals without a free user."""

from __future__ import annotations

import time

import gevent
import pytest

from tui.core.load import Arrival
from tui.core.tally import MEASURED, UNMEASURED
from tui.load.dispatcher import EARLY_S, Dispatcher
from tui.load.recorder import NOT_BEGUN, Recorder
from tui.load.schedule import Schedule
from tui.load.wire import Window

RATE = 100.0


class Bench:
    """A dispatcher that has begun, of the measured phase."""

    def __init__(self, timeout_s: float) -> None:
        self.began_s = time.monotonic()
        self.recorder = Recorder(time.monotonic, (), 60_000.0, is_open=True)
        self.recorder.begin(self.began_s)
        self.recorder.enter(MEASURED, self.began_s)
        schedule = Schedule(Arrival(RATE, RATE), 60.0)
        self.dispatcher = Dispatcher(schedule, timeout_s, self.recorder)
        self.dispatcher.begin(self.began_s)
        self.windows: list[Window] = []

    def until_waits_s(self, waits_s: float) -> None:
        """Nobody is free for so long."""
        while self.dispatcher.oldest_s(time.monotonic()) < waits_s:
            gevent.sleep(0.005)

    def end(self) -> None:
        """No arrivals any more, and everything told."""
        now_s = time.monotonic()
        self.recorder.enter(UNMEASURED, now_s)
        self.dispatcher.drain(now_s)
        self.take()

    def take(self) -> None:
        """What is new."""
        self.windows += self.recorder.take()

    def total(self, name: str) -> int:
        """The sum of one figure of the windows."""
        return sum(getattr(window, name) for window in self.windows)

    @property
    def failed_ms(self) -> list[float]:
        """The least of each second, in ms."""
        return [row.min_ms for window in self.windows for row in window.rows]

    @property
    def failed(self) -> int:
        """Requests that never were any."""
        rows = [row for window in self.windows for row in window.rows]
        assert {(row.method, row.name, row.phase) for row in rows} <= {("", NOT_BEGUN, MEASURED)}
        assert [row.failures for row in rows] == [row.requests for row in rows]
        assert all(row.service_buckets == {} for row in rows)
        return sum(row.failures for row in rows)


def test_who_waited_longer_than_a_request_may_failed_and_was_missed() -> None:
    bench = Bench(timeout_s=0.1)
    while bench.total("missed_sends") < 5:
        gevent.sleep(0.01)
        bench.take()
    failed = bench.failed
    assert failed == bench.total("missed_sends")
    assert min(bench.failed_ms) >= 100.0
    bench.end()
    assert bench.total("missed_sends") == bench.total("due") > failed
    (told,) = {one.error for window in bench.windows for one in window.failures}
    assert told == "no free user for … s"
    assert {one.failure_class for window in bench.windows for one in window.failures} == {"timeout"}


def test_who_is_in_line_at_the_end_is_missed_but_failed_only_after_the_timeout() -> None:
    bench = Bench(timeout_s=60.0)
    bench.until_waits_s(0.1)
    bench.end()
    assert bench.failed == 0
    assert bench.total("missed_sends") == bench.total("due") >= 5


def test_the_end_finds_those_whose_time_is_up_before_their_alarm_does() -> None:
    bench = Bench(timeout_s=1.0)
    bench.until_waits_s(0.6)
    time.sleep(0.6)  # no other greenlet runs
    bench.end()
    assert 0 < bench.failed < bench.total("missed_sends")


def test_a_pause_forgets_who_is_in_line() -> None:
    bench = Bench(timeout_s=60.0)
    bench.until_waits_s(0.1)
    now_s = time.monotonic()
    bench.take()
    bench.recorder.enter(UNMEASURED, now_s)
    bench.dispatcher.pause(True, now_s)
    assert bench.dispatcher.oldest_s(time.monotonic()) == 0.0
    told = bench.total("due")
    now_s = time.monotonic()
    bench.recorder.enter(MEASURED, now_s)
    bench.dispatcher.pause(False, now_s)
    bench.until_waits_s(0.2)
    bench.end()
    assert bench.failed == 0
    # Those forgotten were told of as due before: as many of the later ones stand in for them.
    assert bench.total("due") - bench.total("missed_sends") == 0
    assert bench.total("due") > told >= 5


def test_an_operation_goes_to_who_is_free() -> None:
    bench = Bench(timeout_s=60.0)
    turns: list[float] = []

    def work() -> None:
        while len(turns) < 5:
            turns.append(bench.dispatcher.await_turn())

    gevent.spawn(work).join()
    gevent.sleep(2 * EARLY_S)  # the last one may have begun before it was due
    bench.end()
    assert [due_s - bench.began_s for due_s in turns] == pytest.approx(
        [number / RATE for number in range(5)]
    )
    assert bench.total("due") == 5 + bench.total("missed_sends")
