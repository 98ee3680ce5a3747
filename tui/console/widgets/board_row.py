"""One line of the board, drawn into columns."""

from __future__ import annotations

from tui.console.cells import Canvas
from tui.console.theme import Ink
from tui.console.widgets.board_lines import Line
from tui.console.widgets.gauge import gauge
from tui.console.widgets.limits import line_width

LEAST_GAUGE = 3


def draw_line(canvas: Canvas, x: int, y: int, line: Line, end: int) -> None:
    """Label, level, and the value in the column of all values."""
    if line.words:
        canvas.pieces(x, y, line.words, end=end)
        return
    left = x + max(4, len(line.label) + 1)
    column = x + min(max(end - x - 12, 15), 27)
    canvas.put(x, y, line.label, Ink.MUTE, end=end)
    if not line.value:
        canvas.pieces(left, y, line.rest, end=end)
        return
    # A long unit moves its value out of the column rather than being cut.
    column = min(column, end - line_width(line.rest))
    canvas.right(column, y, line.value, Ink.TEXT, True)
    if line.share is not None and column - left - 6 >= LEAST_GAUGE:
        canvas.pieces(left, y, gauge(column - left - 6, line.share, line.ink))
    draw_more(canvas, canvas.pieces(column, y, line.rest, end=end), y, line, end)


def draw_more(canvas: Canvas, x: int, y: int, line: Line, end: int) -> int:
    """The longest of what else there is to say that fits; the column behind it."""
    more = next((text for text in line.more if x + len(text) <= end), "")
    return canvas.put(x, y, more, Ink.MUTE)
