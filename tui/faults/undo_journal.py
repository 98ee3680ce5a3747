"""What is armed, on the disk before it is done: one file for each guardian, JSON lines."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tui.faults.undo import Undo

DIRECTORY = "faults"
_SUFFIX = ".jsonl"
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Armed(msgspec.Struct, frozen=True, tag="armed"):
    """A fault that may be there from now on."""

    id: str
    undo: Undo


class Done(msgspec.Struct, frozen=True, tag="done"):
    """A fault that is no more."""

    id: str


_DECODER = msgspec.json.Decoder(Armed | Done)


class UndoJournal:
    """One guardian's journal, locked as long as it is open. Not thread-safe.

    `armed` is what may be there, oldest first. `unread` counts lines that made no sense; a last
    line without its end is none of them, for what it says was never done.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self.armed: dict[str, Undo] = {}
        self.unread = 0
        *lines, torn = _contents(descriptor).split(b"\n")
        for line in lines:
            try:
                entry = _DECODER.decode(line)
            except msgspec.MsgspecError:
                self.unread += 1
                continue
            self._apply(entry)
        if torn:
            os.ftruncate(descriptor, os.fstat(descriptor).st_size - len(torn))

    @classmethod
    def create(cls, state: Path) -> UndoJournal:
        """A new one in the state directory. Raises OSError."""
        directory = state / DIRECTORY
        directory.mkdir(mode=0o700, exist_ok=True)
        _sync(state)
        while True:
            path = directory / f"{os.getpid()}-{secrets.token_hex(4)}{_SUFFIX}"
            descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
            # Whoever looks for left-overs may have taken it for one before it was locked.
            if _lock(descriptor) and os.fstat(descriptor).st_nlink:
                _sync(directory)
                return cls(path, descriptor)
            os.close(descriptor)

    @classmethod
    def open(cls, path: Path) -> UndoJournal | None:
        """One that was left over; None when a guardian still holds it. Raises OSError."""
        descriptor = os.open(path, _FLAGS)
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, descriptor)
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
                raise PermissionError(f"{path} is not ours")
            if not _lock(descriptor) or not os.fstat(descriptor).st_nlink:
                return None
            journal = cls(path, descriptor)
            stack.pop_all()
            return journal

    def arm(self, fault: str, undo: Undo) -> None:
        """Write that a fault is about to be done. On the disk when it returns; raises OSError."""
        self._append(Armed(fault, undo))

    def done(self, fault: str) -> None:
        """Write that it is undone. Raises OSError."""
        self._append(Done(fault))

    def close(self) -> None:
        """Unlock it; it is deleted when it holds nothing that is still to be undone or read."""
        if not self.armed and not self.unread:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _append(self, entry: Armed | Done) -> None:
        size = os.fstat(self._descriptor).st_size
        line = msgspec.json.encode(entry) + b"\n"
        try:
            if os.write(self._descriptor, line) < len(line):
                raise OSError(f"{self.path} could not be written: the disk is full")
            os.fdatasync(self._descriptor)
        except OSError:
            os.ftruncate(self._descriptor, size)
            raise
        self._apply(entry)

    def _apply(self, entry: Armed | Done) -> None:
        if isinstance(entry, Armed):
            self.armed[entry.id] = entry.undo
        else:
            self.armed.pop(entry.id, None)


def journals(state: Path) -> Iterator[Path]:
    """Journals in the state directory, held or left over."""
    yield from sorted((state / DIRECTORY).glob(f"*{_SUFFIX}"))


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _contents(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, size, 0)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
