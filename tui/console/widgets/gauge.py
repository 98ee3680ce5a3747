"""A level as a thin bar: fill, track, and what lies beyond a limit differ by glyph."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.theme import Ink

NEAR = 0.8


def fill_ink(used: float) -> Ink:
    """How near a limit is: 1 is at it."""
    return Ink.FAIL if used >= 1 else Ink.WARN if used >= NEAR else Ink.P50


def bar_of(share: float, bars: str) -> str:
    """The one of `bars`, from low to high, for a level 0..1."""
    return bars[min(max(int(share * len(bars)), 0), len(bars) - 1)]


def gauge(width: int, share: float, ink: Ink = Ink.P50, *, limit: float = 1.0) -> list[Piece]:
    """A bar of `width` cells filled to `share`; behind `limit` its track is dotted red."""
    share = min(max(share, 0.0), 1.0)
    halves = round(share * width * 2)
    if share > 0:
        halves = max(halves, 1)
    full, half = divmod(halves, 2)
    filled = "━" * full + "╸" * half
    edge = max(round(min(limit, 1.0) * width), full + half)
    track, beyond = "─" * (edge - full - half), "┄" * (width - edge)
    pieces: list[Piece] = [(filled, ink), (track, Ink.LINE)]
    return [*pieces, (beyond, Ink.FAIL)] if beyond else pieces
