"""What lies under an open directory, and the file systems that are burnt and filled."""

from __future__ import annotations

from pathlib import PurePath

import msgspec

from tui.core.wear import kind_of

STORAGE = ("ext4", "xfs", "btrfs", "f2fs")
"""Elsewhere a file fills memory, another machine, or nothing at all."""
RAM = "tmpfs"


class Mount(msgspec.Struct, frozen=True):
    """What lies under a directory."""

    filesystem: str
    """As the kernel names it: `ext4`."""
    device: str
    """`/dev/nvme0n1p1`; whatever the kernel says where it is none."""
    number: str
    """The kernel's own of what is mounted, decimal: `259:1`. Where a file system has volumes or
    layers, that of its files is another one."""

    @property
    def is_ram(self) -> bool:
        """Whether what is written there stays in memory."""
        return self.filesystem == RAM or kind_of(PurePath(self.device).name) == "ram"


def mount_of(fdinfo: str, mountinfo: str) -> Mount | None:
    """The mount that an open file is on; None where the kernel does not list it.

    From the texts of /proc/self/fdinfo/N and /proc/self/mountinfo (man 5 proc). By the mount's
    number, not by the longest path that fits: one mount may hide another.
    """
    rows = (line.split() for line in fdinfo.splitlines())
    number = next((row[1] for row in rows if len(row) == 2 and row[0] == "mnt_id:"), "")
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        if before.split(" ", 1)[0] == number and after:
            filesystem, device, *_ = after.split(" ")
            return Mount(filesystem, device, before.split(" ")[2])
    return None
