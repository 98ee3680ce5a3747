"""What is urgent is done whatever else goes on."""

from __future__ import annotations

import threading
from queue import SimpleQueue

import pytest

from tests.lib import processes
from tui.engine.urgent import Urgent


def test_it_is_done_on_another_thread_and_in_order() -> None:
    threads = processes.python_threads()
    done: SimpleQueue[tuple[int, int]] = SimpleQueue()
    urgent = Urgent()
    urgent.put(lambda: done.put((1, threading.get_ident())))
    urgent.start()
    urgent.put(lambda: done.put((2, threading.get_ident())))
    urgent.close()
    (first, one), (second, other) = done.get_nowait(), done.get_nowait()
    assert (first, second) == (1, 2)
    assert one == other != threading.get_ident()
    assert processes.python_threads() == threads


def test_one_that_fails_is_logged_and_the_next_is_done(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ZeroDivisionError("a mistake")

    done = threading.Event()
    urgent = Urgent()
    urgent.start()
    urgent.put(fail)
    urgent.put(done.set)
    urgent.close()
    assert done.is_set()
    assert "a mistake" in caplog.text


def test_one_that_never_started_is_closed_all_the_same() -> None:
    Urgent().close()
