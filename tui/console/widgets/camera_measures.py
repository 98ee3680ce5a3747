"""What was measured of the camera under the cursor, and what is wrong with it."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.camera_rows import Row, finding_pieces, measure_rows
from tui.console.widgets.log import wrapped
from tui.core.camera.view import CameraView
from tui.core.format import fixed

_TWO_COLUMNS = 66
_LEAST_FINDINGS = 3
"""Rows that figures leave to what is wrong, if anything is."""


def draw_measures(canvas: Canvas, scene: Scene) -> None:
    """Figures above findings, or beside them where the panel is wide."""
    view = scene.camera.shown
    title: list[Piece] = [("measures", Ink.MUTE)]
    if scene.is_narrow and view is not None:
        label: list[Piece] = [(f"  {view.source.label}", Ink.WARN, True)]
        title += [(f"  {view.name}", Ink.TEXT), *(label if view.source.label else [])]
    if scene.camera.held is not None:
        title.append(("  frozen by space", Ink.WARN, True))
    canvas.frame(title, _foot(scene, view))
    if view is None:
        return
    width, room = canvas.width - 4, canvas.height - 2
    if width >= _TWO_COLUMNS:
        half = width // 2 - 1
        _draw_rows(canvas, 2, measure_rows(view, half), half, room)
        _draw_rows(canvas, 2 + half + 3, _findings(scene, view, half - 1), half - 1, room)
        return
    found = _findings(scene, view, width)
    figures = measure_rows(view, width)
    above = max(room - max(len(found), _LEAST_FINDINGS) - 1, room * 3 // 5)
    if len(figures) + 1 + len(found) <= room:
        above = len(figures)
    _draw_rows(canvas, 2, figures[:above], width, room)
    below = min(len(figures), above) + 1
    for y, row in enumerate(found[: room - below], 1 + below):
        canvas.pieces(2, y, row, end=canvas.width - 2)


def _draw_rows(canvas: Canvas, x: int, rows: list[Row], width: int, room: int) -> None:
    for y, row in enumerate(rows[:room], 1):
        canvas.pieces(x, y, row, end=x + width)


def _findings(scene: Scene, view: CameraView, width: int) -> list[Row]:
    rows: list[Row] = []
    if scene.camera.answer:
        rows += [[(row, Ink.TEXT)] for row in wrapped(scene.camera.answer, width)]
        rows.append([])
    # Why there is no picture stands in the picture's place, where that is beside this panel.
    skipped = int(view.fault is not None and not view.is_played and not scene.is_narrow)
    for finding in view.findings[skipped:]:
        for line in finding_pieces(finding):
            text, ink = line[0][0], line[0][1]
            rows += [[(row, ink)] for row in wrapped(text, width)]
    if not view.findings and view.grade == "good":
        rows.append([("✓ ", Ink.PASS, True), ("nothing is wrong with it", Ink.TEXT)])
    return rows


def _foot(scene: Scene, view: CameraView | None) -> list[Piece]:
    foot: list[Piece] = []
    if view is not None and view.reader_cpu_percent is not None:
        foot.append((f"reader {fixed(view.reader_cpu_percent)} % of a core", Ink.FAINT))
    if scene.is_narrow:
        foot += [(" · ", Ink.LINE)] if foot else []
        foot.append(("c picture", Ink.FAINT))
    return foot
