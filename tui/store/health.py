"""Health checks of targets, kept for a month: a row for each target and minute."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tui.core.problem import InputError
from tui.core.uptime import MINUTE_S, PERIODS, Minute, slots_of
from tui.store.history import reading
from tui.store.paths import DATABASE
from tui.store.schema import connect, open_database, transaction

KEPT_S = max(period_s for _, period_s in PERIODS) + 86_400

_ADD = """
INSERT INTO health VALUES (:target, :minute, :bits, :failed, :answers, :ms, coalesce(:ms, 0))
ON CONFLICT (target, minute) DO UPDATE SET
    probed = probed | excluded.probed,
    failed = failed | excluded.failed,
    answers = answers + excluded.answers,
    worst_ms = max(coalesce(worst_ms, excluded.worst_ms), coalesce(excluded.worst_ms, worst_ms)),
    sum_ms = sum_ms + excluded.sum_ms
"""


class HealthHistory:
    """The checks in a state directory's database. Several processes may add to it at once.

    A target is known by its URL: a name may mean another service tomorrow.
    """

    def __init__(self, state_dir: Path) -> None:
        """Raises InputError when the database can't be opened."""
        self._path = state_dir / DATABASE
        opened = open_database(self._path)
        with closing(opened.connection) as connection:
            _forget(connection, "minute < ?", time.time())
        self.notices = opened.notices
        """What was found amiss, a line each."""

    def add(self, url: str, started_s: float, took_s: float, ms: float | None) -> None:
        """Keep one check that began then (UTC) and ended so much later; `ms` None: no answer.

        What is too old goes with it. Raises InputError when it can't be written.
        """
        spoken_for = slots_of(started_s, took_s)
        rows = [
            {
                "target": url,
                "minute": minute,
                "bits": bits,
                "failed": bits if ms is None else 0,
                "answers": int(ms is not None and not number),
                "ms": None if number else ms,
            }
            for number, (minute, bits) in enumerate(spoken_for)
        ]
        try:
            with closing(connect(self._path)) as connection, transaction(connection):
                connection.executemany(_ADD, rows)
                _forget(connection, "minute < ? AND target = ?", started_s, url)
        except sqlite3.Error as error:
            raise InputError.of(str(self._path), "", f"can't be written: {error}") from None

    def minutes(self, url: str, since_s: float) -> tuple[Minute, ...]:
        """The target's minutes since then (UTC), in order. InputError when they can't be read."""
        statement = (
            "SELECT minute, probed, failed, answers, worst_ms, sum_ms FROM health"
            " WHERE target = ? AND minute >= ? ORDER BY minute"
        )
        with reading(self._path) as connection:
            rows = connection.execute(statement, (url, int(since_s // MINUTE_S)))
            return tuple(Minute(*row) for row in rows)


def _forget(connection: sqlite3.Connection, where: str, now_s: float, *values: str) -> None:
    oldest = int((now_s - KEPT_S) // MINUTE_S)
    connection.execute(f"DELETE FROM health WHERE {where}", (oldest, *values))
