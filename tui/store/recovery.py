"""Runs whose process died are closed, with everything that had reached the disk."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timezone

from tui.core.events import RunEnded
from tui.store.journal import (
    Entry,
    close_run,
    fold_events,
    insert_event,
    read_events,
    set_columns,
)
from tui.store.owner import Owner
from tui.store.schema import transaction


def close_cut_off_runs(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Close every open run whose owner is gone; one line for each."""
    notices = []
    for row in _open_runs(connection):
        if Owner(row["owner_pid"], row["owner_started"]).is_gone:
            with transaction(connection):
                # Another process may have closed it since.
                if any(row["id"] == still["id"] for still in _open_runs(connection)):
                    notices.append(f"{row['scenario']} ({row['id']}): {_close(connection, row)}")
    return tuple(notices)


def _open_runs(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    return connection.execute("SELECT * FROM runs WHERE state = 'running'").fetchall()


def _close(connection: sqlite3.Connection, row: sqlite3.Row) -> str:
    run_id = row["id"]
    last = connection.execute(
        "SELECT seq, at_s, at_utc, type FROM events WHERE run_id = ? ORDER BY seq DESC LIMIT 1",
        (run_id,),
    ).fetchone()
    if last is None:
        detail = "cut off before anything was kept"
        _close_unread(connection, row, detail, row["started_at"])
        return detail
    detail = f"cut off; data up to {_utc(last['at_utc'])}"
    # A process may die between its last event and the summary: then the verdict stands.
    if last["type"] != RunEnded.__name__:
        ended = RunEnded(at_s=last["at_s"], reason="crashed", detail=detail)
        insert_event(connection, last["seq"] + 1, Entry(run_id, ended, last["at_utc"]))
    try:
        view = fold_events(read_events(connection, run_id))
    except Exception:
        # Written by another version, or the very thing that ended its process: every later
        # start would fail on it.
        view = None
    if view is None or view.judgement is None:
        _close_unread(connection, row, detail, last["at_utc"])
        return detail
    close_run(connection, view)
    return view.judgement.reason


def _close_unread(
    connection: sqlite3.Connection, row: sqlite3.Row, detail: str, ended_at: float
) -> None:
    columns: dict[str, str | float | None] = {
        "state": "ended",
        "verdict": "INTERRUPTED",
        "reason": detail,
        "ended_at": ended_at,
    }
    set_columns(connection, row["id"], columns)


def _utc(at_utc: float) -> str:
    return datetime.fromtimestamp(at_utc, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
