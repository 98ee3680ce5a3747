from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.ground import Guarded, Victim
from tests.lib import processes
from tests.lib.eventually import eventually
from tui.faults.guardian import END_S
from tui.faults.left_over import undo_left_over
from tui.faults.process import frozen, kill, killed
from tui.faults.target import Target
from tui.faults.undo import Continue, FaultRefused, StartUnit, UndoFailed, Unlink
from tui.faults.undo_journal import journals
from tui.faults.undoing import undo

LONG_S = 60.0

SYSTEMCTL = """#!/bin/sh
echo "$@" >>{told}
case "$1" in
is-active) cat {state} ;;
start) {start} ;;
esac
"""


class Systemctl:
    """In the place of systemd's."""

    def __init__(self, root: Path, *, start: str) -> None:
        self.state = root / "state-of-unit"
        self.told = root / "told"
        self.state.write_text("failed\n")
        program = root / "systemctl"
        program.write_text(SYSTEMCTL.format(told=self.told, state=self.state, start=start))
        program.chmod(0o755)

    def verbs(self) -> list[str]:
        """What it was asked to do, but for looking."""
        asked = [line.split()[0] for line in self.told.read_text().splitlines()]
        return [verb for verb in asked if verb != "is-active"]


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Systemctl:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return Systemctl(tmp_path, start=f"echo active >{tmp_path}/state-of-unit")


@pytest.mark.parametrize("has_pidfd", [True, False])
def test_a_frozen_process_stands_still_and_runs_again(
    guarded: Guarded, victim: Victim, has_pidfd: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_pidfd:

        def missing(pid: int) -> int:
            raise OSError(errno.ENOSYS, "not implemented")

        monkeypatch.setattr(os, "pidfd_open", missing)
    with frozen(guarded.guardian, victim.target, LONG_S):
        assert victim.state == "T"
        assert victim.target.is_frozen()
    assert victim.state in ("R", "S")


def test_an_error_inside_the_block_undoes_too(guarded: Guarded, victim: Victim) -> None:
    with pytest.raises(ZeroDivisionError), frozen(guarded.guardian, victim.target, LONG_S):
        1 / 0  # noqa: B018
    assert victim.state in ("R", "S")


def test_a_process_that_dies_while_frozen_counts_as_undone(
    guarded: Guarded, victim: Victim
) -> None:
    with frozen(guarded.guardian, victim.target, LONG_S):
        victim.process.kill()
        victim.process.wait()
    assert guarded.causes() == ["asked"]


def test_a_number_that_belongs_to_another_now_gets_no_signal(victim: Victim) -> None:
    processes.freeze(victim.process.pid)
    earlier = Target(victim.process.pid, "another boot/1")
    assert not earlier.send(signal.SIGKILL)
    assert undo(Continue(earlier)) == ""
    assert victim.state == "T"


def test_neither_we_nor_those_above_us_nor_the_guardian_are_targets(guarded: Guarded) -> None:
    for pid in (os.getpid(), os.getppid(), 1, guarded.guardian.pid):
        with pytest.raises(FaultRefused):
            kill(guarded.guardian, Target.of(pid))
    assert processes.is_alive(guarded.guardian.pid)


def test_a_thread_of_the_kernel_is_no_target(guarded: Guarded) -> None:
    if Path("/proc/2/comm").read_text().strip() != "kthreadd":
        pytest.skip("the kernel's threads can't be seen from here")
    with (
        pytest.raises(FaultRefused, match="system"),
        frozen(guarded.guardian, Target.of(2), LONG_S),
    ):
        pytest.fail("it was frozen")


def test_a_process_that_is_gone_is_refused(guarded: Guarded, victim: Victim) -> None:
    victim.process.kill()
    victim.process.wait()
    with pytest.raises(FaultRefused, match="gone"):
        kill(guarded.guardian, victim.target)
    with pytest.raises(ProcessLookupError):
        Target.of(victim.process.pid)


def test_a_killed_process_is_dead(guarded: Guarded, victim: Victim) -> None:
    kill(guarded.guardian, victim.target)
    assert victim.process.wait() == -signal.SIGKILL


def test_a_killed_service_is_started_again(
    systemctl: Systemctl, guarded: Guarded, victim: Victim
) -> None:
    with killed(guarded.guardian, victim.target, "infer.service", LONG_S):
        assert victim.process.wait() == -signal.SIGKILL
    assert systemctl.verbs() == ["reset-failed", "start"]
    started = [line for line in systemctl.told.read_text().splitlines() if line[:5] == "start"]
    assert started == ["start --no-block --no-ask-password -- infer.service"]


def test_a_service_that_came_back_by_itself_is_left_alone(
    systemctl: Systemctl, guarded: Guarded, victim: Victim
) -> None:
    with killed(guarded.guardian, victim.target, "infer.service", LONG_S):
        systemctl.state.write_text("activating\n")
    assert systemctl.verbs() == []


def test_a_service_that_can_not_be_started_is_told(
    systemctl: Systemctl, guarded: Guarded, victim: Victim, tmp_path: Path
) -> None:
    Systemctl(tmp_path, start="echo 'Access denied' >&2; exit 4")
    with (
        pytest.raises(UndoFailed, match="Access denied"),
        killed(guarded.guardian, victim.target, "infer.service", LONG_S),
    ):
        victim.process.wait()
    # It tries on: when it can be started again, nothing is left for the next start.
    Systemctl(tmp_path, start=f"echo active >{tmp_path}/state-of-unit")
    assert guarded.guardian.close()[-1].trouble == ""
    assert not any(journals(guarded.state))


def test_a_guardian_gives_up_in_time_and_leaves_it_to_the_next_start(
    systemctl: Systemctl, guarded: Guarded, tmp_path: Path
) -> None:
    guardian = guarded.guardian
    Systemctl(tmp_path, start="exec sleep 600")
    guardian.arm(StartUnit("infer.service"), LONG_S)
    began_s = time.monotonic()
    assert "timed out" in guardian.close()[-1].trouble
    assert time.monotonic() - began_s < END_S
    assert not processes.is_alive(guardian.pid)
    Systemctl(tmp_path, start=f"echo active >{tmp_path}/state-of-unit")
    assert [undone.trouble for undone in undo_left_over(guarded.state)] == [""]


@pytest.mark.parametrize("unit", ["--now", "a b.service", "x.target", "../x.service", ""])
def test_what_is_no_name_of_a_service_never_reaches_systemd(
    systemctl: Systemctl, unit: str
) -> None:
    assert "no name" in undo(StartUnit(unit))
    assert not systemctl.told.exists()


@pytest.mark.parametrize("name", ["notes.txt", "jetproof-fill-1", "jetproof-fill-0123456789abcdef"])
def test_only_a_file_of_ours_is_ever_deleted(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("precious")
    path = tmp_path / name
    path.symlink_to(theirs)
    assert "no file of jetproof" in undo(Unlink(str(path)))
    assert path.is_symlink()
    assert theirs.read_text() == "precious"


def test_a_process_with_threads_stands_still_as_a_whole(guarded: Guarded) -> None:
    program = "import threading,time; threading.Thread(target=time.sleep,args=(600,)).start()"
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        try:
            tasks = Path(f"/proc/{process.pid}/task")
            eventually(lambda: len(list(tasks.iterdir())) == 2)
            with frozen(guarded.guardian, Target.of(process.pid), LONG_S):
                states = [(task / "stat").read_text().split()[2] for task in tasks.iterdir()]
                assert states == ["T", "T"]
        finally:
            process.kill()
