"""Reads an emulated board as the product does, and lets go of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lib.eventually import eventually
from tests.lib.orin import OrinTree
from tui.board.source import Readings
from tui.board.sysfs import SysfsSource
from tui.board.tree import Tree


@contextmanager
def reader(
    tree: Tree | Path,
    data_path: Path | None = None,
    name: str = "sysfs",
    *,
    scratch: Path | None = None,
) -> Iterator[SysfsSource]:
    """A source over a tree, its threads ended with the block."""
    source = SysfsSource(
        tree if isinstance(tree, Tree) else Tree(tree), data_path, name, scratch=scratch
    )
    try:
        yield source
    finally:
        source.close()


def whole(source: SysfsSource, *slow: str) -> Readings:
    """The readings as soon as those that are read beside have come too."""

    def read() -> Readings:
        readings = source.read()
        return readings if readings.keys() >= set(slow) else {}

    return eventually(read, f"none of {slow} came")


def read(board: OrinTree, *slow: str) -> Readings:
    """The second sample, with what takes two, and with those that are read beside."""
    with reader(board.root) as source:
        source.read()
        board.work([0] * 6)
        return whole(source, *slow)


def value(readings: Readings, name: str) -> float:
    """A gauge that has a value."""
    found = readings[name].value
    assert found is not None, readings[name].why
    return found
