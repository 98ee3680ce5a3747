from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.faults.ground import Guarded, Victim, nothing_left, owner
from tests.faults.owner import ROOM_BYTES
from tests.lib import processes
from tests.lib.eventually import eventually
from tui.child.spawn import Lifelines
from tui.core.floors import disk_floor_bytes
from tui.faults.guardian import Guardian
from tui.faults.left_over import undo_left_over
from tui.faults.process import frozen
from tui.faults.undo import Continue, FaultRefused, Unlink
from tui.faults.undo_journal import UndoJournal, journals

LONG_S = 60.0


def test_what_is_armed_stands_in_the_journal_before_the_act(
    guarded: Guarded, victim: Victim
) -> None:
    armed = guarded.guardian.arm(Continue(victim.target), LONG_S)
    [journal] = journals(guarded.state)
    assert f'"id":"{armed.id}"' in journal.read_text()
    assert '"type":"sigcont"' in journal.read_text()


def test_disarming_undoes_and_is_told_once(guarded: Guarded, victim: Victim) -> None:
    armed = guarded.guardian.arm(Continue(victim.target), LONG_S)
    processes.freeze(victim.process.pid)
    first = guarded.guardian.disarm(armed)
    assert (first.trouble, first.cause) == ("", "asked")
    assert victim.state in ("R", "S")
    assert guarded.guardian.disarm(armed) == first
    assert guarded.causes() == ["asked"]


def test_a_guardian_that_ends_in_peace_leaves_nothing(guarded: Guarded, victim: Victim) -> None:
    with frozen(guarded.guardian, victim.target, LONG_S):
        assert victim.state == "T"
    assert guarded.guardian.close() == tuple(guarded.undone)
    assert not processes.is_alive(guarded.guardian.pid)
    assert not any(journals(guarded.state))


def test_closing_undoes_what_is_still_armed_newest_first(guarded: Guarded, victim: Victim) -> None:
    armed = [guarded.guardian.arm(Continue(victim.target), LONG_S) for _ in range(3)]
    processes.freeze(victim.process.pid)
    undone = guarded.guardian.close()
    assert [one.id for one in undone] == [one.id for one in reversed(armed)]
    assert {one.cause for one in undone} == {"owner gone"}
    assert victim.state in ("R", "S")


def test_at_its_deadline_a_fault_is_undone_unasked(guarded: Guarded, victim: Victim) -> None:
    with frozen(guarded.guardian, victim.target, 0.5):
        eventually(lambda: victim.state == "S")
        eventually(lambda: guarded.causes() == ["deadline"])


def test_an_act_that_comes_after_its_own_undo_is_undone_again(
    guarded: Guarded, victim: Victim
) -> None:
    with (
        pytest.raises(FaultRefused, match="undone already"),
        frozen(guarded.guardian, victim.target, 0.0),
    ):
        pytest.fail("nobody would have undone it")
    assert victim.state in ("R", "S")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_does_not_move_it(
    guarded: Guarded, victim: Victim, number: signal.Signals
) -> None:
    with frozen(guarded.guardian, victim.target, LONG_S):
        os.kill(guarded.guardian.pid, number)
        guarded.guardian.arm(Continue(victim.target), LONG_S)
        assert victim.state == "T"
    assert victim.state in ("R", "S")


def test_it_has_a_session_of_its_own(guarded: Guarded) -> None:
    assert os.getsid(guarded.guardian.pid) == guarded.guardian.pid


def test_when_the_guardian_is_killed_its_owner_undoes_at_once(
    guarded: Guarded, victim: Victim
) -> None:
    with frozen(guarded.guardian, victim.target, LONG_S):
        os.kill(guarded.guardian.pid, signal.SIGKILL)
        eventually(lambda: victim.state == "S")
        eventually(lambda: guarded.causes() == ["guardian gone"])
    assert not any(journals(guarded.state))
    with pytest.raises(FaultRefused, match="gone"):
        guarded.guardian.arm(Continue(victim.target), LONG_S)


def test_without_a_place_for_its_journal_no_fault_is_done(
    tmp_path: Path, lifelines: Lifelines
) -> None:
    with pytest.raises(FaultRefused, match="writable"):
        Guardian(tmp_path / "none", lifelines)


def test_a_killed_owner_leaves_no_frozen_process(tmp_path: Path, victim: Victim) -> None:
    with owner(tmp_path / "state", "hold", victim, tmp_path) as by:
        by.says()
        assert (by.says(), victim.state) == ("acted", "T")
        by.process.kill()
        eventually(lambda: victim.state == "S")
        eventually(lambda: nothing_left(tmp_path / "state", tmp_path, victim, by), limit_s=10)


def test_a_frozen_owner_leaves_no_frozen_process(tmp_path: Path, victim: Victim) -> None:
    with owner(tmp_path / "state", "hold", victim, tmp_path) as by:
        by.says()
        assert by.says() == "acted"
        processes.freeze(by.process.pid)
        eventually(lambda: victim.state == "S")
        eventually(lambda: not any(journals(tmp_path / "state")))


def test_when_owner_and_guardian_are_killed_the_next_start_undoes(
    tmp_path: Path, victim: Victim
) -> None:
    state = tmp_path / "state"
    with owner(state, "hold", victim, tmp_path) as by:
        guardian = int(by.says())
        assert by.says() == "acted"
        # Frozen, so that it can't undo in its guardian's place.
        processes.freeze(by.process.pid)
        os.kill(guardian, signal.SIGKILL)
        by.process.kill()
        eventually(lambda: not by.left())
        assert victim.state == "T"
        [undone] = undo_left_over(state)
        assert (undone.cause, undone.trouble) == ("left over", "")
        assert victim.state in ("R", "S")
        assert nothing_left(state, tmp_path, victim, by)
        assert undo_left_over(state) == ()


def test_what_a_living_guardian_holds_is_no_left_over(guarded: Guarded, victim: Victim) -> None:
    with frozen(guarded.guardian, victim.target, LONG_S):
        assert undo_left_over(guarded.state) == ()
        assert victim.state == "T"


@pytest.mark.parametrize("what", ["start", "freeze", "hold", "fill"])
def test_a_kill_at_any_moment_leaves_nothing(tmp_path: Path, victim: Victim, what: str) -> None:
    state = tmp_path / "state"
    room = shutil.disk_usage(tmp_path)
    if what == "fill" and room.free < disk_floor_bytes(room.total) + 4 * ROOM_BYTES:
        pytest.skip("the disk of the temporary directory has too little room")
    chance = random.Random(what)
    for _ in range(5):
        with owner(state, what, victim, tmp_path) as by:
            if what != "start":
                by.says()
                by.says()
            time.sleep(chance.uniform(0.0, 0.3 if what == "start" else 0.1))
            by.process.kill()
            eventually(lambda: nothing_left(state, tmp_path, victim, by), limit_s=10)


def test_a_journal_cut_off_in_its_last_line_is_read_without_it(
    tmp_path: Path, victim: Victim
) -> None:
    journal = UndoJournal.create(tmp_path)
    journal.arm("a", Continue(victim.target))
    size = journal.path.stat().st_size
    journal.arm("b", Continue(victim.target))
    os.truncate(journal.path, size + 20)
    journal.close()
    assert [undone.id for undone in undo_left_over(tmp_path)] == ["a"]
    assert not any(journals(tmp_path))


def test_what_does_not_fit_on_the_disk_is_not_armed_and_harms_no_other_line(
    tmp_path: Path, victim: Victim
) -> None:
    journal = UndoJournal.create(tmp_path)
    journal.arm("a", Continue(victim.target))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 10, hard))
    try:
        with pytest.raises(OSError, match="full"):
            journal.arm("b", Continue(victim.target))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    journal.arm("c", Continue(victim.target))
    journal.close()
    assert [undone.id for undone in undo_left_over(tmp_path)] == ["c", "a"]


def test_a_line_that_makes_no_sense_is_told_and_kept(tmp_path: Path, victim: Victim) -> None:
    journal = UndoJournal.create(tmp_path)
    journal.arm("a", Continue(victim.target))
    journal.close()
    with journal.path.open("a") as file:
        file.write('{"type":"armed","id":"b","undo":{"type":"sh","command":"true"}}\n')
    good, strange = undo_left_over(tmp_path)
    assert (good.id, good.trouble) == ("a", "")
    assert "holds 1 line that can't be understood" in strange.trouble
    assert journal.path.exists()


def test_what_can_not_be_undone_stays_for_the_next_start(tmp_path: Path) -> None:
    name = "jetproof-fill-0123456789abcdef"
    (tmp_path / name).mkdir()
    journal = UndoJournal.create(tmp_path)
    journal.arm("a", Unlink(str(tmp_path / name)))
    journal.close()
    for _ in range(2):
        [undone] = undo_left_over(tmp_path)
        assert "no file of jetproof" in undone.trouble
    (tmp_path / name).rmdir()
    assert [undone.trouble for undone in undo_left_over(tmp_path)] == [""]
    assert not any(journals(tmp_path))
