"""What an earlier engine left is undone when the next one starts."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ground import Victim
from tests.lib.eventually import eventually
from tests.lib.processes import freeze
from tui.catalogue import find_config
from tui.child.orphans import Orphan, Swept
from tui.compose import engine
from tui.core.model import LogEntry
from tui.faults.undo import Continue, Unlink
from tui.faults.undo_journal import UndoJournal, journals


@pytest.fixture
def victim() -> Iterator[Victim]:
    with subprocess.Popen(["sleep", "600"]) as process:
        try:
            yield Victim(process)
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def swept(monkeypatch: pytest.MonkeyPatch) -> list[Swept]:
    """What the sweep ended: other tests have processes of their own on this machine."""
    found: list[Swept] = []
    monkeypatch.setattr("tui.compose.sweep", lambda: tuple(found))
    return found


def log_of_a_start(state: Path) -> list[LogEntry]:
    with engine(state, find_config(None), "demo") as supervisor:
        supervisor.start()
        supervisor.note("info", "the last line")
        return list(
            eventually(
                lambda: [
                    log
                    for log in [supervisor.snapshot().log]
                    if any(each.text == "the last line" for each in log)
                ]
            )[0]
        )


def said(log: list[LogEntry], words: str) -> list[tuple[str, str]]:
    return [(each.level, each.text) for each in log if words in each.text]


def test_a_frozen_process_runs_again_and_the_log_tells_it(tmp_path: Path, victim: Victim) -> None:
    left = UndoJournal.create(tmp_path)
    left.arm("1", Continue(victim.target))
    left.close()
    freeze(victim.process.pid)
    log = log_of_a_start(tmp_path)
    assert victim.state != "T"
    (line,) = said(log, "an earlier run")
    pid = victim.process.pid
    assert line == ("ok", f"undone from an earlier run: process {pid} is not frozen any more")
    assert not list(journals(tmp_path))


def test_what_can_not_be_undone_is_told_and_stays_for_the_next_start(tmp_path: Path) -> None:
    left = UndoJournal.create(tmp_path)
    left.arm("1", Unlink(str(tmp_path / "precious")))
    left.close()
    for _ in range(2):
        ((level, line),) = said(log_of_a_start(tmp_path), "an earlier run")
        assert level == "fail"
        assert "by hand: rm " in line
    assert list(journals(tmp_path))


def test_an_orphan_is_named_with_what_became_of_it(tmp_path: Path, swept: list[Swept]) -> None:
    orphan = Orphan(4711, 1, "tui.stress.cpu")
    swept += [Swept(orphan), Swept(orphan, "operation not permitted")]
    assert said(log_of_a_start(tmp_path), "4711") == [
        ("ok", "process 4711 (tui.stress.cpu) of an earlier run was ended"),
        (
            "fail",
            "process 4711 (tui.stress.cpu) of an earlier run can't be ended: "
            "operation not permitted",
        ),
    ]


def test_a_start_with_nothing_left_over_says_nothing_of_it(tmp_path: Path) -> None:
    assert not said(log_of_a_start(tmp_path), "earlier run")


def test_pictures_of_a_demo_that_was_killed_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / "jetproof-demo-1-dead"
    left.mkdir()
    (left / "1.bin").write_bytes(b"a picture")
    state = tmp_path / "state"
    state.mkdir()
    log_of_a_start(state)
    assert not left.exists()
