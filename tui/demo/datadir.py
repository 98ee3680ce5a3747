"""The directory that holds the images: one of the user's, or a temporary one that never stays."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

from tui.child import temporary

_NAME = "demo"
_removing = threading.Lock()
_temporary: Path | None = None
"""The one of this process, from its making until it is removed."""


class DataDirError(Exception):
    """The directory can't be used; the text says why."""


@contextlib.contextmanager
def data_dir(chosen: Path | None) -> Iterator[Path]:
    """The chosen directory, made if need be, or a temporary one that is removed at the end."""
    if chosen is None:
        sweep()
        path, lock = _make_temporary()
    else:
        path = chosen.resolve()
        lock = _claim(path)
    try:
        yield path
    finally:
        remove_temporary()
        os.close(lock)


def remove_temporary() -> None:
    """Remove this process's temporary directory, if it has one, whoever still writes there.

    From any thread; when it returns, nothing is left. Never raises.
    """
    global _temporary
    # Who comes second must not end the process while the first is in the midst of it.
    with _removing:
        path, _temporary = _temporary, None
        if path is None:
            return
        # Under another name, nobody can put a new image into it.
        with contextlib.suppress(OSError):
            path = path.rename(path.with_name(f"{path.name}-gone"))
        shutil.rmtree(path, ignore_errors=True)


def sweep() -> None:
    """Remove the temporary directories of demos of this user that were killed."""
    temporary.sweep(_NAME)


def _make_temporary() -> tuple[Path, int]:
    global _temporary
    _temporary, lock = temporary.make(_NAME)
    return _temporary, lock


def _claim(path: Path) -> int:
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = temporary.lock(path)
    except BlockingIOError:
        raise DataDirError(f"{path} is in use by another demo") from None
    except OSError as error:
        raise DataDirError(f"{path}: {error.strerror}") from error
    if not os.access(path, os.W_OK | os.X_OK):
        os.close(lock)
        raise DataDirError(f"{path} is not writable")
    return lock
