from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from tui.demo.gate import Full, Gate


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate("test-gate", workers=2, queue=1)
    yield gate
    gate.close()


def test_there_are_as_many_places_as_workers_and_queue(gate: Gate) -> None:
    with gate.place(), gate.place(), gate.place():
        assert gate.in_flight == 3
        with pytest.raises(Full), gate.place():
            pass
    assert gate.in_flight == 0


def test_a_place_is_given_back_after_an_error(gate: Gate) -> None:
    for _ in range(9):
        with pytest.raises(ZeroDivisionError), gate.place():
            raise ZeroDivisionError
    assert gate.in_flight == 0


async def test_no_more_work_runs_at_once_than_there_are_workers(gate: Gate) -> None:
    both_in = threading.Barrier(2)
    inside = most = 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        both_in.wait(10)
        with lock:
            inside -= 1

    await asyncio.gather(*(gate.run(work) for _ in range(6)))
    assert most == 2
