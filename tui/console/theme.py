"""The one place for colours: what each is for, and its xterm-256 index."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rich.color import Color
from rich.style import Style


class Ink(IntEnum):
    """What a colour stands for. Drawing code knows these alone."""

    BG = 0
    STRIP = 1
    SELECT = 2
    LINE = 3
    FAINT = 4
    MUTE = 5
    TEXT = 6
    ACCENT = 7
    AREA = 8
    P50 = 9
    P95 = 10
    P99 = 11
    FAIL = 12
    WARN = 13
    PASS = 14
    INVALID = 15
    FAIL_STRIP = 16
    BADGE = 17
    PASS_STRIP = 18


DARK: dict[Ink, int] = {
    Ink.BG: 233,
    Ink.STRIP: 235,
    Ink.SELECT: 237,
    Ink.LINE: 239,
    Ink.FAINT: 243,
    Ink.MUTE: 247,
    Ink.TEXT: 254,
    Ink.ACCENT: 81,
    Ink.AREA: 24,
    Ink.P50: 75,
    Ink.P95: 215,
    Ink.P99: 251,
    Ink.FAIL: 203,
    Ink.WARN: 221,
    Ink.PASS: 78,
    Ink.INVALID: 177,
    Ink.FAIL_STRIP: 52,
    Ink.BADGE: 247,
    Ink.PASS_STRIP: 22,
}

# A cell's look in one integer: cells are compared far more often than they are drawn.
GROUND_SHIFT = 8
GROUND_MASK = 0xFF << GROUND_SHIFT
BOLD = 1 << 16


def look(ink: Ink, ground: Ink, bold: bool = False) -> int:
    """The look of a cell, packed."""
    return int(ink) | ground << GROUND_SHIFT | (BOLD if bold else 0)


@lru_cache(maxsize=1024)
def style_of(packed: int) -> Style:
    """A packed look as the terminal's own 256 colours, whatever the terminal claims to know."""
    ink, ground = Ink(packed & 0xFF), Ink(packed >> GROUND_SHIFT & 0xFF)
    return Style(
        color=Color.from_ansi(DARK[ink]),
        bgcolor=Color.from_ansi(DARK[ground]),
        bold=True if packed & BOLD else None,
    )
