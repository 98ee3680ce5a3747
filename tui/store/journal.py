"""Runs on their way into the database: rows opened, events added, summaries filled in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tui.core.events import AnyEvent, Event, RunEnded, RunStarted, tag_of
from tui.core.model import RunView
from tui.core.run_fold import RunFold
from tui.store.bodies import body_of, event_of
from tui.store.owner import Owner
from tui.store.schema import transaction


class Entry(NamedTuple):
    """One event on its way to the disk."""

    run_id: str
    event: Event
    at_utc: float


class Journal:
    """Writes the runs of this process through one connection. Not thread-safe."""

    def __init__(self, connection: sqlite3.Connection, owner: Owner) -> None:
        self._connection = connection
        self._owner = owner
        self._folds: dict[str, RunFold] = {}
        self._last_seq: dict[str, int] = {}

    def write(self, batch: Sequence[Entry]) -> tuple[list[RunView], list[Entry]]:
        """All of the batch or, with an sqlite3.Error, nothing.

        Returns the runs that have ended in it, and the entries that belong to no run of ours.
        """
        seqs = dict(self._last_seq)
        kept, alien = [], []
        with transaction(self._connection):
            for entry in batch:
                if isinstance(entry.event, RunStarted) and self._insert_run(entry.event):
                    seqs[entry.run_id] = 0
                if entry.run_id not in seqs:
                    alien.append(entry)
                    continue
                seqs[entry.run_id] += 1
                insert_event(self._connection, seqs[entry.run_id], entry)
                kept.append(entry)
        self._last_seq = seqs
        return [view for entry in kept if (view := self._fold(entry))], alien

    def close_run(self, view: RunView, dropped: int) -> None:
        """Fill in the summary of a run that has ended, and have the disk hold all of it."""
        close_run(self._connection, view, dropped)
        # In WAL mode a commit may still be in the page cache: a power cut must not take a verdict.
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _fold(self, entry: Entry) -> RunView | None:
        event = entry.event
        if isinstance(event, RunStarted):
            self._folds[entry.run_id] = RunFold(event.facts)
        fold = self._folds[entry.run_id]
        fold.apply(event)
        if not isinstance(event, RunEnded):
            return None
        del self._folds[entry.run_id], self._last_seq[entry.run_id]
        return fold.view(event.at_s)

    def _insert_run(self, event: RunStarted) -> bool:
        facts = event.facts
        row = {
            "id": facts.id,
            "session_id": facts.session_id,
            "climb": facts.climb,
            "scenario": facts.scenario.id,
            "kind": facts.scenario.kind,
            "target": facts.target.name,
            "url": facts.url,
            "version": facts.version,
            "state": "running",
            "owner_pid": self._owner.pid,
            "owner_started": self._owner.started,
            "started_at": facts.started_at,
        }
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        # A row that is there already is another process's run: it stays as it is.
        statement = f"INSERT OR IGNORE INTO runs ({names}) VALUES ({marks})"
        return self._connection.execute(statement, row).rowcount == 1


def insert_event(connection: sqlite3.Connection, seq: int, entry: Entry) -> None:
    """Add one event behind the others of its run."""
    event = entry.event
    values = (entry.run_id, seq, event.at_s, entry.at_utc, tag_of(type(event)), body_of(event))
    connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", values)


def read_events(connection: sqlite3.Connection, run_id: str) -> Iterable[AnyEvent]:
    """The events of a run in order. Raises msgspec.MsgspecError for what can't be understood."""
    statement = "SELECT body FROM events WHERE run_id = ? ORDER BY seq"
    for row in connection.execute(statement, (run_id,)):
        yield event_of(row["body"])


def fold_events(events: Iterable[AnyEvent]) -> RunView | None:
    """A stored run as it looked at its last event; None without its first."""
    fold: RunFold | None = None
    at_s = 0.0
    for event in events:
        if isinstance(event, RunStarted):
            fold = RunFold(event.facts)
        if fold is not None:
            fold.apply(event)
            at_s = event.at_s
    return fold.view(at_s) if fold is not None else None


def close_run(connection: sqlite3.Connection, view: RunView, dropped: int = 0) -> None:
    """Fill in the summary columns of a run that has ended."""
    assert view.judgement is not None
    assert view.ended_s is not None
    set_columns(
        connection,
        view.facts.id,
        {
            "state": "ended",
            "ended_at": view.facts.started_at + view.ended_s,
            "verdict": view.judgement.verdict,
            "reason": view.judgement.reason,
            "p95_ms": view.total.latency.p95,
            "rps": view.total.rps if view.facts.scenario.load is not None else None,
            "requests": view.total.requests,
            "failures": view.total.failures,
            "dropped": dropped,
            "tj_max_c": next((gauge.max for gauge in view.telemetry if gauge.name == "tj_c"), None),
        },
    )


def set_columns(
    connection: sqlite3.Connection, run_id: str, columns: Mapping[str, str | float | None]
) -> None:
    """Change columns of one run's row."""
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    statement = f"UPDATE runs SET {assignments} WHERE id = :run_id"
    connection.execute(statement, {**columns, "run_id": run_id})
