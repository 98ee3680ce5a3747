"""Events of a run drawn through its charts: a dotted vertical each, and a word where one fits."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas, width_of
from tui.console.glyphs import LEVEL, MARK
from tui.console.theme import Ink
from tui.console.widgets.plot import HEADS, Plot, area_ground, full_cell
from tui.core.events import Level
from tui.core.model import Mark

LABEL_ROWS = 4
BURST_COLUMNS = 3
"""Events of a kind so close to each other are one burst: its last one speaks for it."""
_WEIGHT: dict[Level, int] = {"info": 0, "ok": 0, "warn": 1, "fail": 2}


def draw_mark_lines(canvas: Canvas, plot: Plot, marks: Sequence[Mark]) -> None:
    """The verticals, behind everything but the area; the weightiest of a column colours it."""
    for mark in sorted(marks, key=lambda mark: _WEIGHT[mark.level]):
        ink = Ink.FAINT if mark.level == "info" else LEVEL[mark.level][1]
        x = plot.column_of(mark.at_s)
        for y in range(plot.y, plot.y + plot.rows):
            if canvas.chars[y][x] in (" ", MARK):
                canvas.put(x, y, MARK, ink)
            elif canvas.chars[y][x] == full_cell(canvas):
                canvas.put(x, y, MARK, Ink.P99, ground=area_ground(canvas, x, y))


def draw_mark_labels(canvas: Canvas, plot: Plot, marks: Sequence[Mark]) -> None:
    """The words, last of all: what is weighty first, then in order of time."""
    taken: set[tuple[int, int]] = set()
    for mark in sorted(_speaking(plot, marks), key=lambda mark: -_WEIGHT[mark.level]):
        place = _place(canvas, plot, mark, taken)
        if place is None:
            continue
        x, y = place
        ink = Ink.MUTE if mark.level == "info" else LEVEL[mark.level][1]
        canvas.put(x, y, mark.label, ink)
        # With a cell at either side: two words in a row must not read as one.
        taken |= {(column, y) for column in range(x - 1, x + width_of(mark.label) + 1)}


def _speaking(plot: Plot, marks: Sequence[Mark]) -> list[Mark]:
    """Without those that another of their kind follows at once."""
    kept: list[Mark] = []
    next_column: dict[str, int] = {}
    for mark in reversed(marks):
        # `22 users` and `24 users` are of a kind.
        kind = mark.label.lstrip("0123456789 ")
        column = plot.column_of(mark.at_s)
        if next_column.get(kind, column + BURST_COLUMNS + 1) - column > BURST_COLUMNS:
            kept.append(mark)
        next_column[kind] = column
    return kept[::-1]


def _place(
    canvas: Canvas, plot: Plot, mark: Mark, taken: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """Right of its line, else left of it, in one of the upper rows; None where no room is left."""
    x, width = plot.column_of(mark.at_s), width_of(mark.label)
    for y in range(plot.y + 1, min(plot.y + 1 + LABEL_ROWS, plot.y + plot.rows)):
        # Over the lines of later events, so that close events stand one below the other.
        if x + width < plot.x + plot.columns + HEADS and _is_free(
            canvas, x + 1, y, width + 1, taken, over=(" ", MARK)
        ):
            return x + 1, y
        if x - width > plot.x and _is_free(canvas, x - width - 1, y, width + 1, taken, over=(" ",)):
            return x - width, y
    return None


def _is_free(
    canvas: Canvas, x: int, y: int, width: int, taken: set[tuple[int, int]], *, over: Sequence[str]
) -> bool:
    cells = canvas.chars[y][x : x + width]
    return all(cell in over for cell in cells) and not any(
        (column, y) in taken for column in range(x, x + width)
    )
