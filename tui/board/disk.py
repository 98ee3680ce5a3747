"""The disk under jetproof's data, and the one that burners write to."""

from __future__ import annotations

import os
from pathlib import Path

from tui.board.nodes import Nodes, Rate
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading

MIB = 1024 * 1024
_SECTOR_MB = 512 / MIB
"""The kernel counts in these, whatever the disk's own are."""


class Space:
    """Room where the data is. Asking may hang for ever on a network mount."""

    def __init__(self, nodes: Nodes, data_path: Path) -> None:
        self._nodes = nodes
        self._data_path = data_path
        self.device: tuple[int, int] | None = None
        """The disk's numbers, as soon as they are known."""

    def read(self) -> Readings:
        """Free space for those who are not root."""
        try:
            space = os.statvfs(self._data_path)
            of = os.stat(self._data_path).st_dev
        except OSError as error:
            return {"disk_free_mb": self._nodes.none(_why(self._data_path, error))}
        self.device = os.major(of), os.minor(of)
        return {"disk_free_mb": _free(self._nodes, space)}


class ScratchSpace:
    """Room where burners write, where that is another device; asking may hang as well."""

    def __init__(self, nodes: Nodes, scratch: Path, data_path: Path) -> None:
        self._nodes = nodes
        self._scratch = scratch
        self._data_path = data_path

    def read(self) -> Readings:
        """Free space for those who are not root."""
        try:
            if os.stat(self._scratch).st_dev == os.stat(self._data_path).st_dev:
                return {}
            space = os.statvfs(self._scratch)
        except OSError as error:
            return {"scratch_free_mb": self._nodes.none(_why(self._scratch, error))}
        return {"scratch_free_mb": _free(self._nodes, space)}


class Disk:
    """Traffic of that disk, all its partitions together; absent where it is no disk."""

    def __init__(self, nodes: Nodes, space: Space) -> None:
        self._nodes = nodes
        self._space = space
        self._name: str | None = None
        self._read, self._write = Rate(), Rate()

    def find(self) -> None:
        """Look which disk it is."""
        self._name = self._find() if self._space.device else None

    def read(self) -> Readings:
        """MiB/s, from the second read on."""
        if self._name is None and self._space.device:
            self.find()
        if not self._name:
            return {}
        for row in self._rows():
            if row[2] == self._name:
                return self._of(int(row[5]), int(row[9]))
        return {}

    def _of(self, read: int, written: int) -> Readings:
        readings: Readings = {}
        self._read.add_to(readings, "disk_read_mb_per_s", self._nodes, read, _SECTOR_MB)
        self._write.add_to(readings, "disk_write_mb_per_s", self._nodes, written, _SECTOR_MB)
        return readings

    def _rows(self) -> list[list[str]]:
        try:
            text = self._nodes.text("/proc/diskstats")
        except Unreadable:
            return []
        return [row for row in (line.split() for line in text.split("\n")) if len(row) > 9]

    def _find(self) -> str:
        disks = self._nodes.tree.names("/sys/block")
        for row in self._rows():
            if (int(row[0]), int(row[1])) == self._space.device:
                # nvme0n1p1 is a part of nvme0n1.
                whole = [name for name in disks if row[2].startswith(name)]
                return max(whole, key=len, default=row[2])
        return ""


def _free(nodes: Nodes, space: os.statvfs_result) -> Reading:
    free_mb = space.f_bavail * space.f_frsize / MIB
    size_mb = space.f_blocks * space.f_frsize / MIB
    # A file system without a size of its own (some network mounts) says 0.
    return nodes.value(free_mb, limit=size_mb or None)


def _why(path: Path, error: OSError) -> str:
    return f"{path} can't be asked: {(error.strerror or '').lower()}"
