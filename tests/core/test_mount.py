"""The mount that an open file is on, by what the kernel tells of both."""

from __future__ import annotations

import pytest

from tui.core.mount import Mount, mount_of

FDINFO = "pos:\t0\nflags:\t02100000\nmnt_id:\t{}\nino:\t36\n"
MOUNTINFO = (
    "36 35 98:0 /m /mnt/a\\040b rw,noatime master:1 - ext4 /dev/nvme0n1p1 rw\n"
    "37 36 0:5 / /mnt/a\\040b rw - tmpfs none rw\n"
    "38 36 0:6 / /zram rw - ext4 /dev/zram0 rw\n"
)


@pytest.mark.parametrize(
    ("number", "mount", "is_ram"),
    [
        (36, Mount("ext4", "/dev/nvme0n1p1", "98:0"), False),
        (37, Mount("tmpfs", "none", "0:5"), True),
        (38, Mount("ext4", "/dev/zram0", "0:6"), True),
    ],
)
def test_a_mount_is_found_by_its_number(number: int, mount: Mount, is_ram: bool) -> None:
    found = mount_of(FDINFO.format(number), MOUNTINFO)
    assert found == mount
    assert found.is_ram is is_ram


@pytest.mark.parametrize("fdinfo", [FDINFO.format(3), FDINFO.format(6), "pos:\t0\n", ""])
def test_one_that_the_kernel_does_not_list_is_none(fdinfo: str) -> None:
    assert mount_of(fdinfo, MOUNTINFO) is None
