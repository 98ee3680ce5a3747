"""A disk that is full: a file of ours takes all room but a floor, and is deleted again."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tui.core.floors import disk_floor_bytes
from tui.faults.guardian import Guardian
from tui.faults.reserve import refuse_unless_storage, reserve
from tui.faults.undo import FaultRefused, Unlink

_STEP_BYTES = 256 * 1024**2
"""A call that reserves can't be broken off, so it must not be a long one."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Filled(msgspec.Struct, frozen=True):
    """A disk that is as full as was asked."""

    path: str
    taken_bytes: int
    free_bytes: int


@contextmanager
def filled(
    guardian: Guardian,
    directory: Path,
    deadline_s: float,
    *,
    floor_bytes: int = 0,
    scratch: Path | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> Iterator[Filled]:
    """The file system (or quota) of a directory holds only `floor_bytes` more inside the block.

    The floor is never below max(2 GiB, 10 %), unless the caller names `scratch`: the mount point
    of a file system made for this, on which the directory lies and `guardian`'s journal doesn't.
    The file is closed when it has its size, so that deleting it gives its room back at once,
    even while we are frozen. Space is reserved, never written: a file system that can't reserve is
    refused. `goes_on` is asked again and again while it is taken: at a no, what is taken is all.
    Raises FaultRefused when it can't be done, UndoFailed when it stays.
    """
    path = directory.absolute() / f"jetproof-fill-{secrets.token_hex(8)}"
    try:
        holder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise FaultRefused(f"{directory} can't be filled: {error.strerror}") from None
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, holder)
        floor = max(floor_bytes, _least_floor(guardian, holder, directory, scratch))
        if _free_bytes(holder, floor) <= floor:
            raise FaultRefused(
                f"{directory} has no room above its floor of {floor / 2**30:.1f} GiB"
            )
        armed = stack.enter_context(guardian.holding(Unlink(str(path)), deadline_s))
        try:
            taken = _take(path.name, holder, floor, goes_on)
        except OSError as error:
            raise FaultRefused(f"{directory} can't be filled: {error.strerror}") from None
        guardian.assure(armed)
        yield Filled(str(path), taken, _free_bytes(holder, floor))


def _least_floor(guardian: Guardian, holder: int, directory: Path, scratch: Path | None) -> int:
    if scratch is None:
        refuse_unless_storage(holder, directory)
        found = os.fstatvfs(holder)
        return disk_floor_bytes(found.f_blocks * found.f_frsize)
    if not os.path.ismount(scratch) or scratch.absolute() == Path("/"):
        raise FaultRefused(f"{scratch} is no mount point of a file system of its own")
    device = os.fstat(holder).st_dev
    if scratch.stat().st_dev != device:
        raise FaultRefused(f"what is to be filled does not lie on {scratch}")
    if device in (Path("/").stat().st_dev, guardian.journal.stat().st_dev):
        raise FaultRefused(f"{scratch} is no scratch file system: more than a test lives on it")
    return 0


def _take(name: str, holder: int, floor: int, goes_on: Callable[[], bool]) -> int:
    """Make a file that takes all room above the floor. Its size; raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o600, dir_fd=holder)
    try:
        size = _grow(descriptor, floor, goes_on)
        # Somebody else may have written meanwhile: what is below the floor is theirs.
        missing = floor - _free_bytes(descriptor, floor)
        if missing > 0:
            size = max(0, size - missing)
            os.ftruncate(descriptor, size)
        return size
    finally:
        os.close(descriptor)


def _grow(descriptor: int, floor: int, goes_on: Callable[[], bool]) -> int:
    block = os.fstatvfs(descriptor).f_frsize
    size, step = 0, _STEP_BYTES
    while step >= block and goes_on():
        take = min(step, _free_bytes(descriptor, floor) - floor) // block * block
        if take <= 0:
            break
        try:
            reserve(descriptor, size, take)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            step = take // 2
            continue
        size += take
    return size


def _free_bytes(descriptor: int, floor: int) -> int:
    """Free room; at no floor at all, also what is kept for root, which services may be."""
    found = os.fstatvfs(descriptor)
    blocks = found.f_bavail if floor or os.geteuid() else found.f_bfree
    return blocks * found.f_frsize
