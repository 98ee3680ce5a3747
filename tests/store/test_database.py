from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.core import script
from tui.core import events as ev
from tui.core.limits import Limit
from tui.core.problem import InputError
from tui.store import database
from tui.store.database import SqliteStore
from tui.store.history import History
from tui.store.paths import DATABASE
from tui.store.schema import connect

NEVER_S = 3600.0
"""Commits only when asked: no test waits for a clock."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    kept = SqliteStore(tmp_path, commit_s=NEVER_S)
    yield kept
    kept.close()


def put(store: SqliteStore, events: list[ev.Event], run_id: str = "r1") -> None:
    for event in events:
        store.put(run_id, event, script.STARTED_AT + event.at_s)


def count_events(state_dir: Path) -> int:
    with closing(connect(state_dir / DATABASE)) as connection:
        number: int = connection.execute("SELECT count(*) FROM events").fetchone()[0]
        return number


@pytest.mark.parametrize(
    "make",
    [
        script.good_run,
        script.failing_run,
        script.invalid_run,
        script.empty_run,
        script.unsent_run,
        script.cut_short_run,
    ],
)
def test_a_stored_run_looks_just_as_the_live_one(
    make: script.RunMaker, store: SqliteStore, tmp_path: Path
) -> None:
    events = make(script.facts())
    put(store, events)
    assert store.flush() == ""
    assert History(tmp_path).view("r1") == script.view_of(events)


def test_the_summary_in_the_list_is_the_reports_own(store: SqliteStore, tmp_path: Path) -> None:
    events = script.failing_run(script.facts())
    put(store, events)
    store.flush()
    view, (run,) = script.view_of(events), History(tmp_path).runs()
    assert view.judgement is not None
    assert (run.verdict, run.reason) == ("FAIL", view.judgement.reason)
    assert (run.p95_ms, run.rps) == (view.total.latency.p95, view.total.rps)
    assert store.past() == {("standard", "demo"): run}


def test_short_lived_reports_are_not_kept(store: SqliteStore, tmp_path: Path) -> None:
    put(store, [*script.beginning(script.facts()), script.reported(5.0)])
    store.flush()
    stored = tuple(History(tmp_path).events("r1"))
    assert [type(event).__name__ for event in stored][-1] == "PhaseEntered"


def test_a_commit_comes_without_being_asked_for(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, commit_s=0.01)
    put(store, script.beginning(script.facts()))
    with store._changed:
        assert store._changed.wait_for(lambda: not store._waiting, timeout=10.0)
    assert count_events(tmp_path) == 7
    store.close()


def test_closing_keeps_what_was_put(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, commit_s=NEVER_S)
    put(store, script.good_run(script.facts()))
    store.close()
    assert History(tmp_path).runs()[0].verdict == "PASS"


def test_a_full_queue_drops_samples_but_never_the_verdict(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, commit_s=NEVER_S, queue_limit=10)
    events = script.good_run(script.facts())
    put(store, events)
    # Seven events and three more fill the queue; ten seconds hold a sample and a window each.
    assert store.dropped == 17
    assert store.flush() == "store: 17 events could not be kept"
    assert store.flush() == ""
    history = History(tmp_path)
    assert history.runs()[0].verdict is not None
    assert "17 events could not be kept: the figures lack them" in history.view("r1").warnings
    store.close()


def test_a_locked_file_costs_nothing_once_it_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.store.schema.BUSY_S", 0.01)
    store = SqliteStore(tmp_path, commit_s=NEVER_S)
    put(store, script.good_run(script.facts()))
    with closing(connect(tmp_path / DATABASE)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "database is locked" in store.flush()
        other.execute("ROLLBACK")
    assert store.flush() == ""
    assert store.dropped == 0
    assert History(tmp_path).runs()[0].verdict == "PASS"
    store.close()


def test_a_full_disk_is_said_and_waited_out(store: SqliteStore, tmp_path: Path) -> None:
    store._connection.execute("PRAGMA max_page_count = 8")  # type: ignore[union-attr]
    put(store, script.whole_run(script.facts(), script.row([100.0] * 5, limits=[]), seconds=300))
    assert "database or disk is full" in store.flush()
    store._connection.execute("PRAGMA max_page_count = 100000")  # type: ignore[union-attr]
    assert store.flush() == ""
    assert History(tmp_path).runs()[0].verdict == "PASS"


def test_a_vanished_file_is_noticed_and_later_runs_are_kept(
    store: SqliteStore, tmp_path: Path
) -> None:
    put(store, script.beginning(script.facts()))
    store.flush()
    for file in tmp_path.glob(f"{DATABASE}*"):
        file.unlink()
    put(store, script.ending(20.0))
    assert "vanished" in store.flush()
    put(store, script.good_run(script.facts("r2")), "r2")
    assert store.flush() == ""
    assert [run.run_id for run in History(tmp_path).runs()] == ["r2"]


def test_an_event_that_breaks_the_fold_does_not_end_the_writer(store: SqliteStore) -> None:
    too_many = [Limit("p95_ms", "<", 1.0)] * 9
    broken = script.window(3, script.row([1.0], limits=too_many))
    put(store, [*script.beginning(script.facts()), broken])
    assert "store: " in store.flush()
    put(store, script.good_run(script.facts("r2")), "r2")
    assert store.flush() == ""
    assert ("standard", "demo") in store.past()


def test_another_process_run_is_never_written_to(store: SqliteStore, tmp_path: Path) -> None:
    put(store, script.beginning(script.facts()))
    store.flush()
    other = SqliteStore(tmp_path, commit_s=NEVER_S)
    put(other, [*script.beginning(script.facts()), *script.ending(20.0)])
    assert "could not be kept" in other.flush()
    other.close()
    assert History(tmp_path).runs()[0].verdict is None


def test_two_processes_keep_their_runs_side_by_side(store: SqliteStore, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path, commit_s=NEVER_S)
    put(store, script.good_run(script.facts("r1")), "r1")
    put(other, script.good_run(script.facts("r2")), "r2")
    assert (store.flush(), other.flush()) == ("", "")
    other.close()
    assert {run.run_id for run in History(tmp_path).runs()} == {"r1", "r2"}


def test_a_disk_that_never_answers_does_not_hold_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(tmp_path, commit_s=NEVER_S)
    monkeypatch.setattr(database, "FLUSH_S", 0.02)
    put(store, script.beginning(script.facts()))
    with closing(connect(tmp_path / DATABASE)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "did not take the run" in store.flush()
        other.execute("ROLLBACK")
    monkeypatch.undo()
    store.close()


def test_the_file_is_readable_by_its_user_alone(store: SqliteStore, tmp_path: Path) -> None:
    assert os.stat(tmp_path / DATABASE).st_mode & 0o077 == 0


def test_past_is_empty_when_the_disk_does_not_say(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, commit_s=NEVER_S)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert store.past() == {}
    assert "newer jetproof" in store.flush()
    store.close()


def test_a_state_directory_that_is_gone_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        SqliteStore(tmp_path / "nowhere")
