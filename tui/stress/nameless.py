"""A database whose files lose their names as soon as they are open, so that nothing stays of it.

SQLite finds its files by name, so they have one for some milliseconds: in a directory of their
own, which its maker has locked. Who is killed just then leaves it behind; `sweep` removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import stat
from pathlib import Path
from secrets import token_hex

PREFIX = "jetproof-metadata-"
_NAME = "results.db"
_FILES = (_NAME, f"{_NAME}-wal", f"{_NAME}-shm", f"{_NAME}-journal")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_nameless(
    directory: str, schema: str, connections: int, busy_s: float
) -> list[sqlite3.Connection]:
    """Connections to one new database; no name of it is left. Raises OSError, sqlite3.Error.

    Each thread may use one of them, none two threads at once.
    """
    opened: list[sqlite3.Connection] = []
    with _Room(directory) as room:
        try:
            for _ in range(connections):
                opened.append(_connect(str(room.path / _NAME), busy_s))
            opened[0].executescript(f"PRAGMA journal_mode = WAL; {schema}")
            for each in opened:
                # A connection opens the log and the index of it when it first reads. From then
                # on it needs no name: later ones would find nothing.
                each.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except BaseException:
            for each in opened:
                each.close()
            raise
    return opened


def sweep(directory: str) -> list[str]:
    """Remove what was left behind there by processes that are dead; the paths.

    Only own directories with the mark in their names; one that somebody holds is left alone.
    """
    swept = []
    with contextlib.suppress(OSError):
        parent = os.open(directory, _DIRECTORY)
        try:
            for name in os.listdir(parent):
                if name.startswith(PREFIX) and _sweep_one(parent, name):
                    swept.append(os.path.join(directory, name))
        finally:
            os.close(parent)
    return swept


class _Room:
    """A new directory, locked while it has a name; at the end it is gone."""

    def __init__(self, directory: str) -> None:
        self._parent = os.open(directory, _DIRECTORY)
        try:
            self._name, self._own = self._make()
        except BaseException:
            os.close(self._parent)
            raise
        self.path = Path(directory, self._name)

    def __enter__(self) -> _Room:
        return self

    def __exit__(self, *error: object) -> None:
        _remove(self._parent, self._name, self._own)
        os.close(self._own)
        os.close(self._parent)

    def _make(self) -> tuple[str, int]:
        while True:
            name = PREFIX + token_hex(8)
            os.mkdir(name, 0o700, dir_fd=self._parent)
            own = _lock(self._parent, name)
            if own is not None:
                return name, own
            # A sweep came between: it takes the directory away.


def _connect(path: str, busy_s: float) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)


def _sweep_one(parent: int, name: str) -> bool:
    own = _lock(parent, name)
    if own is None:
        return False
    try:
        return os.fstat(own).st_uid == os.geteuid() and _remove(parent, name, own)
    finally:
        os.close(own)


def _lock(parent: int, name: str) -> int | None:
    """The directory, held by us alone until it is closed; None when it can't be had."""
    try:
        own = os.open(name, _DIRECTORY, dir_fd=parent)
    except OSError:
        return None
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(own), os.stat(name, dir_fd=parent, follow_symlinks=False)):
            return own
    except OSError:
        pass  # somebody holds it, or it is gone
    os.close(own)
    return None


def _remove(parent: int, name: str, own: int) -> bool:
    """Only files of ours: with any other in it the directory stays."""
    for file in os.listdir(own):
        if file in _FILES and stat.S_ISREG(
            os.stat(file, dir_fd=own, follow_symlinks=False).st_mode
        ):
            os.unlink(file, dir_fd=own)
    try:
        os.rmdir(name, dir_fd=parent)
    except OSError:
        return False
    return True
