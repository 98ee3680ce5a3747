"""What goes between a reader and its owner: the spec, the orders that follow, and the answers."""

from __future__ import annotations

import msgspec

from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault
from tui.core.camera.measures import Opened, StreamSecond
from tui.core.camera.view import Picture
from tui.ports.camera import PictureAsk, Still

CLOSE = "close"
STILL = "snapshot"
_PICTURE = "picture"
_OFF = "off"


class ReaderSpec(msgspec.Struct, frozen=True):
    """Goes over standard input: a command line and an environment can be read by others."""

    camera: Camera
    secret: str = ""
    """`user:password` or empty."""
    sensor: tuple[str, ...] = ()
    """GStreamer's words for a CSI source in place of Argus's own, up to its raw pictures."""
    thumb: bytes = b""
    """Of its reference; empty without one."""


def picture_order(ask: PictureAsk | None) -> str:
    """Which pictures are wanted from now on; None: none."""
    if ask is None:
        return f"{_PICTURE} {_OFF}"
    part = "centre" if ask.is_centre else "whole"
    return f"{_PICTURE} {ask.columns} {ask.rows} {ask.fps:g} {part}"


def parse_picture_order(words: list[str]) -> PictureAsk | None:
    """What `picture_order` made; ValueError when it is none of these."""
    if words == [_PICTURE, _OFF]:
        return None
    name, columns, rows, fps, part = words
    if name != _PICTURE:
        raise ValueError(f"no order: {name}")
    return PictureAsk(int(columns), int(rows), float(fps), part == "centre")


class TakenStill(msgspec.Struct, frozen=True):
    """A still picture for those who asked for it by these names."""

    names: tuple[str, ...]
    still: Still


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a reader: exactly one of these."""

    opening_s: float | None = None
    """It is still being opened, since so long."""
    opened: Opened | None = None
    second: StreamSecond | None = None
    picture: Picture | None = None
    snapshot: TakenStill | None = None
    failed: CameraFault | None = None
    """The last line."""
