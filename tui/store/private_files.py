"""Files that concern nobody else: whole or not there, and readable by their owner alone."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from tui.core.problem import InputError

PART = ".part"
"""The end of a file's name until it is whole."""
_CLOSED = 0o700
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


def make_private(directory: Path, *, is_own: bool = True) -> None:
    """Make it, mode 0700, unless it is there; not what is above it. InputError when it can't be.

    One that is there is closed to others too where it `is_own`; somebody else's stays as it is.
    """
    try:
        directory.mkdir(mode=_CLOSED, exist_ok=True)
        if is_own:
            _close(directory)
    except FileExistsError:
        raise InputError.of(str(directory), "", "is not a directory") from None
    except OSError as error:
        raise unwritable(directory, error) from None


def write_private(path: Path, content: bytes, *, replaces: bool = False) -> None:
    """On the device when this returns, mode 0600. InputError when it can't be, or is there already
    and may not be replaced."""
    part = path.with_name(path.name + PART)
    try:
        if not replaces and path.exists():
            raise FileExistsError(17, "it is there already")
        descriptor = os.open(part, _FLAGS | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(part, path)
        _flush_names(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> InputError:
    """Why it can't be written, in a line."""
    why = (error.strerror or str(error)).lower()
    if isinstance(error, FileNotFoundError) and not path.parent.exists():
        why = f"there is no directory {path.parent}"
    return InputError.of(str(path), "", f"can't be written: {why}")


def _close(directory: Path) -> None:
    if directory.is_symlink():
        return  # somebody chose another place, and its mode
    found = directory.stat()
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != _CLOSED:
        directory.chmod(_CLOSED)


def _flush_names(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
