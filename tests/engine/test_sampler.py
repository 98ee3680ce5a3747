"""The thread that reads the board, over boards that break."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.lib.eventually import eventually
from tests.lib.fakes import FakeBoard
from tui.core.events import Sample
from tui.engine import sampler as sampler_module
from tui.engine.sampler import Sampler
from tui.ports import Board

Start = Callable[[Callable[[], Board]], tuple[Sampler, list[Sample]]]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Samplers that are closed in the end, and what each delivers."""
    monkeypatch.setattr(sampler_module, "RETRY_S", 0.05)
    samplers = []

    def start(board: Callable[[], Board]) -> tuple[Sampler, list[Sample]]:
        samples: list[Sample] = []
        sampler = Sampler(board, samples.append)
        samplers.append(sampler)
        sampler.start()
        return sampler, samples

    yield start
    for sampler in samplers:
        sampler.close()


class Late:
    """A board that can be put together only the third time."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.tries = 0
        self.board = FakeBoard()

    def __call__(self) -> Board:
        self.tries += 1
        if self.tries < 3:
            raise self.error
        return self.board


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(24, "Too many open files"), "it can't be read: Too many open files"),
        (RuntimeError("odd"), "it can't be read: RuntimeError: odd"),
    ],
)
def test_a_board_that_can_t_be_put_together_is_lost_until_it_can(
    start: Start, error: Exception, why: str
) -> None:
    late = Late(error)
    _, samples = start(late)
    eventually(lambda: samples and samples[-1].readings, "it was never read")
    assert [each.lost for each in samples[:2]] == [{"board": why}] * 2
    assert samples[2].lost == {}


def test_whom_to_watch_is_remembered_until_there_is_a_board(start: Start) -> None:
    late = Late(OSError(24, "Too many open files"))
    sampler, _ = start(late)
    sampler.watch("port:8000")
    eventually(lambda: late.board.watched == "port:8000")


def test_a_service_that_can_t_be_watched_does_not_end_the_samples(start: Start) -> None:
    class Refuses(FakeBoard):
        def watch(self, process: str) -> None:
            raise RuntimeError("no such thing")

    sampler, samples = start(Refuses)
    sampler.watch("port:8000")
    before = len(samples)
    eventually(lambda: len(samples) > before + 2, "nothing was read any more")


def test_ends_while_there_is_still_no_board(start: Start) -> None:
    def never() -> Board:
        raise OSError(24, "Too many open files")

    sampler, samples = start(never)
    eventually(lambda: samples)
    sampler.close()
    told = len(samples)
    assert not sampler._thread.is_alive()
    assert len(samples) == told
