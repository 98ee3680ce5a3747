"""The board in the whole body of a small window: everything that is known, in two columns."""

from __future__ import annotations

from tui.console.cells import Canvas
from tui.console.scene import Scene
from tui.console.widgets.board_lines import (
    Line,
    Readings,
    core_lines,
    fitting,
    lines_of,
    traffic_lines,
)
from tui.console.widgets.board_row import draw_line
from tui.console.widgets.board_words import lost_gauges, side_lines, word_lines
from tui.console.widgets.incident_lines import incident_lines, lost_lines
from tui.console.widgets.service_lines import (
    own_lines,
    own_words,
    service_details,
    service_lines,
)

Groups = list[list[Line]]
_GAP = 2
_LEAST_ROWS = 8
"""What goes on may take the rows above these."""


def draw_columns(canvas: Canvas, scene: Scene) -> None:
    """What goes on across both columns; gauges at the left, cores and the service at the right."""
    inner, rows = canvas.width - 4, canvas.height - 2
    most = max(rows - _LEAST_ROWS, 1)
    top = [*incident_lines(scene, inner, most), *lost_lines(scene, inner)][:most]
    for y, line in enumerate(top, 1):
        draw_line(canvas, 2, y, line, canvas.width - 2)
    y, room = 1 + len(top), rows - len(top)
    width = (inner - _GAP) // 2
    for number, groups in enumerate(_columns(canvas, scene.snapshot.board, width, room)):
        x = canvas.width - 2 - width if number else 2
        _draw_column(canvas, x, y, fitting(groups, room), x + width)


def _columns(canvas: Canvas, board: Readings, width: int, room: int) -> tuple[Groups, Groups]:
    right = _right(board, width, room)
    bars = "" if any(line.key for line in right[0]) else canvas.tier.levels
    gauges = [*lines_of(board), *traffic_lines(board)]
    words = [*word_lines(board, width, bars), *lost_gauges(board)]
    more = side_lines(board, width)
    # Other rails, zones and engines stand where there is room for all of them.
    if sum(map(len, right)) + len(more) <= room:
        right.insert(1, more)
    else:
        words += more
    return [gauges, words], right


def _right(board: Readings, width: int, room: int) -> Groups:
    """Every core in a row of its own, if that leaves the service its own."""
    service = [*service_lines(board, width), *service_details(board, width)]
    cores = core_lines(board)
    if len(cores) + len(service) + len(own_words(board, width)) > room:
        cores = []
    own = own_lines(board)
    if len(cores) + len(service) + len(own) > room:
        own = own_words(board, width)
    return [cores, service, own]


def _draw_column(canvas: Canvas, x: int, y: int, groups: Groups, end: int) -> None:
    """One group below the other, blank rows between them as far as they fit."""
    gaps = canvas.height - 1 - y - sum(map(len, groups))
    for number, lines in enumerate(groups):
        y += 0 < number <= gaps
        for line in lines:
            draw_line(canvas, x, y, line, end)
            y += 1
