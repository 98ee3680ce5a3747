from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.lib.eventually import eventually
from tests.stress.burning import Burning, burning
from tui.stress.burner import Unusable
from tui.stress.headroom import STEP_MB, Headroom
from tui.stress.memory import headroom
from tui.stress.memory_block import CHUNKS

MEMORY = "tui.stress.memory"
WANTED_MB = 128


def level_for(size_mb: float) -> float:
    total_mb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20
    return size_mb / total_mb


def test_it_holds_its_share_in_memory_and_verifies_it() -> None:
    with burning(MEMORY, level=level_for(WANTED_MB + 1)) as burner:
        line = burner.line_with(held_mb=WANTED_MB, state="at the level", passes=1)
        assert line["verified"] == WANTED_MB / STEP_MB * CHUNKS
        assert line["bad"] == 0
        assert line["reached"] == pytest.approx(level_for(WANTED_MB), rel=0.05)
        assert burner.resident_mb() > WANTED_MB


def test_a_lower_level_gives_pages_back() -> None:
    with burning(MEMORY, level=level_for(WANTED_MB + 1)) as burner:
        line = burner.line_with(held_mb=WANTED_MB)
        before_mb = burner.resident_mb()
        burner.order(f"level {level_for(33)}")
        assert burner.line_with(held_mb=32)["reached"] < line["reached"]
        assert before_mb - burner.resident_mb() == pytest.approx(WANTED_MB - 32, abs=8)


def test_its_traffic_is_compared_and_counted() -> None:
    with burning(MEMORY, mode="traffic", level=level_for(65), seconds=2.0) as burner:
        line = burner.line_with(held_mb=64)
        assert line["traffic_mb_per_s"] > 64
        last = burner.rest()[-1]
        # Each block is read once and written once.
        assert last["traffic_mb"] == last["verified"] / CHUNKS * STEP_MB * 2 > 0
        # The rate leaves out the time in which nothing was there to be moved yet.
        assert last["traffic_mb_per_s"] > last["traffic_mb"] / last["ran_s"]
        assert (last["most_mb"], last["bad"]) == (64, 0)


def test_a_floor_above_what_there_is_leaves_it_nothing() -> None:
    with burning(MEMORY, floor_mb=1e9) as burner:
        line = burner.line()
        assert (line["held_mb"], line["state"], line["floor_mb"]) == (0, "at the floor", 1e9)
        assert line["held_by"] == "floor"
        burner.order("stop")
        last = burner.rest()[-1]
        assert (last["state"], last["held_by"]) == ("at the floor", "floor")


def test_when_others_need_memory_it_gives_back_and_takes_again_when_they_do_not(
    tmp_path: Path,
) -> None:
    with small_board(tmp_path, level=0.0625) as (board, burner):
        burner.line_with(held_mb=256, state="at the level")
        held_mb = burner.resident_mb()
        # A hundred below the floor of 512: seven blocks at each look.
        board.has(available_mb=412)
        burner.line_with(held_mb=0, state="at the floor", held_by="floor")
        assert held_mb - burner.resident_mb() == pytest.approx(256, abs=16)
        board.has(available_mb=3000)
        assert burner.line_with(held_mb=256, held_by="")["bad"] == 0
        burner.order("stop")
        # That it was held at all is told at its end too, although it no longer is.
        assert burner.rest()[-1]["held_by"] == "floor"


def test_under_pressure_it_does_not_grow(tmp_path: Path) -> None:
    with small_board(tmp_path, level=0.0625, pressure_percent=9.5) as (board, burner):
        line = burner.line()
        assert (line["held_mb"], line["state"]) == (0, "under pressure")
        assert line["held_by"] == ""
        assert line["pressure_full_percent"] == 9.5
        board.has(available_mb=3000, pressure_percent=0.0)
        burner.line_with(held_mb=256)


def test_a_kernel_without_pressure_has_the_floor_alone(tmp_path: Path) -> None:
    with small_board(tmp_path, level=0.0625, pressure_percent=None) as (_, burner):
        assert "pressure_full_percent" not in burner.line_with(held_mb=256)


def test_a_kernel_that_does_not_tell_what_is_available_is_not_stressed(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal:  4194304 kB\nMemFree:  1000 kB\n")
    with pytest.raises(Unusable, match="MemAvailable"):
        headroom(tmp_path)


def test_the_memory_of_this_machine_is_read() -> None:
    now = headroom(Path("/proc"))
    assert isinstance(now, Headroom)
    assert 0 < now.available_mb < now.total_mb


class SmallBoard:
    """The files by which a board of 4 GiB tells of its memory; the burner's own is real."""

    def __init__(self, root: Path) -> None:
        self._root = root
        (root / "pressure").mkdir()

    def has(self, available_mb: int, pressure_percent: float | None = 0.0) -> None:
        """From now on."""
        if pressure_percent is not None:
            averages = f"avg10={pressure_percent:.2f} avg60=0.00 avg300=0.00 total=0"
            self._replace("pressure/memory", f"some {averages}\nfull {averages}\n")
        sizes = f"MemTotal: 4194304 kB\nMemAvailable: {available_mb * 1024} kB\n"
        self._replace("meminfo", sizes)

    def _replace(self, name: str, text: str) -> None:
        new = self._root / "new"
        new.write_text(text)
        new.rename(self._root / name)


@contextmanager
def small_board(
    root: Path, pressure_percent: float | None = 0.0, **spec: Any
) -> Iterator[tuple[SmallBoard, Burning]]:
    """A memory burner on a board of 4 GiB, 3 of them available."""
    board = SmallBoard(root)
    board.has(3000, pressure_percent)
    with burning("tests.stress.small_board_program", str(root), **spec) as burner:
        yield board, burner


def test_nothing_of_it_stays_when_it_is_killed() -> None:
    with burning(MEMORY, level=level_for(WANTED_MB + 1)) as burner:
        burner.line_with(held_mb=WANTED_MB)
        burner.child.kill()
        burner.rest()
        eventually(lambda: not Path(f"/proc/{burner.pid}").exists(), "it is still there")
