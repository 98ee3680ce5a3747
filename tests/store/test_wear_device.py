from __future__ import annotations

from pathlib import Path

import pytest

from tui.core.mount import Mount
from tui.core.problem import InputError
from tui.core.wear import DeviceKind
from tui.store.wear_device import Device, device_of, device_under, mounted_under


class Sysfs:
    """A tree of block devices as the kernel lays it out."""

    def __init__(self, root: Path) -> None:
        self.root = root / "sys"
        self.by_uuid = root / "by-uuid"
        for each in (self.root / "dev/block", self.root / "class/block", self.by_uuid):
            each.mkdir(parents=True)

    def add(self, path: str, number: str, **nodes: str) -> None:
        """`path`: the disk's name, or disk/partition. Nodes: `__` stands for a slash."""
        folder = self.root / "devices/platform/block" / path
        folder.mkdir(parents=True)
        for name, text in nodes.items():
            node = folder / name.replace("__", "/")
            node.parent.mkdir(parents=True, exist_ok=True)
            node.write_text(text + "\n")
        (self.root / "dev/block" / number).symlink_to(folder)
        (self.root / "class/block" / folder.name).symlink_to(folder)

    def name(self, uuid: str, device: str) -> None:
        (self.by_uuid / uuid).symlink_to(f"../../{device}")

    def under(self, number: str, source: str = "", filesystem: str = "ext4") -> Device:
        return device_under(Mount(filesystem, source, number), self.root, self.by_uuid)


@pytest.fixture
def sysfs(tmp_path: Path) -> Sysfs:
    return Sysfs(tmp_path)


CID = "1b534d30303030301000a1b2c3d40147"


@pytest.mark.parametrize(
    ("disk", "nodes", "identity", "kind"),
    [
        ("mmcblk1", {"device__cid": CID, "device__type": "SD"}, f"cid:{CID}", "sd"),
        ("mmcblk0", {"device__cid": CID, "device__type": "MMC"}, f"cid:{CID}", "emmc"),
        (
            "nvme0n1",
            {"device__serial": "S64ANS0T  ", "wwid": "eui.0025385b21404321"},
            "serial:S64ANS0T",
            "nvme",
        ),
        ("nvme0n1", {"wwid": "eui.0025385b21404321"}, "wwid:eui.0025385b21404321", "nvme"),
        (
            "sda",
            {"device__wwid": "t10.ATA     Disk   XY", "queue__rotational": "0", "removable": "0"},
            "wwid:t10.ATA Disk XY",
            "ssd",
        ),
        ("vda", {"serial": "0c5f9e1b"}, "serial:0c5f9e1b", "unknown"),
        ("dm-0", {"dm__uuid": "CRYPT-LUKS2-77"}, "uuid:CRYPT-LUKS2-77", "unknown"),
        ("loop3", {}, "kernel:loop3", "unknown"),
    ],
)
def test_a_disk_is_known_by_what_stays_with_it(
    sysfs: Sysfs, disk: str, nodes: dict[str, str], identity: str, kind: DeviceKind
) -> None:
    sysfs.add(disk, "9:1", **nodes)
    assert sysfs.under("9:1") == Device(identity, kind)


@pytest.mark.parametrize(("disk", "part"), [("mmcblk1", "mmcblk1p1"), ("nvme0n1", "nvme0n1p2")])
def test_partitions_wear_their_whole_disk(sysfs: Sysfs, disk: str, part: str) -> None:
    sysfs.add(disk, "9:0", device__cid=CID, device__serial="S64A", device__type="SD")
    sysfs.add(f"{disk}/{part}", "9:2", partition="2")
    assert sysfs.under("9:2") == sysfs.under("9:0")
    assert sysfs.under("9:0").kind in ("sd", "nvme")


def test_a_file_system_that_makes_up_its_number_is_found_by_what_was_mounted(sysfs: Sysfs) -> None:
    sysfs.add("nvme0n1", "259:0", device__serial="S64A")
    assert sysfs.under("0:31", "/dev/nvme0n1", "btrfs") == Device("serial:S64A", "nvme")


@pytest.mark.parametrize("serial", ["", "0000000000000000", "ffffffff", "eui.0000000000000000"])
def test_a_serial_that_nobody_wrote_is_none_and_the_file_system_stands_for_it(
    sysfs: Sysfs, serial: str
) -> None:
    sysfs.add("sda", "8:0", device__wwid=serial)
    sysfs.add("sda/sda1", "8:1", partition="1")
    assert sysfs.under("8:1").id == "kernel:sda"
    sysfs.name("7f6c-11", "sda2")
    sysfs.name("9a0b-22", "sda1")
    assert sysfs.under("8:1").id == "filesystem:9a0b-22"


def test_memory_is_no_device(sysfs: Sysfs) -> None:
    assert sysfs.under("0:27", "tmpfs", "tmpfs") == Device("memory", "ram")


@pytest.mark.parametrize(
    ("filesystem", "source"), [("nfs4", "server:/sda"), ("fuse.sshfs", "me@host:/sda")]
)
def test_a_disk_elsewhere_is_not_one_here_of_the_same_name(
    sysfs: Sysfs, filesystem: str, source: str
) -> None:
    sysfs.add("sda", "8:0", device__wwid="naa.5002")
    assert sysfs.under("0:50", source, filesystem) == Device(f"{filesystem}:{source}", "unknown")


def test_a_directory_of_this_machine_is_on_one_device_all_over(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    assert mounted_under(below) == mounted_under(tmp_path)
    assert device_of(below) == device_of(tmp_path)
    assert mounted_under(Path("/proc")).filesystem == "proc"


def test_what_is_no_directory_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"can't be asked which disk it is on: no such file"):
        device_of(tmp_path / "nowhere")
