"""Stored runs as screens ask for them: lists, moments, stretches, and deletion with a way back."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import msgspec

from tui.core.events import WindowClosed, WorkBegan, tag_of
from tui.core.histogram import merged
from tui.core.model import Past
from tui.core.problem import InputError
from tui.core.timeline import Point, Timeline
from tui.ports import GoOn, Moment
from tui.store.bodies import event_of
from tui.store.history import kept_runs, reading
from tui.store.owner import Owner
from tui.store.paths import DATABASE
from tui.store.replay import BATCH, Replay
from tui.store.schema import connect, transaction

LATE_S = 5.0
"""A window reaches the store so much later than its second ends, at most."""


class StoredRuns:
    """Implements `ports.Archive` over a state directory's database, which must be in order."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / DATABASE
        self._replay: Replay | None = None

    def runs(self, limit: int) -> tuple[Past, ...]:
        return kept_runs(self._path, limit)

    def moment(self, run_id: str, load_s: float, go_on: GoOn) -> Moment | None:
        if self._replay is None or self._replay.run_id != run_id:
            self._replay = Replay(run_id)
        with reading(self._path) as connection:
            last_at_s = _last_at_s(connection, run_id)
            began_s = _began_s(connection, run_id)
            last_s = max(last_at_s - began_s, 0.0)
            load_s = min(max(load_s, 0.0), last_s)
            # The very last event belongs to the end, whatever rounding says.
            at_s = last_at_s if load_s >= last_s else began_s + load_s
            try:
                if not self._replay.seek(connection, at_s, go_on):
                    return None
            except BaseException:
                self._replay = None
                raise
        snapshot = self._replay.snapshot()
        if snapshot is None:
            raise InputError.of("store", "", f"run {run_id} has no data")
        return Moment(snapshot, load_s, last_s)

    def points(
        self, run_id: str, from_s: float, to_s: float, go_on: GoOn
    ) -> tuple[Point, ...] | None:
        first = max(int(from_s), 0)
        timeline = Timeline()
        with reading(self._path) as connection:
            began_s = _began_s(connection, run_id)
            since = _seq_at(connection, run_id, began_s + first)
            until = _seq_at(connection, run_id, began_s + to_s + LATE_S)
            statement = (
                "SELECT body FROM events WHERE run_id = ? AND seq BETWEEN ? AND ?"
                " AND type = 'WindowClosed' ORDER BY seq"
            )
            rows = connection.execute(statement, (run_id, since, until))
            for number, row in enumerate(rows):
                window = event_of(row["body"])
                assert isinstance(window, WindowClosed)
                if first <= window.second < to_s:
                    _add(timeline, window, first)
                if number % BATCH == BATCH - 1 and not go_on(window.second / max(to_s, 1.0)):
                    return None
        return tuple(
            msgspec.structs.replace(point, start_s=point.start_s + first)
            for point in timeline.points()
        )

    def delete(self, run_id: str) -> bool:
        statement = (
            "UPDATE runs SET deleted_at = ?, deleter_pid = ?, deleter_started = ?"
            " WHERE id = ? AND state = 'ended' AND deleted_at IS NULL"
        )
        this = Owner.this()
        return self._write(statement, time.time(), this.pid, this.started, run_id)

    def restore(self, run_id: str) -> bool:
        statement = (
            "UPDATE runs SET deleted_at = NULL, deleter_pid = NULL, deleter_started = NULL"
            " WHERE id = ? AND deleted_at IS NOT NULL"
        )
        return self._write(statement, run_id)

    def purge(self) -> int:
        try:
            with closing(connect(self._path)) as connection, transaction(connection):
                found = connection.execute("SELECT * FROM runs WHERE deleted_at IS NOT NULL")
                ids = [(row["id"],) for row in found.fetchall() if not _can_be_undone(row)]
                connection.executemany("DELETE FROM events WHERE run_id = ?", ids)
                connection.executemany("DELETE FROM runs WHERE id = ?", ids)
        except sqlite3.Error as error:
            raise self._unwritten(error) from None
        return len(ids)

    def _write(self, statement: str, *values: str | float) -> bool:
        try:
            with closing(connect(self._path)) as connection:
                return connection.execute(statement, values).rowcount == 1
        except sqlite3.Error as error:
            raise self._unwritten(error) from None

    def _unwritten(self, error: sqlite3.Error) -> InputError:
        return InputError.of(str(self._path), "", f"can't be written: {error}")


def _can_be_undone(row: sqlite3.Row) -> bool:
    """Whether the process that deleted the run still lives: another one must not be the faster."""
    pid, started = row["deleter_pid"], row["deleter_started"]
    return pid is not None and not Owner(pid, started).is_gone


def _add(timeline: Timeline, window: WindowClosed, first: int) -> None:
    timeline.add(
        window.second - first,
        merged(row.buckets for row in window.rows),
        requests=sum(row.requests for row in window.rows),
        failures=sum(row.failures for row in window.rows),
        users=window.users,
        in_flight=window.in_flight,
    )


def _began_s(connection: sqlite3.Connection, run_id: str) -> float:
    """When the load began; 0 for a run that never had any."""
    statement = "SELECT at_s FROM events WHERE run_id = ? AND type = ? ORDER BY seq LIMIT 1"
    row = connection.execute(statement, (run_id, tag_of(WorkBegan))).fetchone()
    return float(row["at_s"]) if row is not None else 0.0


def _last_at_s(connection: sqlite3.Connection, run_id: str) -> float:
    statement = "SELECT at_s FROM events WHERE run_id = ? ORDER BY seq DESC LIMIT 1"
    row = connection.execute(statement, (run_id,)).fetchone()
    if row is None:
        raise InputError.of("store", "", f"nothing of run {run_id} is kept yet")
    return float(row["at_s"])


def _seq_at(connection: sqlite3.Connection, run_id: str, at_s: float) -> int:
    """The first event from that moment on. Bisected: a day's events are not read for a minute."""
    last = "SELECT max(seq) AS seq FROM events WHERE run_id = ?"
    low, high = 1, int(connection.execute(last, (run_id,)).fetchone()["seq"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        statement = "SELECT at_s FROM events WHERE run_id = ? AND seq >= ? ORDER BY seq LIMIT 1"
        row = connection.execute(statement, (run_id, middle)).fetchone()
        if row is not None and row["at_s"] < at_s:
            low = middle + 1
        else:
            high = middle
    return low
