from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lib.eventually import eventually
from tests.lib.orphaned import Start, owner_that_is_gone, starting, write_program
from tests.lib.processes import freeze, is_alive
from tui.child import orphans as looking
from tui.child.orphans import GUARDIAN, Orphan, Working, orphans, sweep, working

MARK = f"JETPROOF_TEST_OWNER_{os.getpid()}"
"""Another one than the product's: engines of other tests look for theirs meanwhile."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with starting(tmp_path, MARK) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "PATIENCE_S", 0.0)


def found() -> list[tuple[int, str]]:
    return [(each.pid, each.module) for each in orphans(MARK)]


@pytest.mark.parametrize(
    "module", ["tui.stress.cpu", "tui.faults.proxy", "tui.load.worker", "tui.board.jtop_feed"]
)
def test_a_child_without_an_owner_is_named_and_ended(start: Start, module: str) -> None:
    child = start(module, owner_that_is_gone())
    assert found() == [(child.pid, module)]
    (swept,) = sweep(MARK)
    assert (swept.orphan.pid, swept.trouble) == (child.pid, "")
    assert child.wait() == -signal.SIGKILL
    assert not found()


def test_a_frozen_one_is_ended_too(start: Start, impatient: None) -> None:
    child = start("tui.stress.cpu", owner_that_is_gone())
    freeze(child.pid)
    assert [swept.trouble for swept in sweep(MARK)] == [""]
    assert not is_alive(child.pid)


@contextmanager
def pipeline(owner: int) -> Iterator[subprocess.Popen[bytes]]:
    """What looks like the GStreamer process of a camera's reader."""
    with subprocess.Popen(
        [looking.PIPELINE, "600"],
        executable=shutil.which("sleep"),
        env={**os.environ, MARK: str(owner)},
    ) as process:
        try:
            eventually(lambda: orphans(MARK) or working(MARK))
            yield process
        finally:
            process.kill()


def test_a_cameras_pipeline_is_asked_to_end(impatient: None) -> None:
    with pipeline(owner_that_is_gone()) as left:
        assert found() == [(left.pid, looking.PIPELINE)]
        assert [swept.trouble for swept in sweep(MARK)] == [""]
        assert left.wait() == -signal.SIGINT


def test_a_cameras_pipeline_that_is_wedged_is_killed(
    impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "ASKED_S", 0.1)
    with pipeline(owner_that_is_gone()) as left:
        freeze(left.pid)
        assert [swept.trouble for swept in sweep(MARK)] == [""]
        assert left.wait() == -signal.SIGKILL


def test_a_pipeline_whose_owner_lives_is_left_alone(impatient: None) -> None:
    with pipeline(os.getpid()) as kept:
        assert not sweep(MARK)
        assert is_alive(kept.pid)


def test_a_child_whose_owner_lives_is_left_alone(start: Start, impatient: None) -> None:
    child = start("tui.stress.cpu", os.getpid())
    assert not sweep(MARK)
    assert is_alive(child.pid)


def test_what_has_an_owner_or_still_undoes_is_told_apart(start: Start) -> None:
    gone = owner_that_is_gone()
    burner = start("tui.stress.cpu", os.getpid())
    guardian = start(GUARDIAN, gone)
    start("tui.demo.app", gone)
    assert sorted(working(MARK), key=lambda each: each.pid) == sorted(
        (
            Working(burner.pid, "tui.stress.cpu", os.getpid(), True),
            Working(guardian.pid, GUARDIAN, gone, False),
        ),
        key=lambda each: each.pid,
    )


def test_an_owner_that_is_younger_than_its_child_has_the_number_of_another(tmp_path: Path) -> None:
    write_program(tmp_path, "tui.stress.cpu")
    # It keeps its birth when it turns into the program.
    words = f'read owner; exec env "{MARK}=$owner" "{sys.executable}" -m tui.stress.cpu'
    pipe = subprocess.PIPE
    with subprocess.Popen(["sh", "-c", words], cwd=tmp_path, stdin=pipe, stdout=pipe) as child:
        time.sleep(0.05)
        with subprocess.Popen(["sleep", "600"]) as younger:
            try:
                assert child.stdin is not None
                child.stdin.write(f"{younger.pid}\n".encode())
                child.stdin.flush()
                eventually(found)
                assert found() == [(child.pid, "tui.stress.cpu")]
            finally:
                younger.kill()
                child.kill()


def test_others_programs_are_none_of_ours(start: Start, impatient: None) -> None:
    gone = owner_that_is_gone()
    children = [start(module, gone) for module in ("tui.console.app", "other.stress.cpu")]
    assert not sweep(MARK)
    assert all(is_alive(child.pid) for child in children)


def test_without_the_mark_it_was_started_by_hand(start: Start, impatient: None) -> None:
    child = start("tui.stress.cpu", owner_that_is_gone())
    assert child.pid not in [each.pid for each in orphans(f"{MARK}_OTHER")]


def test_what_ends_by_itself_meanwhile_is_not_told(start: Start) -> None:
    child = start("tui.stress.cpu", owner_that_is_gone())
    (orphan,) = orphans(MARK)
    child.kill()
    child.wait()
    assert not orphan.is_there()
    assert sweep(MARK) == ()


def test_a_guardian_that_still_undoes_is_left_alone(
    start: Start, impatient: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(looking, "GUARDIAN_S", 0.0)
    gone = owner_that_is_gone()
    busy = start(GUARDIAN, gone, tmp_path / "1-a.jsonl")
    idle = start(GUARDIAN, gone)
    assert [swept.orphan.pid for swept in sweep(MARK)] == [idle.pid]
    assert is_alive(busy.pid)


def test_a_young_guardian_is_left_alone(start: Start, impatient: None) -> None:
    start(GUARDIAN, owner_that_is_gone())
    assert not sweep(MARK)


def test_a_number_that_is_anothers_by_now_is_not_harmed(start: Start) -> None:
    child = start("tui.stress.cpu", os.getpid())
    earlier = Orphan(child.pid, _born(child.pid) - 1, "tui.stress.cpu")
    assert looking._end(earlier) == ""
    assert is_alive(child.pid)


def test_one_that_may_not_be_ended_says_why(
    start: Start, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = start("tui.stress.cpu", owner_that_is_gone())

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(signal, "pidfd_send_signal", refuse, raising=False)
    monkeypatch.setattr(os, "kill", refuse)
    assert [swept.trouble for swept in sweep(MARK)] == ["operation not permitted"]
    assert is_alive(child.pid)


def _born(pid: int) -> int:
    born = looking._born(pid)
    assert born is not None
    return born
