"""What the items of a step fetched, on disk until it is archived: a file that has no name."""

from __future__ import annotations

import os
import tempfile
import threading

import msgspec

from tui.core.e2e.words import ITEM
from tui.core.floors import DISK_BYTES, DISK_SHARE, disk_floor_bytes
from tui.service.workflow.values import Values

GIB = 1024**3
MOST_BYTES = 2 * GIB
LOOK_BYTES = 16 * 1024**2
"""So often the free space is looked at."""


class Kept(msgspec.Struct, frozen=True, gc=False):
    """One item's bytes."""

    number: int
    offset: int
    size: int
    sha256: str
    sent_sha256: str
    """Of what the item had sent; empty: nothing is known of that."""
    content_type: str


class Spool:
    """Of one step in one round. Several threads may add to it."""

    def __init__(self, name: str, most_bytes: int = MOST_BYTES) -> None:
        """`name`: the saved value that is the body."""
        self._name = name
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        # It has no name: nothing is left of it, whatever ends this process.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._end = 0
        self._looked_at = -LOOK_BYTES
        self._kept: dict[int, Kept] = {}
        self.trouble = ""
        """Why it does not hold all, in a clause; empty where it does."""

    @property
    def kept(self) -> list[Kept]:
        """All, in the order of their numbers."""
        return [self._kept[number] for number in sorted(self._kept)]

    @property
    def size_bytes(self) -> int:
        """Of all."""
        return self._end

    def keep(self, number: int, own: Values) -> None:
        """What one item fetched."""
        blob = own.blob(self._name)
        if blob is None:
            return
        size = len(blob.data)
        with self._lock:
            self.trouble = self.trouble or self._no_room(size)
            if self.trouble:
                return
            offset, self._end = self._end, self._end + size
        sent_sha256 = own.texts.get(f"{ITEM}.sha256", "")
        try:
            self._write(blob.data, offset)
        except OSError as error:
            self.trouble = f"the disk takes no more: {error.strerror or error}"
            return
        self._kept[number] = Kept(number, offset, size, blob.sha256, sent_sha256, blob.content_type)

    def read(self, kept: Kept) -> bytes:
        """The bytes of one. OSError."""
        return os.pread(self._file.fileno(), kept.size, kept.offset)

    def close(self) -> None:
        """Give its space back."""
        self._file.close()

    def _write(self, data: bytes, offset: int) -> None:
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._file.fileno(), rest, offset)
            rest, offset = rest[written:], offset + written

    def _no_room(self, size: int) -> str:
        """Why there is none for so many bytes more and for the archive of all; empty: there is."""
        if self._end + size > self._most_bytes:
            return f"more than {self._most_bytes / GIB:g} GiB are not archived"
        if self._end + size - self._looked_at < LOOK_BYTES and self._looked_at >= 0:
            return ""
        self._looked_at = self._end
        space = os.fstatvfs(self._file.fileno())
        free = space.f_bavail * space.f_frsize - disk_floor_bytes(space.f_blocks * space.f_frsize)
        # What is kept is written once more, into the archive.
        if free < self._end + 2 * size + LOOK_BYTES:
            floor = f"{DISK_BYTES // GIB} GiB and {DISK_SHARE:.0%} of the disk stay free"
            return f"no room on {tempfile.gettempdir()}: at least {floor}"
        return ""
