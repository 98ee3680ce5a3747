from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.lib.eventually import eventually
from tests.lib.processes import python_threads
from tui.board.beside import Beside
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading


class Slow:
    """A reader that counts, and that a test can freeze or break."""

    def __init__(self) -> None:
        self.calls = 0
        self.error = ""
        self.threads: set[int] = set()
        self.open = threading.Event()
        self.open.set()

    def __call__(self) -> Readings:
        self.threads.add(threading.get_ident())
        self.open.wait()
        if self.error:
            raise OSError(self.error)
        self.calls += 1
        return {"load_1m": Reading(float(self.calls), "proc")}


@pytest.fixture
def slow() -> Iterator[Slow]:
    reader = Slow()
    yield reader
    reader.open.set()


def test_what_was_read_comes_at_once_with_its_age(slow: Slow) -> None:
    beside = Beside("kernel", slow, 60.0)
    first = eventually(beside.read)["load_1m"]
    time.sleep(0.05)
    later = beside.read()["load_1m"]
    assert later.value == first.value == 1.0
    assert later.age_s >= first.age_s + 0.05
    beside.close()


def test_an_age_that_the_reader_knows_is_added(slow: Slow) -> None:
    beside = Beside("kernel", lambda: {"load_1m": Reading(1.0, "proc", age_s=7.0)}, 60.0)
    assert 7.0 <= eventually(beside.read)["load_1m"].age_s < 37.0
    beside.close()


def test_it_reads_again_and_again(slow: Slow) -> None:
    beside = Beside("kernel", slow, 0.01)
    eventually(lambda: slow.calls > 3)
    assert len(slow.threads) == 1
    beside.close()


def test_it_can_be_hurried(slow: Slow) -> None:
    beside = Beside("kernel", slow, 60.0)
    eventually(beside.read)

    def hurried() -> bool:
        beside.hurry()
        return slow.calls > 1

    eventually(hurried)
    beside.close()


def test_what_fails_says_why_in_every_gauge_and_comes_back(slow: Slow) -> None:
    beside = Beside("kernel", slow, 0.01)
    eventually(beside.read)
    slow.error = "I/O error"
    eventually(lambda: beside.read()["load_1m"].why)
    lost = beside.read()["load_1m"]
    assert (lost.value, lost.source) == (None, "proc")
    assert "I/O error" in lost.why
    assert "I/O error" in beside.trouble()
    slow.error = ""
    eventually(lambda: beside.read()["load_1m"].value)
    assert beside.trouble() == ""
    beside.close()


def test_what_hangs_grows_old_and_gets_no_second_thread(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.board.beside.HUNG_S", 0.2)
    beside = Beside("kernel", slow, 0.01)
    eventually(beside.read)
    slow.open.clear()
    eventually(lambda: beside.read()["load_1m"].age_s > 0.3)
    assert beside.read()["load_1m"].value is not None
    assert "has not answered since" in beside.trouble()
    assert len(slow.threads) == 1
    slow.open.set()
    eventually(lambda: beside.read()["load_1m"].age_s < 0.2)
    assert beside.trouble() == ""
    beside.close()


def test_what_never_answered_has_no_gauges_and_says_so(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.board.beside.HUNG_S", 0.05)
    slow.open.clear()
    beside = Beside("kernel", slow, 0.01)
    eventually(beside.trouble)
    assert beside.read() == {}
    slow.open.set()
    beside.close()


def test_closing_ends_its_thread_and_calls_the_last_wish(slow: Slow) -> None:
    ended = threading.Event()
    beside = Beside("ending", slow, 60.0, at_end=ended.set)
    eventually(beside.read)
    beside.close()
    beside.close()
    assert ended.is_set()
    assert not any("ending" in name for name in python_threads())


def test_closing_does_not_wait_for_a_read_that_hangs(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.board.beside.CLOSE_S", 0.05)
    slow.open.clear()
    beside = Beside("hanging", slow, 0.01)
    eventually(lambda: slow.threads)
    beside.close()
    assert any("hanging" in name for name in python_threads())
    slow.open.set()
    eventually(lambda: not any("hanging" in name for name in python_threads()))


def test_what_hangs_for_three_intervals_has_no_value_any_more_and_says_since_when(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.board.beside.STALE_S", 0.3)
    beside = Beside("kernel", slow, 0.01)
    eventually(beside.read)
    slow.open.clear()
    eventually(lambda: beside.read()["load_1m"].value is None)
    lost = beside.read()["load_1m"]
    assert lost.source == "proc"
    assert lost.why.startswith("has not answered since ")
    slow.open.set()
    eventually(lambda: beside.read()["load_1m"].value)
    beside.close()


def test_a_value_that_is_read_seldom_stands_for_three_of_its_intervals(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.board.beside.STALE_S", 0.0)
    beside = Beside("kernel", slow, 60.0)
    eventually(beside.read)
    time.sleep(0.05)
    assert beside.read()["load_1m"].value == 1.0
    beside.close()


def test_a_reader_that_knows_why_says_it_in_its_own_words(slow: Slow) -> None:
    known = iter([{"load_1m": Reading(1.0, "proc")}])

    def read() -> Readings:
        for readings in known:
            return readings
        raise Unreadable("the drive is asleep")

    beside = Beside("drive", read, 0.01)
    eventually(beside.read)
    eventually(beside.trouble)
    assert beside.trouble() == beside.read()["load_1m"].why == "the drive is asleep"
    beside.close()
