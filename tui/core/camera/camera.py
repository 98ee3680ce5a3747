"""A camera of the site, as `[cameras.NAME]` of the configuration describes it."""

from __future__ import annotations

import msgspec

from tui.core.camera.source import Source, Transport
from tui.core.limits import Limit

PATTERN = "pattern"
"""The name of the embedded test pattern."""
TIMEOUT_S = 5.0


class Camera(msgspec.Struct, frozen=True):
    """A camera; never with a secret."""

    name: str
    source: Source
    fps: float | None = None
    """What it should deliver; None: what it says of itself."""
    width: int | None = None
    """Asked of a device; None: its default. A stream comes as it comes."""
    height: int | None = None
    pixel_format: str = ""
    """Asked of a V4L2 device, as FFmpeg names it: `mjpeg`, `yuyv422`."""
    transport: Transport = "tcp"
    """Of RTSP."""
    verify_tls: bool = True
    """Of https and rtsps: whether its certificate must be trusted."""
    credentials: str = ""
    """`env:NAME` or `file:PATH` of `user:password`: where the secret is, never the secret."""
    timeout_s: float = TIMEOUT_S
    """Without a picture for so long it counts as stalled."""
    thresholds: tuple[Limit, ...] = ()
    """The whole set: the defaults with what the configuration says in their place."""
    goals: tuple[Limit, ...] = ()
