"""Room that is reserved and never written, and the file systems that can do so."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path, PurePath

from tui.core.wear import kind_of
from tui.faults.undo import FaultRefused

STORAGE = ("ext4", "xfs", "btrfs", "f2fs")
"""Elsewhere a file fills memory, another machine, or nothing at all."""
CAN_T_RESERVE = "this file system can't reserve space; it would have to be written"
_UNKNOWN = (errno.EOPNOTSUPP, errno.ENOSYS)
_LIBC = ctypes.CDLL(None, use_errno=True)
# Its offset has 64 bits wherever there is one of that name, even where the other's has 32.
_FALLOCATE = getattr(_LIBC, "fallocate64", None) or _LIBC.fallocate
_FALLOCATE.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
_FALLOCATE.restype = ctypes.c_int


def reserve(descriptor: int, offset: int, length: int) -> None:
    """fallocate(2): the file has this room from now on. Raises OSError, or FaultRefused where
    only writing would take it.

    os.posix_fallocate is no way to do it: where the file system can't, libc writes every block.
    """
    while _FALLOCATE(descriptor, 0, offset, length):
        number = ctypes.get_errno()
        if number in _UNKNOWN:
            raise FaultRefused(CAN_T_RESERVE)
        if number != errno.EINTR:
            raise OSError(number, os.strerror(number))


def refuse_unless_storage(holder: int, directory: Path) -> None:
    """Raise FaultRefused unless an open directory lies on a device of this machine's own."""
    about = Path(f"/proc/self/fdinfo/{holder}").read_text()
    number = next(line.split()[1] for line in about.splitlines() if line.startswith("mnt_id"))
    filesystem, device = _mount(Path("/proc/self/mountinfo").read_text(), number)
    if filesystem not in STORAGE:
        names = ", ".join(STORAGE)
        raise FaultRefused(f"{directory} is on {filesystem}, and only {names} are filled")
    if kind_of(PurePath(device).name) == "ram":
        raise FaultRefused(f"{directory} is on {device}, which is memory")


def _mount(mountinfo: str, number: str) -> tuple[str, str]:
    """File system and device of a mount (man 5 proc_pid_mountinfo), by its number: one mount may
    hide another."""
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        if before.split(" ", 1)[0] == number and after:
            filesystem, device, *_ = after.split(" ")
            return filesystem, device
    return "a mount that the kernel does not list", ""
