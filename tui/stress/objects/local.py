"""The local path: files that never have a name, written and synced, read past the page cache."""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from hashlib import sha256

from tui.core.storage.measures import Opened, PlaceName
from tui.core.storage.plan import MB
from tui.stress.objects.cell import Item
from tui.stress.place import Extent, Place

_PIECE = 4 * MB
"""Of one call: the kernel does no more than so much at once without others having to wait."""

_POPULATED = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE


class LocalFile:
    """Implements `Item`. Memory that begins at a page: O_DIRECT wants it so."""

    def __init__(self, extent: Extent, buffer: mmap.mmap) -> None:
        self._extent = extent
        self._buffer: mmap.mmap | None = buffer
        self._hash = sha256(buffer).digest()
        self.is_open = True

    def write(self) -> None:
        assert self._buffer is not None
        descriptor = self._extent.descriptor
        with memoryview(self._buffer) as view:
            done = 0
            while done < len(view):
                done += os.pwrite(descriptor, view[done : done + _PIECE], done)
        os.fsync(descriptor)

    def ready(self) -> None:
        self._buffer = mmap.mmap(-1, self._extent.size_bytes, flags=_POPULATED)

    def read(self) -> None:
        assert self._buffer is not None
        with memoryview(self._buffer) as view:
            done = 0
            while done < len(view):
                got = os.preadv(self._extent.descriptor, [view[done : done + _PIECE]], done)
                if not got:
                    raise OSError(0, f"the file ends after {done} bytes")
                done += got

    def is_right(self) -> bool:
        assert self._buffer is not None
        found = sha256(self._buffer).digest()
        self.let_go()
        return found == self._hash

    def remove(self) -> None:
        if not self.is_open:
            return
        self.is_open = False
        try:
            self.let_go()
        except BufferError:
            # A thread that nobody waits for any longer is still at it: were its descriptor closed,
            # it would go on in whatever gets that number next. The end of the process frees both.
            return
        self._extent.close()

    def let_go(self) -> None:
        """Forget the content."""
        if self._buffer is not None:
            self._buffer.close()
            self._buffer = None

    def forget_cached(self) -> bool:
        """Whether the kernel has nothing of it in memory."""
        self.let_go()
        self._extent.forget_cached()
        return not self._extent.is_cached()


class LocalPlace:
    """Implements `cell.Place`. Raises Unusable where nothing may be written."""

    name: PlaceName = "local"

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._place = Place(directory)
        self._files: list[LocalFile] = []

    def opened(self) -> Opened:
        """What it is; a first page is written to see how it is read. Raises Unusable."""
        probe = self._place.make(MB)
        try:
            way = probe.way
        finally:
            probe.close()
        mount = self._place.mount
        return Opened(
            place="local",
            where=self._directory,
            medium="RAM, not storage" if mount.is_ram else "storage",
            filesystem=mount.filesystem,
            device=mount.device,
            way=way,
        )

    def make(self, number: int, size_bytes: int) -> Sequence[Item]:
        # What is removed by now, and its memory: only this cell's are here.
        self._files = [each for each in self._files if each.is_open]
        for each in self._files:
            each.let_go()
        made = [self._make(size_bytes) for _ in range(number)]
        self._files += made
        return made

    def warm(self, parallel: int) -> None:
        """Nothing to do: a file is open as soon as it is there."""

    def is_cached(self, items: Sequence[Item]) -> bool:
        mine = [each for each in self._files if each.is_open]
        return not all([each.forget_cached() for each in mine]) and not self._place.mount.is_ram

    def free_bytes(self) -> int:
        """What may still be taken."""
        return self._place.free_bytes()

    def close(self) -> None:
        """Let the directory go."""
        self._place.close()

    def _make(self, size_bytes: int) -> LocalFile:
        extent = self._place.make(size_bytes)
        buffer = mmap.mmap(-1, size_bytes)
        with open("/dev/urandom", "rb", buffering=0) as random, memoryview(buffer) as view:
            done = 0
            while done < size_bytes:
                done += random.readinto(view[done:]) or 0
        return LocalFile(extent, buffer)
