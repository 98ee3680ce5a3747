"""The board in the two rows of a small window."""

from __future__ import annotations

from tui.console.cells import Canvas, crop
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.board_lines import Line, Readings, lines_of, value_of
from tui.console.widgets.board_row import draw_more
from tui.console.widgets.gauge import gauge
from tui.console.widgets.incident_lines import verdict_row
from tui.console.widgets.limits import line_width
from tui.core.format import fixed

_LABEL, _MOST_GAUGE, _LEAST_GAUGE = 4, 9, 4
_FIRST = ("GPU", "CPU", "RAM")


def draw_small(canvas: Canvas, scene: Scene) -> None:
    """Three columns: loads, memory and heat, power and the newest incident."""
    inner = canvas.width - 4
    # Wide enough for `✓ not throttled · oc3 12/s` as soon as the others keep their figures.
    last = min(max(inner - 50, 18), inner // 3 + 1)
    width = (inner - last - 4) // 2
    lines = [*small_lines(scene.snapshot.board), None, None, None, None, None][:5]
    for number, line in enumerate(lines):
        column, row = divmod(number, 2)
        if line is not None:
            x = 2 + column * (width + 2)
            _draw_small(canvas, x, 1 + row, line, x + (width if column < 2 else last))
    x = 2 + 2 * (width + 2)
    canvas.pieces(x, 2, verdict_row(scene, canvas.width - 2 - x), end=canvas.width - 2)


def small_lines(board: Readings) -> list[Line]:
    """The five that matter most, in the order of their places."""
    known = lines_of(board)
    loads = [line for line in known if line.label in _FIRST]
    heat = [line for line in known if line not in loads and line.weight <= 2]
    rest = [line for line in known if line not in loads and line not in heat]
    load = value_of(board, "load_1m")
    spare = [] if load is None else [Line("load", fixed(load, 2))]
    return [*loads[:3], *heat, *rest, *spare][:5]


def _draw_small(canvas: Canvas, x: int, y: int, line: Line, end: int) -> None:
    """A gauge where there is room for one beside the figures."""
    figures = line.figures
    if x + _LABEL + line_width(figures) > end:
        figures = [(piece[0].replace(" / ", "/"), *piece[1:]) for piece in figures]
    label = crop(line.label, max(end - x - line_width(figures) - 1, _LABEL - 1))
    canvas.put(x, y, label, Ink.MUTE, end=end)
    at = x + max(_LABEL, len(label) + 1)
    # A clock says more than a bar; what stands beside a value and its limit does not.
    is_limited = bool(line.rest) and line.rest[0][0].startswith(" /")
    more = 0 if is_limited else min((len(text) for text in line.more), default=0)
    room = end - at - line_width(figures) - more - 1
    if line.share is not None and room >= _LEAST_GAUGE:
        cells = min(room, _MOST_GAUGE)
        at = canvas.pieces(at, y, gauge(cells, line.share, line.ink)) + 1
    draw_more(canvas, canvas.pieces(at, y, figures, end=end), y, line, end)
