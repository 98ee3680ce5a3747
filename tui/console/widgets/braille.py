"""Curves of dots in cells: braille where a terminal has it, half blocks or characters elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.glyphs import TierName

Dots = dict[tuple[int, int], int]
"""Bits by cell `(column, row)`."""


class Grid(msgspec.Struct, frozen=True):
    """The dots of a cell."""

    across: int
    down: int
    bits: tuple[tuple[int, ...], ...]
    """By row, then by column of the cell."""


_GRIDS: dict[TierName, Grid] = {
    "full": Grid(2, 4, ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))),
    "blocks": Grid(1, 2, ((1,), (2,))),
    "ascii": Grid(1, 1, ((1,),)),
}
_HALVES = " ▀▄█"


def grid_of(tier: TierName) -> Grid:
    """How fine this tier draws."""
    return _GRIDS[tier]


def glyph(bits: int, tier: TierName = "full", mark: str = "*") -> str:
    """The character with these dots; `mark` where a cell is all that can be drawn."""
    if tier == "ascii":
        return mark
    return _HALVES[bits] if tier == "blocks" else chr(0x2800 + bits)


def curve(
    heights: Sequence[float | None], rows: int, thickness: int = 1, tier: TierName = "full"
) -> Dots:
    """A line through one value for each dot column, as a share 0..1 of the height.

    Neighbours are joined, gaps stay gaps, and values above 1 run along the top.
    """
    grid = _GRIDS[tier]
    down = grid.down
    lowest = rows * down - 1
    levels = [
        # In quarters first, as the axis places its labels: a coarse line stands beside its value.
        None if share is None else min(max(round((1 - share) * rows * 4), 0) * down // 4, lowest)
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
            cell = (column // grid.across, dot // down)
            dots[cell] = dots.get(cell, 0) | grid.bits[dot % down][column % grid.across]
    return dots
