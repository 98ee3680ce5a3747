"""The board's gauges: what was read, from where, how old."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.board_lines import (
    Line,
    Readings,
    core_lines,
    lines_of,
    own_lines,
)
from tui.console.widgets.gauge import gauge
from tui.console.widgets.limits import line_width
from tui.console.widgets.spark import draw_spark, points_in, shares
from tui.console.widgets.trail import Trail
from tui.core.format import brief_duration

STALE_S = 5.0
SPARKS_FROM = 56
"""A panel as wide as this has room for the last minute of each reading."""


class BoardPanel:
    """Draws the panel; remembers the last minute from frame to frame."""

    def __init__(self) -> None:
        self._trail = Trail()

    def __call__(self, canvas: Canvas, scene: Scene) -> None:
        live = scene.newest
        if live.board_at_utc is not None:
            self._trail.take(live.board_at_utc, live.board)
        # A second that is read back has no last minute here.
        draw_board(canvas, scene, self._trail if live is scene.snapshot else None)


def draw_board(canvas: Canvas, scene: Scene, trail: Trail | None = None) -> None:
    """The panel, as many lines as fit; two rows in a narrow window."""
    snapshot = scene.snapshot
    # A board is what Jetson's own sources tell of; psutil knows any host.
    sources = {reading.source for reading in snapshot.board.values()}
    title: list[Piece] = [("host" if sources <= {"psutil", "host", ""} else "board", Ink.MUTE)]
    if scene.is_narrow:
        title.append((f"   {snapshot.device}", Ink.TEXT))
    canvas.frame(title, _source(scene))
    if not snapshot.board:
        canvas.put(2, 1, "no reading yet", Ink.FAINT, end=canvas.width - 1)
        return
    if canvas.height <= 4:
        _draw_pairs(canvas, snapshot.board)
        return
    is_wide = canvas.width >= SPARKS_FROM
    cores = core_lines(snapshot.board) if is_wide else []
    groups = [lines_of(snapshot.board, ""), cores, own_lines(snapshot.board)]
    if not cores or sum(map(len, groups)) + 2 > canvas.height - 2:
        groups = [lines_of(snapshot.board, canvas.tier.levels), groups[-1]]
    _draw_groups(canvas, groups, trail if is_wide else None)


def _draw_groups(canvas: Canvas, groups: list[list[Line]], trail: Trail | None) -> None:
    """One below the other, a blank row between them where there is room for that."""
    room = canvas.height - 2
    gap = 1 if sum(map(len, groups)) + len(groups) - 1 <= room else 0
    columns = 30 if canvas.width >= 64 else 20
    end = canvas.width - 2
    y = 1
    for lines in groups:
        for line in lines:
            if y > room:
                return
            _draw_line(canvas, 2, y, line, end - columns - 2 if trail else end)
            if trail and line.key:
                values = trail.course(line.key, points_in(canvas, columns))
                draw_spark(canvas, end - columns, y, shares(values, line.top, line.span), line.ink)
            y += 1
        y += gap


def _source(scene: Scene) -> list[Piece]:
    snapshot = scene.snapshot
    if not snapshot.board or snapshot.board_at_utc is None:
        return []
    sources = sorted({reading.source for reading in snapshot.board.values() if reading.source})
    text = " + ".join(sources[:3]) or "host"
    age_s = max(snapshot.at_utc - snapshot.board_at_utc, 0.0)
    if age_s < 2:
        return [(f"{text} · now", Ink.FAINT)]
    age = f"{brief_duration(age_s)} ago"
    return [(f"{text} · ", Ink.FAINT), (age, Ink.WARN if age_s > STALE_S else Ink.FAINT)]


def _draw_line(canvas: Canvas, x: int, y: int, line: Line, end: int) -> None:
    """Label, level, and the value in the column of all values."""
    column = x + min(max(end - x - 12, 15), 34)
    if not line.value:
        behind = canvas.pieces(x, y, [(line.label, Ink.MUTE)], end=end)
        canvas.pieces(max(x + 8, behind + 1), y, line.rest, end=end)
        return
    # A long unit moves its value out of the column rather than being cut.
    column = min(column, end - line_width(line.rest))
    start = canvas.right(column, y, line.value, Ink.TEXT, True)
    canvas.pieces(x, y, [(line.label, Ink.MUTE)], end=start - 1)
    if line.share is not None:
        left = max(4, len(line.label) + 1)
        canvas.pieces(x + left, y, gauge(column - x - left - 6, line.share, line.ink))
    column = canvas.pieces(column, y, line.rest, end=end)
    more = next((text for text in line.more if column + len(text) <= end), "")
    canvas.put(column, y, more, Ink.MUTE)


def _draw_pairs(canvas: Canvas, board: Readings) -> None:
    """Two rows of what matters most: levels at the left, the rest beside them."""
    lines = lines_of(board, canvas.tier.levels)
    levels = [line for line in lines if line.share is not None][:2]
    rest = [line for line in lines if line not in levels]
    half = canvas.width // 2
    for y, line in enumerate(levels, 1):
        _draw_line(canvas, 2, y, line, half - 2)
    x = half if levels else 2
    end = canvas.width - 2
    for y, line in enumerate(rest[:2], 1):
        column = canvas.pieces(x, y, [(f"{line.label} ", Ink.MUTE), *line.figures], end=end)
        if y + 1 < len(rest) and column + 3 < end:
            other = rest[y + 1]
            pieces: list[Piece] = [(f"{other.label} ", Ink.MUTE), *other.figures]
            if column + 3 + sum(len(piece[0]) for piece in pieces) <= end:
                canvas.pieces(column + 3, y, pieces, end=end)
