"""Whose process is whose, in a /proc that a test writes: pids are used again as it wants."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from tui.board import family, processes
from tui.board.family import Family
from tui.board.processes import Stat
from tui.board.whose import Found


class Processes:
    """A folder like /proc with nothing but each process's `stat`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def put(self, pid: int, parent: int, started: int, name: str = "infer") -> None:
        """A process runs, maybe with the pid of one that has ended."""
        (self.folder / str(pid)).mkdir(exist_ok=True)
        fields = ["S", str(parent), *["0"] * 9, "5", "5", "0", "0", "20", "0", "1", "0"]
        rest = [*fields, str(started), "4096", "10"]
        (self.folder / str(pid) / "stat").write_text(f"{pid} ({name}) {' '.join(rest)}\n")

    def end(self, pid: int) -> None:
        """It runs no more."""
        (self.folder / str(pid) / "stat").unlink()
        (self.folder / str(pid)).rmdir()


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Processes:
    made = Processes(tmp_path / "proc")
    monkeypatch.setattr(processes, "PROC", made.folder)
    return made


def pids(watched: Family) -> list[int]:
    return [stat.pid for stat in watched.members()]


def test_a_process_that_took_a_watched_pid_is_neither_it_nor_a_restart(there: Processes) -> None:
    there.put(500, 1, started=100)
    watched = Family("pid:500")
    assert pids(watched) == [500]
    there.put(500, 1, started=900, name="stranger")
    for _ in range(3):
        assert pids(watched) == []
    assert watched.restarts == 0
    assert "another's now" in watched.why_gone()


def test_a_stranger_with_the_pid_of_a_child_that_ended_never_joins(there: Processes) -> None:
    there.put(500, 1, started=100)
    there.put(501, 500, started=110)
    watched = Family("pid:500")
    assert pids(watched) == [500, 501]
    there.put(501, 1, started=900, name="stranger")
    for _ in range(4):
        assert pids(watched) == [500]


def test_neither_do_the_strangers_children(there: Processes) -> None:
    there.put(500, 1, started=100)
    there.put(501, 500, started=110)
    watched = Family("pid:500")
    assert pids(watched) == [500, 501]
    there.put(501, 1, started=900, name="stranger")
    there.put(502, 501, started=901, name="stranger")
    for _ in range(processes.Table.RENEWED_EVERY + 2):
        assert pids(watched) == [500]


def test_a_child_that_has_the_pid_of_another_child_is_of_the_family(there: Processes) -> None:
    there.put(500, 1, started=100)
    there.put(501, 500, started=110)
    watched = Family("pid:500")
    assert pids(watched) == [500, 501]
    there.put(501, 500, started=900)
    assert pids(watched) == [500, 501]


def test_a_service_that_is_down_is_looked_for_ever_more_seldom(
    there: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, looks = [1000.0], list[float]()

    def find(process: str, running: Mapping[int, Stat]) -> Found:
        looks.append(now[0])
        return Found((500,)) if 500 in running else Found(why="nothing listens")

    monkeypatch.setattr(family, "find", find)
    monkeypatch.setattr("tui.board.family.time.monotonic", lambda: now[0])
    there.put(500, 1, started=100)
    watched = Family("port:8000")
    pids(watched)
    there.end(500)
    for _ in range(90):
        now[0] += 1.0
        pids(watched)
    apart = [later - earlier for earlier, later in pairwise(looks)]
    # Each second at first, for it may only have been restarted.
    assert apart == sorted(apart)
    assert apart[:15] == [1.0] * 15
    assert apart[-2:] == [15.0, 15.0]
    there.put(500, 1, started=900)
    now[0] += 15.0
    assert pids(watched) == [500]
    assert watched.restarts == 1
