"""Room that is reserved and never written, and the file systems that can do so."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

from tui.core.mount import STORAGE, mount_of
from tui.faults.undo import FaultRefused

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
    mount = mount_of(about, Path("/proc/self/mountinfo").read_text())
    if mount is None:
        raise FaultRefused(f"{directory} is on a mount that the kernel does not list")
    if mount.filesystem not in STORAGE:
        names = ", ".join(STORAGE)
        raise FaultRefused(f"{directory} is on {mount.filesystem}, and only {names} are filled")
    if mount.is_ram:
        raise FaultRefused(f"{directory} is on {mount.device}, which is memory")
