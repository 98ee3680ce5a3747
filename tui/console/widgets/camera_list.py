"""The cameras of the site: each in a row, and what to do next about the one under the cursor."""

from __future__ import annotations

from tui.console.camera_place import CameraPlace
from tui.console.cells import Canvas, Piece, width_of
from tui.console.glyphs import CURSOR, GRADE, LEVEL
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.listing import first_shown, foot_of
from tui.core.camera.view import CameraView, Grade
from tui.core.format import count, fixed

_WAS: dict[Grade, str] = {
    "good": ", was good",
    "warn": ", had warnings",
    "fail": ", failed",
    "unknown": "",
}
_MOST_NAME, _RATE, _GRADE = 16, 16, 8
_HOW_TO_ADD = 'none of yours yet: add [cameras.NAME] with source = "…" to config.toml'
_WITH_SOURCES = f'{_HOW_TO_ADD}  ("rtsp://HOST/PATH", "v4l2:/dev/video0", "csi:0")'


def draw_cameras(canvas: Canvas, scene: Scene) -> None:
    """The list."""
    place = scene.camera
    foot = foot_of(len(place.views), place.at) if len(place.views) > 1 else []
    canvas.frame(_title(place), foot, focused=True)
    rows = canvas.height - 3
    if not place.views:
        canvas.put(2, 1, "this engine watches no cameras", Ink.MUTE)
        return
    name = min(max(width_of(view.name) for view in place.views), _MOST_NAME)
    source = min(max(width_of(_source_text(view)) for view in place.views), canvas.width // 2 - 10)
    start = first_shown(place.at, len(place.views), rows)
    for y, view in enumerate(place.views[start : start + rows], 1):
        _draw_row(canvas, y, view, place, (name, source), selected=start + y - 1 == place.at)
    line = _next_line(place, is_long=not scene.is_narrow)
    if place.answer and scene.is_narrow and place.side == "picture":
        line = [(place.answer, Ink.TEXT)]
    canvas.sentence(4, canvas.height - 2, line, end=canvas.width - 2)


def sign_of_camera(view: CameraView) -> tuple[str, Ink]:
    """Its grade, in grey what it was when nobody looks now; a dot where nobody knows."""
    if view.state in ("closed", "opening") and view.fault is None:
        return GRADE[view.was][0], Ink.MUTE
    return GRADE[view.grade]


def _title(place: CameraPlace) -> list[Piece]:
    opened = sum(view.state == "live" for view in place.views)
    title: list[Piece] = [("cameras", Ink.ACCENT, True)]
    return [*title, (f"  {opened} of {len(place.views)} open", Ink.MUTE)] if place.views else title


def _draw_row(
    canvas: Canvas,
    y: int,
    view: CameraView,
    place: CameraPlace,
    widths: tuple[int, int],
    *,
    selected: bool,
) -> None:
    name, source = widths
    if selected:
        canvas.fill(1, y, canvas.width - 2, 1, Ink.SELECT)
        canvas.put(1, y, CURSOR, Ink.ACCENT)
    glyph, ink = sign_of_camera(view)
    canvas.put(2, y, glyph, ink, True)
    canvas.pieces(4, y, [(view.name, Ink.ACCENT if selected else Ink.TEXT, selected)], end=4 + name)
    x, end = 4 + name + 2, canvas.width - 2
    label: list[Piece] = [(f"  {view.source.label}", Ink.WARN)] if view.source.label else []
    canvas.pieces(x, y, [(view.source.text, Ink.MUTE), *label], end=x + source)
    x += source + 2
    if view.fault is not None and view.findings:
        canvas.pieces(x, y, [(view.findings[0].what, Ink.FAIL)], end=end)
        return
    if view.name in place.kept_on:
        end = canvas.right(end, y, "stays on", Ink.ACCENT) - 2
    if view.state != "live":
        words = "opening…" if view.state == "opening" else "not open"
        canvas.pieces(x, y, [(f"{words}{_WAS[view.was]}", Ink.MUTE)], end=end)
        return
    canvas.pieces(x, y, [*_rate(view), (f"  {_grade_word(view)}", ink, True)], end=end)


def _rate(view: CameraView) -> list[Piece]:
    if view.fps_now is None:
        return [("measuring…".rjust(_RATE), Ink.MUTE)]
    figure = fixed(view.fps_now, 1)
    rest = " fps" if view.nominal_fps is None else f" / {view.nominal_fps:.3g} fps"
    return [(figure.rjust(_RATE - len(rest)), Ink.TEXT, True), (rest, Ink.MUTE)]


def _grade_word(view: CameraView) -> str:
    return "" if view.grade == "unknown" else view.grade


def _source_text(view: CameraView) -> str:
    label = view.source.label
    return f"{view.source.text}  {label}" if label else view.source.text


def _next_line(place: CameraPlace, *, is_long: bool) -> list[Piece]:
    """What matters most about the camera under the cursor."""
    view = place.chosen
    if view is None:
        return []
    weighty = [one for one in view.findings if one.level != "info"]
    if view.state == "failed" and weighty:
        return [("next: ", Ink.MUTE), (weighty[0].next, Ink.TEXT, True)]
    if weighty:
        worst = weighty[0]
        glyph, ink = LEVEL[worst.level]
        what: Piece = (worst.what, Ink.TEXT)
        return [(f"{glyph} ", ink, True), what, (f": {worst.next}", Ink.MUTE)]
    if not place.has_own:
        return [(_WITH_SOURCES if is_long else _HOW_TO_ADD, Ink.MUTE)]
    opened = view.opened
    if view.state != "live" or opened is None:
        return []
    rate = "" if view.bitrate_kbps is None else f", {count(view.bitrate_kbps)} kbit/s"
    size = f"{opened.codec} {opened.width}x{opened.height}"
    return [(f"{size}, first picture after {count(opened.first_frame_ms)} ms{rate}", Ink.MUTE)]
