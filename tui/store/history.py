"""The store's read side: what was run, and each run as it looked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from tui.core.climb import CLIMB_DIGITS
from tui.core.events import AnyEvent
from tui.core.model import Past, RunView
from tui.core.problem import InputError, did_you_mean
from tui.store.journal import fold_events, read_events
from tui.store.paths import DATABASE
from tui.store.recovery import close_cut_off_runs
from tui.store.schema import MIGRATIONS, check_version, connect, open_database

WHERE = "command line"


class History:
    """The runs kept in a state directory. Every call reads afresh."""

    def __init__(self, state_dir: Path) -> None:
        """Closes runs whose process died; raises InputError when the file can't be read."""
        self._path = state_dir / DATABASE
        self.notices: tuple[str, ...] = ()
        """What was found amiss, a line each."""
        if self._path.exists():
            opened = open_database(self._path, only_to_read=True)
            with closing(opened.connection):
                self.notices = opened.notices + close_cut_off_runs(opened.connection)

    def runs(self, limit: int = -1) -> tuple[Past, ...]:
        """Newest first; running ones and those cut off have no verdict yet."""
        return kept_runs(self._path, limit)

    def past(self) -> dict[tuple[str, str], Past]:
        """The last ended run of each scenario on each target."""
        return read_past(self._path)

    def find(self, word: str) -> Past:
        """The run with this id or the only one whose id begins so; `last` is the newest."""
        runs = self.runs()
        if not runs:
            raise InputError.of(WHERE, "", "no run is kept yet")
        if word == "last":
            return runs[0]
        found = [run for run in runs if run.run_id == word]
        found = found or [run for run in runs if word and run.run_id.startswith(word)]
        if len(found) == 1:
            return found[0]
        if found:
            what = f'"{word}" could be {len(found)} runs: {_some([run.run_id for run in found])}'
            raise InputError.of(WHERE, "", what)
        hint = did_you_mean(word, [run.run_id for run in runs]) or " (see: jetproof runs)"
        raise InputError.of(WHERE, "", f'no run "{word}"{hint}')

    def session(self, run_id: str) -> tuple[str, ...]:
        """The ids of all runs of the session that this run belongs to, oldest first; a campaign
        that was cut off and gone on with in another session is whole."""
        statement = (
            "WITH own AS (SELECT session_id, climb FROM runs WHERE session_id ="
            " (SELECT session_id FROM runs WHERE id = ?))"
            " SELECT id FROM runs WHERE deleted_at IS NULL AND (session_id IN"
            " (SELECT session_id FROM own) OR climb IN (SELECT climb FROM own WHERE climb != ''))"
            " ORDER BY started_at, id"
        )
        return tuple(row["id"] for row in _rows(self._path, statement, run_id))

    def newest_climb(self, campaign: str, target: str) -> tuple[str, ...]:
        """The ids of all runs of the campaign's newest climb on a target, oldest first."""
        statement = (
            "SELECT id FROM runs WHERE deleted_at IS NULL AND climb ="
            " (SELECT climb FROM runs WHERE deleted_at IS NULL AND target = ? AND climb GLOB ?"
            " ORDER BY started_at DESC LIMIT 1) ORDER BY started_at, id"
        )
        # What makes a climb its own is hexadecimal: `ladder` must not find those of `ladder-2`.
        climbs = f"{campaign}-{'[0-9a-f]' * CLIMB_DIGITS}"
        return tuple(row["id"] for row in _rows(self._path, statement, target, climbs))

    def events(self, run_id: str) -> Iterator[AnyEvent]:
        """All events of a run, by its whole id, as they are read: a long one is large."""
        with reading(self._path) as connection:
            yield from read_events(connection, run_id)

    def view(self, run_id: str) -> RunView:
        """A run as it looked at its last event, by its whole id."""
        with reading(self._path) as connection:
            view = fold_events(read_events(connection, run_id))
            row = connection.execute("SELECT dropped FROM runs WHERE id = ?", (run_id,)).fetchone()
        if view is None or row is None:
            raise InputError.of(WHERE, "", f'run "{run_id}" has no data')
        if not row["dropped"]:
            return view
        warning = f"{row['dropped']} events could not be kept: the figures lack them"
        return msgspec.structs.replace(view, warnings=(*view.warnings, warning))


def kept_runs(path: Path, limit: int) -> tuple[Past, ...]:
    """The runs in the database at `path`, newest first, without those marked as deleted."""
    statement = (
        "SELECT * FROM runs WHERE deleted_at IS NULL ORDER BY started_at DESC, id DESC LIMIT ?"
    )
    return tuple(_past(row) for row in _rows(path, statement, limit))


def read_past(path: Path) -> dict[tuple[str, str], Past]:
    """The last ended run of each scenario on each target in the database at `path`."""
    # With a bare max() SQLite takes the other columns from the same row.
    statement = (
        "SELECT *, max(started_at) FROM runs WHERE state = 'ended' AND deleted_at IS NULL"
        " GROUP BY scenario, target"
    )
    return {(row["scenario"], row["target"]): _past(row) for row in _rows(path, statement)}


def _rows(path: Path, statement: str, *values: int | str) -> Sequence[sqlite3.Row]:
    if not path.exists():
        return []
    with reading(path) as connection:
        return connection.execute(statement, values).fetchall()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads. Raises InputError for what can't be read."""
    try:
        with closing(connect(path)) as connection:
            check_version(connection, path, len(MIGRATIONS))
            connection.execute("PRAGMA query_only = ON")
            yield connection
    except sqlite3.Error as error:
        raise InputError.of(str(path), "", f"can't be read: {error}") from None
    except msgspec.MsgspecError as error:
        what = f"holds a run that this version can't read: {error}"
        raise InputError.of(str(path), "", what) from None


def _past(row: sqlite3.Row) -> Past:
    return Past(
        run_id=row["id"],
        scenario=row["scenario"],
        verdict=row["verdict"],
        started_at=row["started_at"],
        p95_ms=row["p95_ms"],
        rps=row["rps"],
        target=row["target"],
        reason=row["reason"],
        tj_max_c=row["tj_max_c"],
    )


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:3]) + (", …" if len(words) > 3 else "")
