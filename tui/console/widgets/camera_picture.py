"""What a camera sees, as far as a terminal can show it; or why there is nothing to see."""

from __future__ import annotations

from collections.abc import Iterator

from tui.console.camera_pixels import Cell, cells_of, way_of
from tui.console.camera_place import CameraPlace
from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.camera_rows import finding_pieces, measure_rows
from tui.console.widgets.log import wrapped
from tui.core.camera.view import CameraView, Picture
from tui.core.format import duration

_LEAST_BESIDE = 26
"""Columns from which on figures stand beside the picture of a narrow window."""


def draw_picture(canvas: Canvas, scene: Scene) -> None:
    """The panel; beside a picture that leaves room for them a narrow window has figures."""
    place = scene.camera
    view = place.shown
    canvas.frame(_title(view), _foot(scene))
    if view is None:
        canvas.pieces(2, 1, [("no camera is known here", Ink.MUTE)], end=canvas.width - 2)
        return
    picture = view.picture
    if place.is_blank:
        canvas.pieces(2, 1, [("pictures stay out of screenshots", Ink.MUTE)], end=canvas.width - 2)
        return
    if picture is None or picture.width < 1 or picture.height < 2:
        _draw_words(canvas, list(_why(view)))
        return
    rows = cells_of(picture, way_of(canvas.theme, canvas.tier.name), place.has_grid)
    beside = canvas.width - 2 - picture.width
    if not scene.is_narrow or beside < _LEAST_BESIDE:
        _draw_cells(canvas, rows, 1 + max(beside, 0) // 2)
        return
    _draw_cells(canvas, rows, 1)
    _draw_beside(canvas, view, picture.width + 3)


def _title(view: CameraView | None) -> list[Piece]:
    if view is None:
        return [("picture", Ink.MUTE)]
    title: list[Piece] = [(view.name, Ink.ACCENT, True)]
    if view.opened is not None:
        opened = view.opened
        title.append((f"  {opened.codec} {opened.width}x{opened.height}", Ink.MUTE))
    if view.source.label:
        title.append((f"  {view.source.label}", Ink.WARN, True))
    return title


def _foot(scene: Scene) -> list[Piece]:
    place = scene.camera
    words = [("c measures", Ink.FAINT)] if scene.is_narrow else []
    view = place.shown
    if view is None or view.picture is None or place.is_blank:
        return [*words]
    state: Piece = (place.pace.text, Ink.WARN if place.pace.why else Ink.FAINT)
    if place.held is not None:
        state = ("frozen by space", Ink.WARN, True)
    middle: list[Piece] = []
    if view.picture.is_centre:
        middle = [(_centre_text(place, view.picture), Ink.ACCENT, True), (" · ", Ink.LINE)]
    return [*middle, state, *([(" · ", Ink.LINE), *words] if words else [])]


def _centre_text(place: CameraPlace, picture: Picture) -> str:
    opened = place.shown.opened if place.shown is not None else None
    share = 100 * picture.width / opened.width if opened is not None and opened.width else 0.0
    return f"centre 1:1, {share:.0f} % of the width" if share else "centre 1:1"


def _why(view: CameraView) -> Iterator[list[Piece]]:
    """Why there is no picture, in rows that may be wrapped."""
    if view.state == "opening" or (view.state == "live" and view.fault is None):
        yield [("opening…" if view.state == "opening" else "waiting for a picture…", Ink.MUTE)]
        return
    if view.fault is None:
        yield [("not open: it opens when the cursor rests on it", Ink.MUTE)]
        return
    for finding in view.findings[:1]:
        yield from finding_pieces(finding)
    yield []
    if view.retry_s is None:
        yield [("enter", Ink.ACCENT, True), ("  tries again", Ink.MUTE)]
    else:
        yield [(f"tried again every {duration(max(round(view.retry_s), 1))}", Ink.MUTE)]
    yield [("y", Ink.ACCENT, True), ("      copies what to do next", Ink.MUTE)]


def _draw_words(canvas: Canvas, lines: list[list[Piece]]) -> None:
    room = min(canvas.width - 6, 76)
    y = max((canvas.height - len(lines)) // 3, 1)
    for line in lines:
        if len(line) == 2 or not line:
            canvas.pieces(3, y, line, end=canvas.width - 2)
            y += 1
            continue
        text, ink = line[0][0], line[0][1]
        for row in wrapped(text, room, 4):
            canvas.put(3, y, row, ink, end=canvas.width - 2)
            y += 1


def _draw_cells(canvas: Canvas, rows: tuple[tuple[Cell, ...], ...], left: int) -> None:
    top = 1 + max(canvas.height - 2 - len(rows), 0) // 2
    room = canvas.width - 1 - left
    for y, row in enumerate(rows[: canvas.height - 2], top):
        for x, (character, packed) in enumerate(row[:room], left):
            canvas.chars[y][x], canvas.looks[y][x] = character, packed


def _draw_beside(canvas: Canvas, view: CameraView, x: int) -> None:
    end = canvas.width - 2
    for y, row in enumerate(measure_rows(view, end - x)[: canvas.height - 2], 1):
        canvas.pieces(x, y, row, end=end)
