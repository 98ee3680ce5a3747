from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.core import script
from tui.store.database import SqliteStore
from tui.store.history import History
from tui.store.owner import Owner
from tui.store.paths import DATABASE
from tui.store.schema import connect

WRITER = """
import os, sys
from pathlib import Path
from tests.core import script
from tui.store.database import SqliteStore
store = SqliteStore(Path(sys.argv[1]), commit_s=3600.0)
events = getattr(script, sys.argv[2])(script.facts())
for event in events[: int(sys.argv[3])]:
    store.put("r1", event, script.STARTED_AT + event.at_s)
assert store.flush() == ""
os.kill(os.getpid(), 9)
"""


def die_while_writing(state_dir: Path, maker: str, events: int) -> None:
    """A process keeps so many events of a run and is killed."""
    command = [sys.executable, "-c", WRITER, str(state_dir), maker, str(events)]
    assert subprocess.run(command, check=False).returncode == -9


def change(state_dir: Path, statement: str) -> None:
    with closing(connect(state_dir / DATABASE)) as connection:
        connection.execute(statement)


def test_a_run_whose_process_was_killed_is_interrupted_with_all_its_data(tmp_path: Path) -> None:
    die_while_writing(tmp_path, "good_run", 25)
    history = History(tmp_path)
    view = history.view("r1")
    assert view.judgement is not None
    assert view.judgement.verdict == "INTERRUPTED"
    assert view.judgement.reason.startswith("cut off; data up to 2025-06-15 15:0")
    assert (
        view.total.requests == script.view_of(script.good_run(script.facts())[:25]).total.requests
    )
    assert view.total.requests > 0
    assert history.runs()[0].verdict == "INTERRUPTED"
    assert "standard (r1): cut off" in history.notices[0]


def test_it_is_closed_once(tmp_path: Path) -> None:
    die_while_writing(tmp_path, "good_run", 25)
    store = SqliteStore(tmp_path)
    assert len(store.notices) == 1
    store.close()
    events = tuple(History(tmp_path).events("r1"))
    assert [type(event).__name__ for event in events].count("RunEnded") == 1
    assert History(tmp_path).notices == ()


def test_a_verdict_that_reached_the_disk_stands(tmp_path: Path) -> None:
    die_while_writing(tmp_path, "failing_run", 999)
    # As if it had died between the last event and the summary.
    change(tmp_path, "UPDATE runs SET state = 'running', verdict = NULL, p95_ms = NULL")
    run = History(tmp_path).runs()[0]
    assert (run.verdict, run.p95_ms) == (
        "FAIL",
        script.view_of(script.failing_run(script.facts())).total.latency.p95,
    )


def test_a_run_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, commit_s=3600.0)
    for event in script.beginning(script.facts()):
        store.put("r1", event, 0.0)
    store.flush()
    assert History(tmp_path).runs()[0].verdict is None
    store.close()


def test_a_reused_pid_does_not_pass_for_the_owner(tmp_path: Path) -> None:
    die_while_writing(tmp_path, "good_run", 25)
    change(tmp_path, f"UPDATE runs SET owner_pid = {os.getpid()}")
    assert History(tmp_path).runs()[0].verdict == "INTERRUPTED"


def test_a_run_of_which_nothing_was_kept_is_closed_too(tmp_path: Path) -> None:
    die_while_writing(tmp_path, "good_run", 1)
    change(tmp_path, "DELETE FROM events")
    run = History(tmp_path).runs()[0]
    assert (run.verdict, run.reason) == ("INTERRUPTED", "cut off before anything was kept")


def test_a_run_that_can_not_be_read_does_not_stop_the_start(tmp_path: Path) -> None:
    die_while_writing(tmp_path, "good_run", 25)
    change(tmp_path, "UPDATE events SET body = x'00' WHERE seq = 9")
    run = History(tmp_path).runs()[0]
    assert (run.verdict, run.p95_ms) == ("INTERRUPTED", None)


def test_a_process_is_itself_and_not_gone() -> None:
    assert not Owner.this().is_gone


def test_a_zombie_is_gone() -> None:
    child = subprocess.Popen(["sleep", "60"])
    owner = Owner(child.pid, _started(child.pid))
    assert not owner.is_gone
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert owner.is_gone
    child.wait()


def _started(pid: int) -> str:
    from tui.store.owner import _started

    started = _started(pid)
    assert started is not None
    return started


@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1])
def test_a_pid_that_can_not_be_is_gone(pid: int) -> None:
    assert Owner(pid, "x").is_gone
