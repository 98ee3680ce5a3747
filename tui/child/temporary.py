"""Temporary directories that never outlive their owner for long.

A lock on the directory itself says that its owner lives. The kernel drops it however the owner
dies, so a directory that nobody locks is a left-over, even where pids are reused or belong to
another namespace.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path


def make(name: str) -> tuple[Path, int]:
    """A new `jetproof-NAME-…`, and the descriptor that holds it as long as it is open."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"{_prefix(name)}{os.getpid()}-"))
        # Somebody's sweep may take the directory before it is locked.
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            held = lock(path)
            if path.exists():
                return path, held
            os.close(held)


def sweep(name: str) -> None:
    """Remove those of this user whose owners were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{_prefix(name)}*"):
        # One that is not ours, still locked, or gone by now is left alone.
        with contextlib.suppress(OSError):
            held = lock(path)
            try:
                if os.fstat(held).st_uid == os.getuid():
                    shutil.rmtree(path)
            finally:
                os.close(held)


def lock(path: Path) -> int:
    """The descriptor that holds a directory. OSError: somebody has it, or it can't be opened."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _prefix(name: str) -> str:
    return f"jetproof-{name}-"
