"""Where a burner may write, and files there that never have a name."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import mmap
import os
import stat
from pathlib import Path, PurePath

from tui.core.floors import DISK_BYTES, DISK_SHARE, disk_floor_bytes
from tui.core.mount import RAM, STORAGE, Mount, mount_of
from tui.stress.burner import Unusable

MIB = 1024**2
GIB = 1024**3

DIRECT = "direct"
CACHED = "page cache"

_PAGE = mmap.PAGESIZE


class Place:
    """A directory held open, so that it stays the one that was looked at."""

    def __init__(self, path: str) -> None:
        """Raises Unusable, which says why nothing is written there."""
        self._path = path
        plain = os.path.normpath(path)
        # A slash behind it would make the kernel follow a symbolic link after all.
        if not os.path.isabs(path) or ".." in PurePath(path).parts:
            raise Unusable(f"{path} is no absolute, plain path of a directory")
        try:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            self._descriptor = os.open(plain, flags)
        except OSError as error:
            raise Unusable(f"{path} {_why_not(plain, error)}") from None
        try:
            self.mount = self._mount()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the directory go."""
        os.close(self._descriptor)

    def free_bytes(self) -> int:
        """What may still be taken before the floor is reached; negative below it."""
        space = os.fstatvfs(self._descriptor)
        free = space.f_bavail * space.f_frsize
        if self.mount.is_ram:
            free = min(free, available_bytes(Path("/proc/meminfo").read_text()))
        return free - disk_floor_bytes(space.f_blocks * space.f_frsize)

    def make(self, size_bytes: int) -> Extent:
        """A file of that size, its space already its own. Raises Unusable when there is no room."""
        if self.free_bytes() < size_bytes:
            raise Unusable(
                f"{self._path} has no room for {size_bytes // MIB} MiB more: at least "
                f"{DISK_BYTES // GIB} GiB and {DISK_SHARE:.0%} of it stay free"
            )
        # O_EXCL: it can't be given a name later either.
        flags = os.O_TMPFILE | os.O_RDWR | os.O_EXCL | os.O_CLOEXEC
        try:
            descriptor = os.open(".", flags, 0o600, dir_fd=self._descriptor)
        except OSError as error:
            raise Unusable(f"{self._path} takes no file: {_text(error)}") from None
        try:
            os.posix_fallocate(descriptor, 0, size_bytes)
        except OSError as error:
            os.close(descriptor)
            raise Unusable(f"{self._path} can't hold {size_bytes} bytes: {_text(error)}") from None
        return Extent(descriptor, size_bytes)

    def _mount(self) -> Mount:
        about = Path(f"/proc/self/fdinfo/{self._descriptor}").read_text()
        mount = mount_of(about, Path("/proc/self/mountinfo").read_text())
        if mount is None:
            raise Unusable(f"{self._path} is on a mount that the kernel does not list")
        if mount.filesystem not in (*STORAGE, RAM):
            raise Unusable(
                f"{self._path} is on {mount.filesystem}, and only "
                f"{', '.join(STORAGE)} and {RAM} are written to"
            )
        return mount


class Extent:
    """A file without a name; its space is free again when it is closed, whatever closes it."""

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self.descriptor = descriptor
        self.size_bytes = size_bytes
        self.way = self._go_direct()
        """DIRECT, or CACHED where the file system does not read past the page cache."""

    def close(self) -> None:
        """Give the space back."""
        os.close(self.descriptor)

    def forget_cached(self) -> None:
        """Make the next reads come from the device where they go through the page cache."""
        if self.way == CACHED:
            os.posix_fadvise(self.descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def is_cached(self) -> bool:
        """Whether the next reads come from memory, as far as its first page tells."""
        return _is_cached(self.descriptor)

    def _go_direct(self) -> str:
        flags = fcntl.fcntl(self.descriptor, fcntl.F_GETFL)
        try:
            fcntl.fcntl(self.descriptor, fcntl.F_SETFL, flags | os.O_DIRECT)
            with mmap.mmap(-1, _PAGE) as page:
                os.preadv(self.descriptor, [page], 0)
        except OSError:
            fcntl.fcntl(self.descriptor, fcntl.F_SETFL, flags)
            return CACHED
        # Some file systems take the flag and go through the cache all the same.
        return CACHED if _is_cached(self.descriptor) else DIRECT


def available_bytes(meminfo: str) -> int:
    """MemAvailable of the text of /proc/meminfo; 0 when it is not there."""
    for line in meminfo.splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def _is_cached(descriptor: int) -> bool:
    """Whether the file's first page is in the page cache."""
    with mmap.mmap(descriptor, _PAGE) as page:
        start = ctypes.c_char.from_buffer(page)
        present = ctypes.c_ubyte(0)
        libc = ctypes.CDLL(None, use_errno=True)
        failed = libc.mincore(
            ctypes.c_void_p(ctypes.addressof(start)), ctypes.c_size_t(_PAGE), ctypes.byref(present)
        )
        del start  # the map can't be closed while this points into it
    return bool(failed or present.value & 1)


def _why_not(path: str, error: OSError) -> str:
    if error.errno in (errno.ENOTDIR, errno.ELOOP):
        with contextlib.suppress(OSError):
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                return "is a symbolic link; name the directory itself"
            if stat.S_ISBLK(mode) or stat.S_ISCHR(mode):
                return "is a device; name a directory on it"
        return "is no directory"
    return f"can't be opened: {_text(error)}"


def _text(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
