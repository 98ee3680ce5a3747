"""Curves of braille dots: two across and four down in a cell."""

from __future__ import annotations

from collections.abc import Sequence

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))

Dots = dict[tuple[int, int], int]
"""Bits by cell `(column, row)`."""


def glyph(bits: int) -> str:
    """The character with these dots."""
    return chr(0x2800 + bits)


def curve(heights: Sequence[float | None], rows: int, thickness: int = 1) -> Dots:
    """A line through one value for each dot column, as a share 0..1 of the height.

    Neighbours are joined, gaps stay gaps, and values above 1 run along the top.
    """
    lowest = rows * 4 - 1
    levels = [
        None if share is None else min(max(round((1 - share) * rows * 4), 0), lowest)
        for share in heights
    ]
    dots: Dots = {}
    for column, level in enumerate(levels):
        if level is None:
            continue
        first = last = level
        for other in levels[max(column - 1, 0) : column + 2]:
            if other is not None and abs(other - level) > 1:
                # Half of the way belongs to each of the two columns.
                first, last = min(first, (level + other) // 2), max(last, (level + other) // 2)
        for dot in range(first, min(last + thickness, lowest + 1)):
            cell = (column // 2, dot // 4)
            dots[cell] = dots.get(cell, 0) | _BITS[dot % 4][column % 2]
    return dots
