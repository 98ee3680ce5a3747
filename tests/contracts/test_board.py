"""What every board promises, and every source of one."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lib.eventually import eventually
from tests.lib.fakes import FakeBoard
from tests.lib.jtop_fake import FakeFeed
from tests.lib.nvidia import FakeNvml
from tests.lib.orin import OrinTree
from tests.lib.processes import children_of, descriptors, python_threads
from tests.lib.services import WITH_CHILDREN, running
from tui.board.host import HostBoard
from tui.board.jtop import JtopSource
from tui.board.merge import MergedBoard
from tui.board.nvml import NvmlSource
from tui.board.own import OwnCost
from tui.board.service import ServiceWatch
from tui.board.source import Source
from tui.board.sysfs import SysfsSource
from tui.board.tree import Tree
from tui.core.gauges import meaning_of
from tui.ports import Board

SAMPLE_MS = 100.0
"""What the sampler, at two samples a second, can lose to one source; a bound for hangs, not for
speed: a machine that runs tests beside is slow."""


class Place:
    """Where a source finds what it reads."""

    def __init__(self, tmp_path: Path, service_pid: int) -> None:
        self.tmp_path = tmp_path
        self.service_pid = service_pid


def watched(place: Place) -> Source:
    watch = ServiceWatch()
    watch.watch(f"pid:{place.service_pid}")
    return watch


def jtop(place: Place, does: str = "go_on()\n") -> Source:
    feed = FakeFeed(place.tmp_path, does)
    socket = place.tmp_path / "jtop.sock"
    socket.touch()
    return JtopSource(str(feed.path), socket=socket, scripts=())


def emulated(place: Place) -> Source:
    return SysfsSource(Tree(OrinTree(place.tmp_path / "orin").root), None)


SOURCES: dict[str, Callable[[Place], Source]] = {
    "host": lambda place: HostBoard(place.tmp_path),
    "own": lambda place: OwnCost(lambda: [place.service_pid]),
    "service": watched,
    "nvml": lambda place: NvmlSource(FakeNvml),
    "sysfs": emulated,
    "jtop": jtop,
}


def merged(place: Place) -> MergedBoard:
    return MergedBoard([make(place) for make in SOURCES.values()])


def board_of(name: str, place: Place) -> Board:
    if name == "fake":
        return FakeBoard()
    return merged(place) if name == "merged" else MergedBoard([SOURCES[name](place)])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with running(WITH_CHILDREN) as service:
        yield Place(tmp_path, service.pid)


@pytest.fixture(params=["fake", "merged", *SOURCES])
def board(request: pytest.FixtureRequest, place: Place) -> Iterator[Board]:
    made = board_of(request.param, place)
    # What is read beside comes a moment later.
    eventually(lambda: any(reading.value is not None for reading in made.read().readings.values()))
    yield made
    made.close()


def test_every_gauge_has_a_source_and_a_value_or_a_reason(board: Board) -> None:
    for _ in range(3):
        readings = board.read().readings
        assert readings
        for name, reading in readings.items():
            assert reading.source, name
            assert (reading.value is None) == bool(reading.why), name


def test_a_value_is_a_finite_number_of_a_known_gauge(board: Board) -> None:
    for name, reading in board.read().readings.items():
        assert meaning_of(name), name
        for number in (reading.value, reading.limit, reading.critical):
            assert number is None or (isinstance(number, float) and math.isfinite(number)), name
        assert reading.age_s >= 0, name


def test_a_share_of_the_board_is_at_most_all_of_it(board: Board) -> None:
    for name, reading in board.read().readings.items():
        # A process can use several cores, and is told in shares of one.
        if name.endswith("_percent") and not name.endswith("_cpu_percent"):
            assert reading.value is None or 0 <= reading.value <= 100, name


def test_two_reads_are_two_objects(board: Board) -> None:
    first = board.read()
    kept = dict(first.readings)
    board.read()
    assert first.readings == kept


def test_nothing_is_lost_while_all_is_well(board: Board) -> None:
    eventually(lambda: not board.read().lost, str(board.read().lost))


@pytest.mark.parametrize("name", list(SOURCES))
def test_closing_twice_leaves_no_thread_no_process_and_no_descriptor(
    name: str, place: Place
) -> None:
    files, threads, children = descriptors(), python_threads(), children_of(os.getpid())
    source = SOURCES[name](place)
    eventually(source.read)
    source.close()
    source.close()
    eventually(lambda: python_threads() <= threads, f"{name} left a thread")
    eventually(lambda: descriptors() <= files, f"{name} left a descriptor")
    assert set(children_of(os.getpid())) <= set(children)


@pytest.fixture
def hold() -> Iterator[threading.Event]:
    """Until it is set, what waits for it hangs."""
    event = threading.Event()
    yield event
    event.set()


def test_a_source_that_hangs_delays_no_sample(
    hold: threading.Event, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.board.host._heat", lambda: hold.wait() and {})
    monkeypatch.setattr("tui.board.family.find", lambda *_: hold.wait())
    nvml = NvmlSource(lambda: FakeNvml(Temperature=lambda *_: hold.wait() and 60))
    board = MergedBoard(
        [
            jtop(place, "hang()\n"),
            nvml,
            HostBoard(place.tmp_path),
            watched(place),
        ]
    )
    taken = []
    for _ in range(20):
        began = time.perf_counter()
        sample = board.read()
        taken.append((time.perf_counter() - began) * 1000)
        assert sample.readings["ram_used_mb"].value is not None
    assert sorted(taken)[len(taken) // 2] < SAMPLE_MS
    hold.set()
    board.close()
