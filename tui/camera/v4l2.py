"""Which cameras this machine has: its V4L2 devices, asked without being started."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tui.camera.ioctls import CAPTURE, CAPTURE_PLANES, HAS_NODE_CAPS, Capability, capability_of
from tui.camera.modes import Mode, modes_of
from tui.core.camera.faults import CameraFault, advice_on
from tui.core.camera.source import Source
from tui.core.failure import printable

ANSWER_S = 2.0
"""A broken device may keep who opens it waiting; a sound one answers in milliseconds."""
SENSOR_DRIVERS = ("tegra-video", "vi")
"""What the CSI port's driver calls itself."""
SENSOR_NAME = "vi-output"
"""How it names its nodes: `vi-output, imx219 9-0010`."""
IN_PLANES = "it gives each plane of a picture apart, which can't be read here"
_NODE = re.compile(r"video([0-9]{1,3})")


class Device(msgspec.Struct, frozen=True, omit_defaults=True):
    """A node that gives pictures, or may: then `why` says what is not known."""

    node: str
    """`/dev/video0`."""
    name: str
    """As its maker calls it: `HD Webcam C525`, `vi-output, imx219 9-0010`."""
    driver: str = ""
    bus: str = ""
    """Where it is plugged in: `usb-3610000.usb-2.1`."""
    modes: tuple[Mode, ...] = ()
    sensor: int | None = None
    """Of a raw CSI sensor, by which Argus calls it. Argus counts the sensors in the order of
    their nodes, as far as is known of it; it may be told otherwise in the device tree."""
    why: str = ""
    """Why it can't be asked; empty when it answered."""

    @property
    def is_argus(self) -> bool:
        """Whether its pictures come through Argus alone: the node has a sensor's raw values."""
        return self.sensor is not None

    @property
    def source(self) -> str:
        """As it is written in the configuration."""
        return f"v4l2:{self.node}" if self.sensor is None else f"csi:{self.sensor}"


class _Asked:
    """One node, asked on a thread of its own."""

    def __init__(self, root: Path, node: str, name: str) -> None:
        self._path, self._node, self._name = root / node.lstrip("/"), node, name
        self._found: Device | None = Device(node, name, why="it does not answer: see dmesg | tail")
        # As a daemon: nobody can end one that waits in the kernel.
        self._thread = threading.Thread(target=self._ask, name=f"v4l2-{node}", daemon=True)
        self._thread.start()

    def answer(self, until_s: float) -> Device | None:
        """None: it gives no pictures."""
        self._thread.join(max(until_s - time.monotonic(), 0.0))
        return self._found

    def _ask(self) -> None:
        try:
            self._found = _asked(self._path, self._node, self._name)
        except OSError as error:
            self._found = Device(self._node, self._name, why=_why(error, self._node))


def devices(root: Path = Path("/")) -> tuple[Device, ...]:
    """Every node that gives pictures, by its number; a node for metadata is none.

    `root` is another tree than this machine's. Never raises; two seconds at most.
    """
    until_s = time.monotonic() + ANSWER_S
    asked = [_Asked(root, node, name) for node, name in _nodes(root)]
    found = [device for each in asked if (device := each.answer(until_s)) is not None]
    return tuple(_numbered(found))


def _nodes(root: Path) -> Iterator[tuple[str, str]]:
    """What may be one, with its name; those in `/dev` alone too, as a container is given them."""
    known = root / "sys/class/video4linux"
    names = {name for folder in (known, root / "dev") for name in _listed(folder)}
    for name in sorted(names, key=lambda each: int(each.removeprefix("video"))):
        said = ""
        with contextlib.suppress(OSError):
            said = (known / name / "name").read_text(errors="replace").strip()
        yield f"/dev/{name}", printable(said) or name


def _listed(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if _NODE.fullmatch(name)]
    except OSError:
        return []


def _asked(path: Path, node: str, name: str) -> Device | None:
    """Raises OSError where it can't be asked."""
    # For writing too, as a reader opens it; without waiting, as a driver may at a lost signal.
    device = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        capability = capability_of(device)
        can = _can(capability)
        if not can & (CAPTURE | CAPTURE_PLANES):
            return None
        driver, bus = _text(capability.driver), _text(capability.bus_info)
        found = Device(node, _text(capability.card) or name, driver, bus)
        if not can & CAPTURE:
            return msgspec.structs.replace(found, why=IN_PLANES)
        try:
            return msgspec.structs.replace(found, modes=modes_of(device))
        except OSError as error:
            return msgspec.structs.replace(found, why=_why(error, node))
    finally:
        os.close(device)


def _can(capability: Capability) -> int:
    # Both nodes of a USB camera tell the capabilities of the whole: pictures and metadata.
    told = capability.capabilities
    return capability.device_caps if told & HAS_NODE_CAPS else told


def _numbered(found: Iterable[Device]) -> Iterator[Device]:
    sensors = 0
    for device in found:
        if not _is_raw_sensor(device):
            yield device
            continue
        yield msgspec.structs.replace(device, sensor=sensors)
        sensors += 1


def _is_raw_sensor(device: Device) -> bool:
    # Cameras with a processor of their own send ready pictures over CSI: Argus has no part in it.
    is_sensor = device.driver in SENSOR_DRIVERS or device.name.startswith(SENSOR_NAME)
    return is_sensor and all(mode.is_bayer for mode in device.modes)


def _text(field: bytes) -> str:
    return printable(field.decode(errors="replace").strip())


def _why(error: OSError, node: str) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        advice = advice_on(CameraFault("no-permission"), Source("v4l2", node))
        return f"{advice.what}: {advice.next}"
    if error.errno == errno.ENOENT:
        return "the kernel has it, and it has no node here: a container must be given it"
    if error.errno in (errno.ENODEV, errno.ENXIO):
        return "it went away, or its driver failed: see dmesg | tail"
    if error.errno == errno.EBUSY:
        return "it is in use, and its driver lets nobody else ask"
    if error.errno == errno.ENOTTY:
        return "it is no V4L2 device"
    return f"it can't be asked: {(error.strerror or str(error)).lower()}"
