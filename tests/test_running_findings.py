from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lib.orphaned import owner_that_is_gone, starting
from tui.child.lifeline import OWNER_VARIABLE
from tui.child.orphans import GUARDIAN
from tui.cli.running_findings import holder_of, processes_of_others, run_that_goes_on
from tui.store.lock import VARIABLE, BoardLock

OTHER = os.getppid()


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BoardLock:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "board.lock"))
    return BoardLock()


def test_a_run_that_goes_on_is_named_with_its_process_and_how_to_end_it(lock: BoardLock) -> None:
    assert not list(run_that_goes_on())
    lock.acquire("stress-cpu", 0.0)
    (found,) = run_that_goes_on()
    assert found.state == "warn"
    assert f"stress-cpu by process {os.getpid()} since 00:00:00 UTC" in found.said
    assert found.advice.endswith(f"kill -TERM {os.getpid()}")
    # It was only looked at.
    assert BoardLock().acquire("smoke", 0.0) != ""
    lock.release()
    assert not list(run_that_goes_on())


def test_what_a_killed_run_wrote_into_the_lock_is_no_run(lock: BoardLock) -> None:
    lock.path.write_text('{"pid": 1, "scenario": "smoke", "since": 0}')
    assert not list(run_that_goes_on())


def kernel_name(path: Path) -> str:
    """What the kernel calls a file among its locks."""
    found = path.stat()
    device = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}"
    return f"{device}:{found.st_ino}"


def test_a_holder_that_the_kernel_hides_gets_no_command(lock: BoardLock, tmp_path: Path) -> None:
    lock.path.write_text("")
    name = kernel_name(lock.path)
    locks = tmp_path / "locks"
    locks.write_text(
        f"1: POSIX  ADVISORY  WRITE 12 {name} 0 EOF\n2: FLOCK  ADVISORY  WRITE -1 {name} 0 EOF\n"
    )
    assert holder_of(lock.path, locks) == 0
    (found,) = run_that_goes_on(locks)
    assert "kill" not in found.advice


def test_a_file_of_the_same_number_on_another_device_is_another_file(
    lock: BoardLock, tmp_path: Path
) -> None:
    lock.path.write_text("")
    major, minor, inode = kernel_name(lock.path).split(":")
    locks = tmp_path / "locks"
    others = (f"{int(major, 16) + 1:02x}:{minor}", f"{major}:{int(minor, 16) + 1:02x}")
    for device in others:
        locks.write_text(f"1: FLOCK  ADVISORY  WRITE 12 {device}:{inode} 0 EOF\n")
        assert holder_of(lock.path, locks) is None
    assert not list(run_that_goes_on(locks))


@pytest.mark.parametrize("said", ['{"pid": 4712, "scenario": "smoke", "since": 0}', "", "[]"])
def test_a_holder_that_calls_itself_something_else_gets_no_command(
    lock: BoardLock, tmp_path: Path, said: str
) -> None:
    lock.path.write_text(said)
    locks = tmp_path / "locks"
    locks.write_text(f"1: FLOCK  ADVISORY  WRITE 4711 {kernel_name(lock.path)} 0 EOF\n")
    assert holder_of(lock.path, locks) == 4711
    (found,) = run_that_goes_on(locks)
    assert found.state == "warn"
    assert "kill" not in found.advice


def test_processes_of_another_jetproof_are_named_with_their_owner(tmp_path: Path) -> None:
    with starting(tmp_path, OWNER_VARIABLE) as start:
        pids = [start("tui.stress.cpu", OTHER).pid for _ in range(2)]
        start("tui.demo.app", os.getpid())
        said = {each.said: each for each in processes_of_others()}
        (told,) = [text for text in said if text.startswith(f"process {OTHER} has ")]
        assert all(f" {pid}" in told for pid in pids)
        assert "tui.demo.app" not in told
        assert said[told].state == "ok"
        assert said[told].advice.endswith(f"kill -TERM {OTHER}")


def test_a_guardian_that_undoes_is_told_to_be_let_alone(tmp_path: Path) -> None:
    with starting(tmp_path, OWNER_VARIABLE) as start:
        guardian = start(GUARDIAN, owner_that_is_gone(), tmp_path / "1-a.jsonl")
        said = f"process {guardian.pid} undoes the faults of a run that is gone"
        (found,) = [each for each in processes_of_others() if each.said == said]
        assert found.advice == "let it: it ends within ten seconds"
