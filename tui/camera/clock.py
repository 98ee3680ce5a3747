"""Whether the kernel's clock is held to a time server's."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

_MOST_ERROR_US = 16_000_000
"""The kernel lets its estimate of the error grow to this while nobody sets the clock."""


class Timex(ctypes.Structure):
    """The beginning of Linux's `struct timex`, and room for the rest of it."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_byte * 256),
    )


def is_clock_synced(ask: Callable[[Timex], int] | None = None) -> bool | None:
    """As `timedatectl` tells it; None where the kernel refuses to say. Needs no rights.

    `ask` fills in the structure and returns a negative number when it can't: adjtimex(2).
    """
    timex = Timex(modes=0)
    if (ask or _adjtimex)(timex) < 0:
        return None
    # STA_UNSYNC is no sign: chrony leaves it set, so that the kernel keeps off the RTC.
    return bool(timex.maxerror < _MOST_ERROR_US)


def _adjtimex(timex: Timex) -> int:
    call = getattr(ctypes.CDLL(None), "adjtimex", None)
    return -1 if call is None else int(call(ctypes.byref(timex)))
