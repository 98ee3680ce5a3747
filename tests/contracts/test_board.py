"""What every board promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lib.fakes import FakeBoard
from tui.board.host import HostBoard
from tui.ports import Board

UNITS = ("_percent", "_c", "_mhz", "_mb", "_kbps", "_s", "_1m")


@pytest.fixture(params=["fake", "host"])
def board(request: pytest.FixtureRequest, tmp_path: Path) -> Board:
    return FakeBoard() if request.param == "fake" else HostBoard(tmp_path, list)


def test_every_gauge_has_a_source_and_a_value_or_a_reason(board: Board) -> None:
    for _ in range(3):
        readings = board.read()
        assert readings
        for name, reading in readings.items():
            assert reading.source, name
            assert (reading.value is None) == bool(reading.why), name


def test_a_value_is_a_number_in_the_unit_that_its_name_ends_with(board: Board) -> None:
    for name, reading in board.read().items():
        assert name.endswith(UNITS), name
        assert reading.value is None or isinstance(reading.value, float), name


def test_a_share_of_the_board_is_at_most_all_of_it(board: Board) -> None:
    reading = board.read()["cpu_percent"]
    assert reading.value is not None
    assert 0 <= reading.value <= 100


def test_two_reads_are_two_objects(board: Board) -> None:
    first = board.read()
    kept = dict(first)
    board.read()
    assert first == kept
