"""The cameras of a run on the Bench: a row for each, and beneath it what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas, Piece, clean, width_of
from tui.console.glyphs import GRADE, LEVEL
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped
from tui.console.widgets.plot import table_foot
from tui.core.camera.verdict import findings_in
from tui.core.camera.view import CameraView
from tui.core.format import count, counted, fixed
from tui.core.limits import LimitState

Row = list[Piece]
LEAST_NAME, MOST_NAME = 8, 16
RATE = 14
"""`29.97 / 30 fps`."""


def draw_watched(canvas: Canvas, scene: Scene) -> None:
    """Before a run what will stand here; then the cameras, as far as there are rows."""
    run = scene.run
    cameras = run.cameras if run is not None else ()
    thresholds = run.thresholds if run is not None else ()
    rows = watched_rows(cameras, thresholds, canvas.width - 4)
    room = max(canvas.height - 2, 0)
    hidden = max(len(rows) - room, 0)
    start = min(scene.scrolled("endpoints"), hidden)
    foot: Row = [(f"{hidden} more", Ink.FAINT)] if hidden else []
    foot = table_foot(scene, foot)
    live = sum(camera.state == "live" for camera in cameras)
    focused = scene.panel == "endpoints" and not scene.is_narrow
    title: Row = [("cameras", Ink.ACCENT if focused else Ink.MUTE, focused)]
    if cameras:
        title.append((f"  {live} of {len(cameras)} deliver", Ink.MUTE))
    canvas.frame(title, foot, focused=focused)
    if not cameras:
        canvas.put(2, 1, "each camera has its row here", Ink.FAINT, end=canvas.width - 1)
    for y, row in enumerate(rows[start : start + room], 1):
        canvas.pieces(2, y, row, end=canvas.width - 1)


def watched_rows(
    cameras: Sequence[CameraView], thresholds: Sequence[LimitState], width: int
) -> list[Row]:
    """All of them, `width` cells wide."""
    widest = max((width_of(clean(each.name)) for each in cameras), default=0)
    name = min(max(widest, LEAST_NAME), MOST_NAME)
    return [row for each in cameras for row in _rows(each, thresholds, name, width)]


def _rows(camera: CameraView, thresholds: Sequence[LimitState], name: int, width: int) -> list[Row]:
    glyph, ink = GRADE[camera.grade]
    head: Row = [
        (f"{glyph} ", ink, True),
        (f"{clean(camera.name):<{name}.{name}} ", Ink.TEXT, True),
    ]
    if camera.source.label:
        head.append((f"{camera.source.label}  ", Ink.WARN))
    figures = _figures(camera)
    while len(figures) > 1 and line_width([*head, *_joined(figures)]) > width:
        figures.pop()
    rows = [[*head, *_joined(figures)]]
    for one in findings_in(camera, thresholds):
        if one.level != "info":
            sign, ink = LEVEL[one.level]
            rows += _wrapped(f"{sign} {one.what}", ink, width)
            rows += _wrapped(f"next: {one.next}", Ink.MUTE, width) if one.next else []
    return rows


def _figures(camera: CameraView) -> list[Row]:
    """The weightiest first: a narrow panel has room for some of them."""
    if camera.state != "live" and not camera.frames:
        words = {"opening": "being opened", "failed": "no picture"}
        return [[(words.get(camera.state, "not open"), Ink.MUTE)]]
    fps = "–" if camera.fps is None else fixed(camera.fps, 2)
    nominal = f" / {camera.nominal_fps:.3g} fps" if camera.nominal_fps else " fps"
    found: list[Row] = [[(f"{fps:>{RATE - len(nominal)}}", Ink.TEXT, True), (nominal, Ink.MUTE)]]
    if camera.dropped is not None:
        lost = Ink.WARN if camera.dropped else Ink.MUTE
        found.append([(f"{count(camera.dropped)} missing", lost)])
    if camera.interval_p95_ms is not None:
        found.append([("p95 ", Ink.MUTE), (f"{fixed(camera.interval_p95_ms)} ms", Ink.TEXT)])
    if camera.opened is not None:
        first = count(camera.opened.first_frame_ms)
        found.append([("first ", Ink.MUTE), (f"{first} ms", Ink.TEXT)])
    if camera.outages:
        found.append([(counted(camera.outages, "outage"), Ink.FAIL, True)])
    if camera.quality is not None:
        found.append([("light ", Ink.MUTE), (fixed(camera.quality.brightness), Ink.TEXT)])
        found.append([("noise ", Ink.MUTE), (fixed(camera.quality.noise, 1), Ink.TEXT)])
    return found


def _joined(figures: Sequence[Row]) -> Row:
    return [piece for row in figures for piece in ([*row, ("  ", Ink.MUTE)])]


def _wrapped(text: str, ink: Ink, width: int) -> list[Row]:
    return [[(f"  {row}", ink)] for row in wrapped(text, width - 2)]
