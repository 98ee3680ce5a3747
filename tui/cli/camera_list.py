"""Which cameras there are: those of the configuration, those of this machine, what is missing."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.camera.holders import holder_of
from tui.camera.modes import Mode
from tui.camera.v4l2 import Device, devices
from tui.cli.board_table import SIGNS, Line
from tui.cli.camera_block import wrapped
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault, advice_on
from tui.core.camera.reference import of_these
from tui.core.camera.source import Source
from tui.core.format import count, counted
from tui.core.problem import InputError
from tui.reports.clean import shortened
from tui.service.token import read_credentials
from tui.store.references import References
from tui.store.snapshots import kept_in, overdue, snapshot_folder

if TYPE_CHECKING:
    from tui.catalogue import Loaded

NAME = 14
SHOWN_SIZES = 3
INSPECT_S = 10.0
"""The first look after an installation builds GStreamer's registry."""
_ARGUS = "nvarguscamerasrc"


class Found(msgspec.Struct, frozen=True):
    """A device of this machine."""

    device: Device
    holder: str
    """Who has it open; empty: nobody, as far as this user can see."""


class Lack(msgspec.Struct, frozen=True):
    """What is not there."""

    what: str
    next: str


class Stored(msgspec.Struct, frozen=True):
    """What is kept of cameras."""

    folder: str
    snapshots: int
    bytes: int
    overdue: int
    references: tuple[str, ...]
    """The cameras that have one."""


class Listing(msgspec.Struct, frozen=True):
    """All of it; made without opening a stream."""

    config: str
    keep: str
    """How long snapshots are kept."""
    cameras: tuple[Camera, ...]
    references: dict[str, bool]
    """By camera that has one, whether it is of the source that it has now."""
    secrets: dict[str, str]
    """By camera, why its user name and password can't be read; empty when they can."""
    devices: tuple[Found, ...]
    lacks: tuple[Lack, ...]
    stored: Stored


def listing(loaded: Loaded, state_dir: Path) -> Listing:
    """What can be known without opening a stream; a few seconds at most."""
    config = loaded.config
    found = tuple(Found(one, holder_of(one.node)) for one in devices())
    kinds = {camera.source.kind for camera in config.cameras}
    needs_argus = "csi" in kinds or any(one.device.is_argus for one in found)
    folder = snapshot_folder(state_dir)
    kept = kept_in(folder)
    known = References(state_dir).all()
    right = {each.camera for each in of_these(known, config.cameras)}
    configured = {each.name for each in config.cameras}
    return Listing(
        config=str(loaded.path),
        keep=config.snapshots.keep,
        cameras=config.cameras,
        references={
            each.camera: each.camera in right for each in known if each.camera in configured
        },
        secrets={one.name: _lack_of_secret(one) for one in config.cameras if one.credentials},
        devices=found,
        lacks=tuple(_lacks(needs_argus)),
        stored=Stored(
            folder=str(folder),
            snapshots=len(kept),
            bytes=sum(each.size or 0 for each in kept),
            overdue=len(overdue(kept, config.snapshots.keep_s, time.time())),
            references=tuple(each.camera for each in known),
        ),
    )


def lines_of(found: Listing, width: int) -> list[Line]:
    """For people."""
    return [
        *_cameras(found, width),
        *_devices(found.devices, width),
        *_missing(found.lacks, width),
        *_kept(found, width),
    ]


def document(found: Listing) -> dict[str, object]:
    """For programs."""
    cameras = [
        {
            "name": each.name,
            "source": each.source.text,
            "label": each.source.label,
            "fps": each.fps,
            "width": each.width,
            "height": each.height,
            "pixel_format": each.pixel_format,
            "transport": each.transport if each.source.kind == "rtsp" else "",
            "credentials": each.credentials,
            "credentials_problem": found.secrets.get(each.name, ""),
            "has_reference": found.references.get(each.name, False),
        }
        for each in found.cameras
    ]
    known = [
        {
            **msgspec.to_builtins(each.device),
            "source": each.device.source,
            "is_argus": each.device.is_argus,
            "holder": each.holder,
        }
        for each in found.devices
    ]
    return {
        "config": found.config,
        "cameras": cameras,
        "devices": known,
        "missing": msgspec.to_builtins(found.lacks),
        "snapshots": {**msgspec.to_builtins(found.stored), "keep": found.keep},
    }


def asked_text(camera: Camera) -> str:
    """`1280x720 25 fps mjpeg`, what the configuration asks of it; empty: nothing."""
    parts = [
        f"{camera.width}x{camera.height}" if camera.width and camera.height else "",
        f"{camera.fps:g} fps" if camera.fps else "",
        camera.pixel_format,
        "over udp" if camera.transport == "udp" else "",
    ]
    return " ".join(filter(None, parts))


def mode_texts(modes: Sequence[Mode]) -> list[str]:
    """A line for each format: `mjpeg  1920x1080@30, 1280x720@60, 640x480@60 and 4 more`."""
    found = []
    for name, group in groupby(modes, key=lambda mode: mode.pixel_format):
        sizes = sorted(group, key=lambda mode: mode.width * mode.height, reverse=True)
        shown = ", ".join(_size_text(mode) for mode in sizes[:SHOWN_SIZES])
        more = f" and {len(sizes) - SHOWN_SIZES} more" if len(sizes) > SHOWN_SIZES else ""
        found.append(f"{name}  {shown}{more}{_unread(sizes[0])}")
    return found


def _unread(mode: Mode) -> str:
    if mode.is_bayer:
        return " (a sensor's raw values)"
    return "" if mode.is_readable else " (can't be decoded here)"


def _size_text(mode: Mode) -> str:
    if not mode.width:
        return "tells no sizes"
    least = f"{mode.least_width}x{mode.least_height} to " if mode.least_width is not None else ""
    rate = f"@{mode.fps[0]:g}" if mode.fps else ""
    return f"{least}{mode.width}x{mode.height}{rate}"


def _cameras(found: Listing, width: int) -> Iterator[Line]:
    yield (("CAMERAS", "head"), (f"  {found.config}", "dim"))
    for camera in found.cameras:
        label = f" [{camera.source.label}]" if camera.source.label else ""
        room = width - NAME - len(label) - 2
        where = shortened(camera.source.text, max(room, 12))
        yield ((f"  {camera.name:<{NAME}}", ""), (where, ""), (label, "warn"))
        asked = asked_text(camera)
        if asked:
            yield from wrapped(" " * (NAME + 2), f"asked: {asked}", width, "dim")
        if camera.credentials:
            why = found.secrets.get(camera.name, "")
            said = f"{camera.credentials}: {why or 'a user name and a password are there'}"
            yield from wrapped(" " * (NAME + 2), said, width, "bad" if why else "dim")
        if camera.name in found.references:
            is_right = found.references[camera.name]
            said = "has a reference" if is_right else "its reference is of another source: not used"
            yield from wrapped(" " * (NAME + 2), said, width, "dim" if is_right else "warn")


def _devices(found: Sequence[Found], width: int) -> Iterator[Line]:
    yield ()
    yield (("DEVICES", "head"), ("  of this machine, not opened for pictures", "dim"))
    if not found:
        yield from wrapped(
            "  ", "no camera is plugged in, as far as the kernel knows", width, "dim"
        )
    for each in found:
        device = each.device
        driver = f"  {device.driver}" if device.driver else ""
        name = shortened(device.name, max(width - NAME - 2 - len(driver), 12))
        yield ((f"  {device.node:<{NAME}}", ""), (name, ""), (driver, "dim"))
        head = " " * (NAME + 2)
        if device.is_argus:
            said = f'a CSI sensor: its pictures come through Argus, source = "{device.source}"'
            yield from wrapped(head, said, width, "dim")
        if device.why:
            yield from wrapped(head, device.why, width, "bad")
        if each.holder:
            yield from wrapped(head, f"in use by {each.holder}", width, "warn")
        for text in mode_texts(device.modes):
            yield from wrapped(head, text, width, "dim")


def _missing(lacks: Sequence[Lack], width: int) -> Iterator[Line]:
    if not lacks:
        return
    yield ()
    yield (("MISSING", "head"),)
    for lack in lacks:
        yield from wrapped(f"  {SIGNS['fail']} ", lack.what, width, "bad")
        yield from wrapped("    next: ", lack.next, width)


def _kept(found: Listing, width: int) -> Iterator[Line]:
    stored = found.stored
    if not stored.snapshots:
        return
    yield ()
    size = f"{count(stored.bytes / 1000)} kB"
    said = f"{counted(stored.snapshots, 'snapshot')}, {size}, in {stored.folder}"
    yield from wrapped("KEPT  ", said, width)
    if stored.overdue:
        late = f"{counted(stored.overdue, 'snapshot')} older than {found.keep}"
        yield from wrapped(f"  {SIGNS['warn']} ", late, width, "warn")
        yield from wrapped("    next: ", "jetproof camera purge", width)


def _lack_of_secret(camera: Camera) -> str:
    try:
        read_credentials(camera)
    except InputError as error:
        return "; ".join(problem.what for problem in error.problems)
    return ""


def _lacks(needs_argus: bool) -> Iterator[Lack]:
    if find_spec("av") is None:
        advice = advice_on(CameraFault("no-package"), Source("test"))
        yield Lack(advice.what, advice.next)
    if needs_argus and not _has_argus():
        advice = advice_on(CameraFault("no-gstreamer"), Source("csi", "0"))
        yield Lack(advice.what, advice.next)


def _has_argus() -> bool:
    """Whether GStreamer is there with the part that reads CSI cameras; no camera is touched."""
    inspect = shutil.which("gst-inspect-1.0")
    if inspect is None or shutil.which("gst-launch-1.0") is None:
        return False
    try:
        asked = subprocess.run(
            [inspect, "--exists", _ARGUS],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=INSPECT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
