"""What a V4L2 device offers: pixel formats, sizes, rates."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from tui.camera.ioctls import (
    DISCRETE,
    Discrete,
    Interval,
    Size,
    formats_of,
    intervals_of,
    sizes_of,
)

_FFMPEG = {
    "YU12": "yuv420p",
    "YV12": "yuv420p",
    "422P": "yuv422p",
    "YUYV": "yuyv422",
    "UYVY": "uyvy422",
    "411P": "yuv411p",
    "YUV9": "yuv410p",
    "YVU9": "yuv410p",
    "RGBO": "rgb555le",
    "RGBQ": "rgb555be",
    "RGBP": "rgb565le",
    "RGBR": "rgb565be",
    "BGR3": "bgr24",
    "RGB3": "rgb24",
    "BGR4": "bgr0",
    "RGB4": "0rgb",
    "GREY": "gray",
    "Y16 ": "gray16le",
    "NV12": "nv12",
    "MJPG": "mjpeg",
    "JPEG": "mjpeg",
    "H264": "h264",
    "CPIA": "cpia",
    "BA81": "bayer_bggr8",
    "GBRG": "bayer_gbrg8",
    "GRBG": "bayer_grbg8",
    "RGGB": "bayer_rggb8",
}
"""Those that FFmpeg reads, as its `libavdevice/v4l2-common.c` pairs them."""
_BAYER = re.compile(r"BA81|GBRG|GRBG|RGGB|BYR2|(BG|GB|BA|RG|GR)1[0246]|p[BGgR](AA|CC|EE)")


class Mode(msgspec.Struct, frozen=True, omit_defaults=True):
    """One pixel format at one size, or at a range of sizes."""

    pixel_format: str
    """As FFmpeg names it, which `format` in the configuration takes; the device's own four
    characters where FFmpeg can't read it."""
    width: int
    """In pixels; the largest of a range. 0: the driver tells no sizes."""
    height: int
    fps: tuple[float, ...] = ()
    """At that size, the fastest first; empty: the driver does not tell."""
    least_width: int | None = None
    """Any size from here on; None: this one alone."""
    least_height: int | None = None
    least_fps: float | None = None
    """Any rate from here on; None: those of `fps` alone."""
    is_readable: bool = True
    """Whether FFmpeg can read it."""
    is_bayer: bool = False
    """A sensor's raw values, which are no picture yet."""


def modes_of(device: int) -> tuple[Mode, ...]:
    """All of an open device, in its own order. Raises OSError."""
    return tuple(_modes(device))


def _modes(device: int) -> Iterator[Mode]:
    for number in [each.pixelformat for each in formats_of(device)]:
        code = number.to_bytes(4, "little").decode("latin-1")
        sizes = [_extent(size) for size in sizes_of(device, number)] or [(0, 0, None, None)]
        for width, height, least_width, least_height in sizes:
            fps, least_fps = _rates(device, number, width, height)
            yield Mode(
                pixel_format=_FFMPEG.get(code, _printable(code)),
                width=width,
                height=height,
                fps=fps,
                least_width=least_width,
                least_height=least_height,
                least_fps=least_fps,
                is_readable=code in _FFMPEG,
                is_bayer=_BAYER.fullmatch(code) is not None,
            )


def _extent(size: Size) -> tuple[int, int, int | None, int | None]:
    """The largest width and height, and the least of a range."""
    if size.type == DISCRETE:
        return size.discrete.first, size.discrete.second, None, None
    steps = size.stepwise
    return steps.max_width, steps.max_height, steps.min_width, steps.min_height


def _rates(
    device: int, pixel_format: int, width: int, height: int
) -> tuple[tuple[float, ...], float | None]:
    """In pictures a second, the fastest first, and the slowest of a range."""
    found: set[float] = set()
    least_fps = None
    for interval in intervals_of(device, pixel_format, width, height):
        fastest, slowest = _ends(interval)
        if fastest:
            found.add(fastest)
            least_fps = slowest
    return tuple(sorted(found, reverse=True)), least_fps


def _ends(interval: Interval) -> tuple[float | None, float | None]:
    if interval.type == DISCRETE:
        return _fps(interval.discrete), None
    # The shortest time between two pictures is the fastest rate.
    return _fps(interval.stepwise.min), _fps(interval.stepwise.max)


def _fps(seconds: Discrete) -> float | None:
    if not seconds.first or not seconds.second:
        return None  # some drivers leave it empty
    return round(seconds.second / seconds.first, 3)


def _printable(code: str) -> str:
    return "".join(each if " " <= each <= "~" else "?" for each in code).strip()
