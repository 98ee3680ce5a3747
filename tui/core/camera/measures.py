"""What a reader tells of a camera: how it opened, what each second brought, what a picture is like.

These travel as JSON lines from the reader's process, and stand in stored runs.
"""

from __future__ import annotations

from typing import Literal

import msgspec

TILES = 9
"""Focus is told for three rows of three tiles, row by row."""
DropSign = Literal["timestamps", "arrival", ""]


class Opened(msgspec.Struct, frozen=True, omit_defaults=True):
    """A camera that delivers."""

    codec: str
    """As FFmpeg names it: `h264`, `mjpeg`, `rawvideo`."""
    width: int
    height: int
    opened_ms: float
    """From the attempt to the open stream."""
    first_frame_ms: float
    """From the attempt to the first decoded picture."""
    pixel_format: str = ""
    nominal_fps: float | None = None
    """What the source says of itself; None: nothing, or nothing that can be believed."""
    has_timestamps: bool = False
    """Whether its pictures carry the camera's own times: those of MJPEG over HTTP are made up."""
    is_live: bool = True
    """Whether it delivers at its own pace; a file and a single JPEG do not."""
    mode: str = ""
    """What was asked of a device beyond the defaults: `1280x720 30 fps mjpeg`."""
    notes: tuple[str, ...] = ()
    """What must be known of the figures, one line each."""


class Quality(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one picture is like. Luma is 0 to 255 of the full range, whatever the stream's is."""

    brightness: float
    """Mean luma."""
    contrast: float
    """Standard deviation of luma (RMS contrast)."""
    p1: float
    """Hundredth part of luma that is darkest."""
    p50: float
    p99: float
    clipped_dark_percent: float
    """Of pixels at 5 or less."""
    clipped_bright_percent: float
    """Of pixels at 250 or more."""
    noise: float
    """Sigma of luma (Immerkaer 1996)."""
    focus: float
    """Edge energy without the noise's share; only comparable within one scene."""
    tiles: tuple[float, ...]
    """The same for each of `TILES` tiles, row by row from the top left."""
    is_black: bool = False
    is_uniform: bool = False
    """One grey all over: a cap, fog, or far out of focus. Focus says nothing then."""
    blue_cast: float | None = None
    """Mean of U less 128; None for a picture without colour."""
    red_cast: float | None = None


class StreamSecond(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one second brought; times are the reader's monotonic clock since the attempt to open."""

    until_s: float
    """End of the second."""
    frames: int = 0
    """Pictures after the burst of the opening; what came in that is counted nowhere."""
    first_s: float | None = None
    """Arrival of the first of them; None without."""
    last_s: float | None = None
    intervals: dict[int, int] = {}
    """Times between arrivals, counted by `core.histogram` bucket."""
    dropped: int = 0
    """Pictures that are missing, told by `drop_sign`."""
    drop_sign: DropSign = ""
    longest_gap: int = 0
    """Most pictures missing in a row."""
    corrupt: int = 0
    undecoded: int = 0
    """Pictures that came and were not looked at: this machine is too slow for all of them."""
    keyframes: int = 0
    keyframe_distance: int | None = None
    """Pictures from one keyframe to the next, the newest; None before the second one."""
    bytes: int = 0
    """Compressed, as received."""
    same_s: float = 0.0
    """How long the picture has not changed by a single bit; 0 while it changes."""
    black_s: float = 0.0
    """How long it has been black."""
    silent_s: float = 0.0
    """Since the last picture."""
    age_ms: float | None = None
    """From the capture to here, where the camera's clock is this machine's."""
    behind_ms: float | None = None
    """How much later pictures come than their timestamps say, against the promptest of the last ten
    minutes."""
    quality: Quality | None = None
    """The newest picture that was looked at."""
    moved: tuple[float, float] | None = None
    """How far it moved against the reference, right and down, in percent of its width and height;
    None without a reference, or where the scene can't be found again."""
    cpu_percent: float = 0.0
    """Of one core, of the reader itself."""
