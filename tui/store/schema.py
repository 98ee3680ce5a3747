"""The database file: opened, brought up to date, or set aside when it is damaged."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from tui.core.problem import InputError

BUSY_S = 5.0
CHECKED_BYTES = 16 * 1024 * 1024
"""A file up to this size is checked page by page at the start; beyond, that would be felt."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        scenario TEXT NOT NULL,
        kind TEXT NOT NULL,
        target TEXT NOT NULL,
        url TEXT NOT NULL,
        version TEXT NOT NULL,
        state TEXT NOT NULL,
        owner_pid INTEGER NOT NULL,
        owner_started TEXT NOT NULL,
        started_at REAL NOT NULL,
        ended_at REAL,
        verdict TEXT,
        reason TEXT NOT NULL DEFAULT '',
        p95_ms REAL,
        rps REAL,
        requests INTEGER,
        failures INTEGER,
        dropped INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX runs_by_time ON runs (started_at);
    CREATE TABLE events (
        run_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        at_s REAL NOT NULL,
        at_utc REAL NOT NULL,
        type TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (run_id, seq)
    );
    """,
    """
    ALTER TABLE runs ADD COLUMN deleted_at REAL;
    ALTER TABLE runs ADD COLUMN tj_max_c REAL
    """,
    """
    ALTER TABLE runs ADD COLUMN deleter_pid INTEGER;
    ALTER TABLE runs ADD COLUMN deleter_started TEXT
    """,
    """
    CREATE TABLE health (
        target TEXT NOT NULL,
        minute INTEGER NOT NULL,
        probed INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        answers INTEGER NOT NULL,
        worst_ms REAL,
        sum_ms REAL NOT NULL,
        PRIMARY KEY (target, minute)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE wear (
        device TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        total_bytes INTEGER NOT NULL,
        recent TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    ALTER TABLE runs ADD COLUMN climb TEXT NOT NULL DEFAULT ''
    """,
)
"""Each brings a file from version N to N + 1; published ones are never edited."""


class Opened(msgspec.Struct, frozen=True):
    """A database in order, and what had to be done for it."""

    connection: sqlite3.Connection
    notices: tuple[str, ...] = ()


def open_database(
    path: Path, migrations: Sequence[str] = MIGRATIONS, *, only_to_read: bool = False
) -> Opened:
    """The database at `path`, made or migrated. A damaged one is kept under another name.

    Raises InputError for a file of a newer version, or one that can't be opened at all; where it
    is `only_to_read`, for a damaged one too: somebody may be writing in it.
    """
    try:
        with _alone(path):
            try:
                return Opened(_open(path, migrations))
            except sqlite3.OperationalError:
                raise  # locked, full or read-only: the file itself may be sound
            except sqlite3.DatabaseError as error:
                if only_to_read:
                    raise
                aside = _set_aside(path)
                notice = f"{path.name} was damaged ({error}): kept as {aside}, a new one begun"
                return Opened(_open(path, migrations), (notice,))
    except (OSError, sqlite3.Error) as error:
        raise InputError.of(str(path), "", f"can't be opened: {error}") from None


def connect(path: Path) -> sqlite3.Connection:
    """A connection with our settings; statements outside `transaction` commit by themselves."""
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; takes the writer's lock at once, so that it never fails half-way."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has already rolled back
            connection.execute("ROLLBACK")
        raise


def check_version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    """The file's version; InputError when this program is too old for it."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > newest:
        what = f"written by a newer jetproof (format {version}, this one knows {newest}); upgrade"
        raise InputError.of(str(path), "", what)
    return version


def _open(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    _create(path)
    connection = connect(path)
    try:
        check_version(connection, path, len(migrations))
        if path.stat().st_size <= CHECKED_BYTES:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict.splitlines()[-1])
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _migrate(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def _create(path: Path) -> None:
    # Never a file that is there: closing any descriptor of it would take away the locks that
    # SQLite holds on it in this process, and another process would then delete a log in use.
    with suppress(FileExistsError):
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        os.close(os.open(path, flags, 0o600))


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    version = check_version(connection, path, len(migrations))
    for number, script in enumerate(migrations[version:], start=version + 1):
        with transaction(connection):
            for statement in script.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def _set_aside(path: Path) -> str:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm"):
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.rename(aside.with_name(aside.name + suffix))
    path.rename(aside)
    return aside.name


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    # Two processes that start together must not both migrate, or both set the file aside.
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    descriptor = os.open(path.with_name(path.name + ".opening"), flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
