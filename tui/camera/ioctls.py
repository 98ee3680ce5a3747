"""Questions to a V4L2 device, as the kernel's `linux/videodev2.h` lays them out.

Every field of these structures has the same place on x86-64 and aarch64.
"""

from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from ctypes import Structure, Union, c_char, c_uint32, sizeof
from typing import Any, TypeVar

CAPTURE = 0x1
"""A node that gives pictures."""
CAPTURE_PLANES = 0x1000
"""The same with its planes apart, which FFmpeg does not read."""
HAS_NODE_CAPS = 0x80000000
"""The device tells what this node can do, apart from all of its nodes together."""
BUFFER_CAPTURE = 1
DISCRETE = 1
MOST_ASKED = 256
"""A driver that knows no end of its list would be asked for ever."""
_END = (errno.EINVAL, errno.ENOTTY)
"""The list is over; there is none."""


class Capability(Structure):
    """`v4l2_capability`."""

    _fields_ = (
        ("driver", c_char * 16),
        ("card", c_char * 32),
        ("bus_info", c_char * 32),
        ("version", c_uint32),
        ("capabilities", c_uint32),
        ("device_caps", c_uint32),
        ("reserved", c_uint32 * 3),
    )
    driver: bytes
    card: bytes
    bus_info: bytes
    capabilities: int
    device_caps: int


class Format(Structure):
    """`v4l2_fmtdesc`."""

    _fields_ = (
        ("index", c_uint32),
        ("type", c_uint32),
        ("flags", c_uint32),
        ("description", c_char * 32),
        ("pixelformat", c_uint32),
        ("mbus_code", c_uint32),
        ("reserved", c_uint32 * 3),
    )
    index: int
    pixelformat: int


class Steps(Structure):
    """`v4l2_frmsize_stepwise`; its first two fields are a discrete size."""

    _fields_ = (
        ("min_width", c_uint32),
        ("max_width", c_uint32),
        ("step_width", c_uint32),
        ("min_height", c_uint32),
        ("max_height", c_uint32),
        ("step_height", c_uint32),
    )


class Discrete(Structure):
    """`v4l2_frmsize_discrete`, and `v4l2_fract`: seconds as `first / second`."""

    _fields_ = (("first", c_uint32), ("second", c_uint32))
    first: int
    second: int


class Intervals(Structure):
    """`v4l2_frmival_stepwise`."""

    _fields_ = (("min", Discrete), ("max", Discrete), ("step", Discrete))


class _SizeUnion(Union):
    _fields_ = (("discrete", Discrete), ("stepwise", Steps))


class _IntervalUnion(Union):
    _fields_ = (("discrete", Discrete), ("stepwise", Intervals))


class Size(Structure):
    """`v4l2_frmsizeenum`."""

    _anonymous_ = ("of",)
    _fields_ = (
        ("index", c_uint32),
        ("pixel_format", c_uint32),
        ("type", c_uint32),
        ("of", _SizeUnion),
        ("reserved", c_uint32 * 2),
    )
    index: int
    type: int
    discrete: Discrete
    stepwise: Any


class Interval(Structure):
    """`v4l2_frmivalenum`."""

    _anonymous_ = ("of",)
    _fields_ = (
        ("index", c_uint32),
        ("pixel_format", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
        ("type", c_uint32),
        ("of", _IntervalUnion),
        ("reserved", c_uint32 * 2),
    )
    index: int
    type: int
    discrete: Discrete
    stepwise: Any


def _number(direction: int, which: int, of: type[Structure]) -> int:
    """As `_IOC` of the generic `asm/ioctl.h` makes it, for the type `V`."""
    return direction << 30 | sizeof(of) << 16 | ord("V") << 8 | which


_READ, _BOTH = 2, 3
QUERYCAP = _number(_READ, 0, Capability)
ENUM_FMT = _number(_BOTH, 2, Format)
ENUM_FRAMESIZES = _number(_BOTH, 74, Size)
ENUM_FRAMEINTERVALS = _number(_BOTH, 75, Interval)

E = TypeVar("E", Format, Size, Interval)


def capability_of(device: int) -> Capability:
    """What an open device is. Raises OSError: ENOTTY where it is none of V4L2."""
    found = Capability()
    fcntl.ioctl(device, QUERYCAP, found)
    return found


def formats_of(device: int) -> Iterator[Format]:
    """The pixel formats that it offers. Raises OSError."""
    return _all(device, ENUM_FMT, Format(type=BUFFER_CAPTURE))


def sizes_of(device: int, pixel_format: int) -> Iterator[Size]:
    """The sizes of a format: some discrete ones, or one range. Raises OSError."""
    return _all(device, ENUM_FRAMESIZES, Size(pixel_format=pixel_format))


def intervals_of(device: int, pixel_format: int, width: int, height: int) -> Iterator[Interval]:
    """Times from one picture to the next at a size. Raises OSError."""
    asked = Interval(pixel_format=pixel_format, width=width, height=height)
    return _all(device, ENUM_FRAMEINTERVALS, asked)


def _all(device: int, question: int, asked: E) -> Iterator[E]:
    """The answers one after the other, in the one structure; copy what is to be kept."""
    for index in range(MOST_ASKED):
        asked.index = index
        try:
            fcntl.ioctl(device, question, asked)
        except OSError as error:
            if error.errno in _END:
                return
            raise
        yield asked
