"""A line one row high: how a reading went in the last minute."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.console.widgets.braille import curve, glyph, grid_of
from tui.console.widgets.gauge import bar_of


def points_in(canvas: Canvas, columns: int) -> int:
    """How many values so many columns show in this tier."""
    return columns * grid_of(canvas.tier.name).across


def shares(
    values: Sequence[float | None], top: float | None, span: float | None
) -> list[float | None]:
    """Heights 0..1: from zero to `top` or the highest value, or around the values over `span`."""
    known = [value for value in values if value is not None]
    if not known:
        return [None] * len(values)
    low, high = 0.0, max(known) if top is None else top
    if span is not None:
        middle = (min(known) + max(known)) / 2
        half = max(max(known) - min(known), span) / 2
        low, high = middle - half, middle + half
    reach = max(high - low, 1e-9)
    return [None if value is None else min((value - low) / reach, 1.0) for value in values]


def draw_spark(
    canvas: Canvas, x: int, y: int, heights: Sequence[float | None], ink: Ink = Ink.P50
) -> None:
    """Dots where there are any; a digit in each cell otherwise."""
    tier = canvas.tier.name
    if tier == "ascii":
        for column, share in enumerate(heights, x):
            if share is not None:
                canvas.put(column, y, bar_of(share, canvas.tier.levels), ink)
        return
    for (column, _), bits in curve(heights, 1, tier=tier).items():
        canvas.put(x + column, y, glyph(bits, tier), ink)
