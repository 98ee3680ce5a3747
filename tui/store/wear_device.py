"""Which device a directory lies on, by something that stays with the device."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from tui.core.mount import Mount, mount_of
from tui.core.problem import InputError
from tui.core.wear import DeviceKind, kind_of

IN_MEMORY = ("tmpfs", "ramfs")
SYSFS = Path("/sys")
BY_UUID = Path("/dev/disk/by-uuid")
_NODES = ("device/cid", "device/serial", "wwid", "device/wwid", "serial", "dm/uuid")
"""Below /sys/block/NAME, the ones that come with the hardware first. The serial goes before the
wwid: namespaces of one NVMe drive share its flash."""
_NOT_SET = frozenset("0fFx- ")
"""A serial of nothing but these is none: nobody wrote one."""


class Device(msgspec.Struct, frozen=True):
    """What is written to."""

    id: str
    kind: DeviceKind


def device_of(directory: Path) -> Device:
    """The device under a directory. InputError when that can't be told."""
    return device_under(mounted_under(directory))


def mounted_under(directory: Path) -> Mount:
    """The mount that a directory is on. InputError when that can't be told."""
    try:
        descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            about = Path(f"/proc/self/fdinfo/{descriptor}").read_text()
        finally:
            os.close(descriptor)
        mounts = Path("/proc/self/mountinfo").read_text()
    except OSError as error:
        what = f"can't be asked which disk it is on: {(error.strerror or str(error)).lower()}"
        raise InputError.of(str(directory), "", what) from None
    mount = mount_of(about, mounts)
    if mount is None:
        raise InputError.of(str(directory), "", "is on a mount that the kernel does not list")
    return mount


def device_under(mounted: Mount, sysfs: Path = SYSFS, by_uuid: Path = BY_UUID) -> Device:
    """The whole disk under a mount. What is no disk of its own has the kind `unknown`."""
    if mounted.filesystem in IN_MEMORY:
        return Device("memory", "ram")
    found = _block(mounted, sysfs)
    if found is None:
        return Device(f"{mounted.filesystem}:{mounted.device}", "unknown")
    # A partition's folder is inside its disk's.
    disk = found.parent if (found / "partition").exists() else found
    kind = kind_of(
        disk.name,
        mmc_type=_text(disk / "device/type"),
        rotational=_text(disk / "queue/rotational"),
        removable=_text(disk / "removable"),
    )
    return Device(_id(disk, found.name, by_uuid), kind)


def _block(mounted: Mount, sysfs: Path) -> Path | None:
    """The folder of the disk or partition in /sys/devices; None where it is none."""
    links = [sysfs / "dev/block" / mounted.number]
    # The number is of no block device where the file system made it up, as btrfs does.
    if mounted.device.startswith("/dev/"):
        links.append(sysfs / "class/block" / Path(mounted.device).resolve().name)
    return next((link.resolve() for link in links if link.is_dir()), None)


def _id(disk: Path, part: str, by_uuid: Path) -> str:
    for node in _NODES:
        told = _text(disk / node)
        if set(told.rpartition(".")[2]) - _NOT_SET:
            return f"{node.rpartition('/')[2]}:{' '.join(told.split())}"
    try:
        for link in sorted(by_uuid.iterdir()):
            if link.resolve().name == part:
                return f"filesystem:{link.name}"
    except OSError:
        pass  # no such folder without udev
    return f"kernel:{disk.name}"


def _text(node: Path) -> str:
    try:
        return node.read_text(errors="replace").strip(" \n\0")
    except OSError:
        return ""
