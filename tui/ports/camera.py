"""Cameras: who watches them, and a still picture of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from tui.core.camera.camera import Camera
from tui.core.camera.measures import Quality
from tui.ports.load import Emit

StillForm = Literal["full", "pixelated", "thumbnail"]
"""How much of a still is kept: anything but `full` has its details taken out for good."""


class PictureAsk(msgspec.Struct, frozen=True):
    """Which pictures the screen can use."""

    columns: int
    rows: int
    """Of character cells: each holds two pixels, one above the other."""
    fps: float
    is_centre: bool = False
    """The middle of the picture, pixel by pixel, in place of all of it."""


class Still(msgspec.Struct, frozen=True):
    """One picture as a file, with what proves it. The bytes are never encoded again."""

    camera: str
    source: str
    """As in the configuration, never with a secret."""
    jpeg: bytes
    sha256: str
    """Of exactly these bytes."""
    packet_sha256: str
    """Of the compressed picture as the camera sent it; empty where several made it up."""
    width: int
    height: int
    codec: str
    at_utc: float
    """When it came, seconds since the epoch."""
    at_monotonic_s: float
    is_clock_synced: bool | None
    """Whether the kernel held its clock for synchronised then; None: it does not tell."""
    pts_s: float | None = None
    """The camera's own time stamp."""
    is_keyframe: bool = False
    is_corrupt: bool = False
    label: str = ""
    """`simulated` or `replay` where no camera took it."""
    tool: str = ""
    """What decoded it: `jetproof 0.5, av 18.1.0`."""
    quality: Quality | None = None


class NoStill(msgspec.Struct, frozen=True):
    """Why there is no still picture, in one line."""

    why: str


class CameraWatch(Protocol):
    """One camera that is looked at. Every call returns at once and may come from any thread."""

    def show(self, ask: PictureAsk | None) -> None:
        """Pictures for the screen from now on; None: no more."""

    def still(self, done: Callable[[Still | NoStill], None]) -> None:
        """The next picture, whole; `done` is called once, on a reader's thread."""

    def close(self) -> None:
        """Look no longer: its process is gone when this returns, in a few seconds at most."""


class Cameras(Protocol):
    """Looks at cameras, each in a process of its own that no frozen driver outlasts."""

    def watch(self, camera: Camera, secret: str, emit: Emit, thumb: bytes = b"") -> CameraWatch:
        """Begin to look; `secret` is `user:password` or empty, `thumb` that of its reference.

        `emit` gets CameraTried, then CameraOpened and a CameraTold each second, or CameraFailed;
        it is called on readers' threads. What may pass by itself is tried again.
        """
