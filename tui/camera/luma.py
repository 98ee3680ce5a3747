"""The brightness and colour of a picture's pixels, whatever its format, as NumPy arrays."""

from __future__ import annotations

import msgspec
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
LIMITED, FULL = 1, 2
"""Of FFmpeg's colour ranges: 16 to 235, and 0 to 255."""
FULL_YUV = "yuvj420p"
_PACKED = {"yuyv422": (0, 1, 3), "yvyu422": (0, 3, 1), "uyvy422": (1, 0, 2)}
"""Where luma, U and V begin in formats that hold two pixels in four bytes."""
_WOVEN = {"nv12": (0, 1), "nv16": (0, 1), "nv24": (0, 1), "nv21": (1, 0), "nv42": (1, 0)}
"""Where U and V begin in formats whose second plane holds both."""
_SAMPLED = 4
"""Every so many pixels, across and down, are compared first."""


class Luma(msgspec.Struct, frozen=True):
    """A picture's pixels; views of its own memory where its format allows."""

    y: Bytes
    """Rows x columns."""
    u: Bytes | None
    """Rows x columns, as a rule fewer; None for a picture without colour."""
    v: Bytes | None
    is_limited: bool
    """Whether black is 16 and white 235."""


def luma_of(frame: VideoFrame) -> Luma:
    """Without a copy for the usual formats; others are converted, at some cost."""
    name = frame.format.name
    if any(plane.line_size < 0 for plane in frame.planes):
        return _converted(frame)
    if name == "gray":
        return Luma(_pixels(frame.planes[0]), None, None, frame.color_range == LIMITED)
    if name in _PACKED:
        packed = _pixels(frame.planes[0], 2)
        y, u, v = _PACKED[name]
        return Luma(packed[:, y::2], packed[:, u::4], packed[:, v::4], _is_limited(frame))
    if name in _WOVEN:
        both = _pixels(frame.planes[1], 2)
        u, v = _WOVEN[name]
        return Luma(_pixels(frame.planes[0]), both[:, u::2], both[:, v::2], _is_limited(frame))
    if _has_plain_planes(frame):
        y_plane, u_plane, v_plane = map(_pixels, frame.planes[:3])
        return Luma(y_plane, u_plane, v_plane, _is_limited(frame))
    return _converted(frame)


def is_same(before: VideoFrame, now: VideoFrame) -> bool:
    """Whether the light and shade of two pictures is equal to the last bit."""
    if (before.format.name, before.width, before.height) != (
        now.format.name,
        now.width,
        now.height,
    ):
        return False
    # A sixteenth of the pixels tells all but pictures that are really the same.
    sampled = (slice(None, None, _SAMPLED),) * 2
    first, second = _first_plane(before), _first_plane(now)
    return np.array_equal(first[sampled], second[sampled]) and np.array_equal(first, second)


def _is_limited(frame: VideoFrame) -> bool:
    return frame.color_range != FULL and not frame.format.name.startswith("yuvj")


def _has_plain_planes(frame: VideoFrame) -> bool:
    kind = frame.format
    return (
        kind.is_planar
        and not kind.is_rgb
        and len(frame.planes) >= 3
        and all(part.bits == 8 for part in kind.components)
    )


def _converted(frame: VideoFrame) -> Luma:
    if len(frame.format.components) < 3 and not frame.format.has_palette:
        grey = frame.reformat(format="gray")
        return Luma(_pixels(grey.planes[0]), None, None, is_limited=False)
    full = frame.reformat(format=FULL_YUV, dst_color_range=FULL)
    y, u, v = map(_pixels, full.planes)
    return Luma(y, u, v, is_limited=False)


def _first_plane(frame: VideoFrame) -> Bytes:
    kind = frame.format
    bits = kind.components[0].bits if kind.is_planar else kind.padded_bits_per_pixel
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, abs(plane.line_size))
    return rows[: plane.height, : -(-plane.width * bits // 8)]


def _pixels(plane: VideoPlane, bytes_each: int = 1) -> Bytes:
    # Rows are longer in memory than on the screen: what pads them is no picture.
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width * bytes_each]
