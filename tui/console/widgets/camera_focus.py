"""How sharp the picture is, against the sharpest it has been: for hands on a lens, from afar."""

from __future__ import annotations

from tui.console.camera_place import CameraPlace
from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.gauge import gauge
from tui.console.widgets.limits import line_width
from tui.core.camera.view import CameraView
from tui.core.format import fixed

BEST_AT = 0.92
"""Where in the bar the best stands, so that it reads as a mark and not as an end."""
_NEAR_BEST = 97.0
_MARK = "┃"
_LEAST_BAR = 10
_WHOLE_FROM = 100.0
"""Energies from here on have no decimals."""


def draw_focus(canvas: Canvas, scene: Scene) -> None:
    """A bar over the whole width; framed where there is room for that."""
    view = scene.camera.shown
    framed = canvas.height >= 3
    if framed:
        canvas.frame([("focus", Ink.MUTE)], _foot(scene.camera))
    left, end, y = (2, canvas.width - 2, 1) if framed else (1, canvas.width - 1, 0)
    if not framed:
        left = canvas.put(left, y, "focus ", Ink.MUTE)
    if view is None or view.quality is None or view.peak_percent is None:
        canvas.pieces(left, y, [(_why_not(view), Ink.MUTE)], end=end)
        return
    words = _words(view, view.peak_percent)
    cells = end - left - line_width(words) - 2
    if cells >= _LEAST_BAR:
        _draw_bar(canvas, left, y, cells, view.peak_percent)
        left += cells + 2
    canvas.pieces(left, y, words, end=end)


def _draw_bar(canvas: Canvas, x: int, y: int, cells: int, percent: float) -> None:
    best = min(round(BEST_AT * cells), cells - 1)
    ink = Ink.PASS if percent >= _NEAR_BEST else Ink.P50
    canvas.pieces(x, y, gauge(cells, percent / 100 * best / cells, ink))
    canvas.put(x + best, y, _MARK, Ink.TEXT, True)


def _words(view: CameraView, percent: float) -> list[Piece]:
    assert view.quality is not None
    near = percent >= _NEAR_BEST
    return [
        (f"{percent:3.0f} %", Ink.PASS if near else Ink.TEXT, True),
        (" of the best", Ink.MUTE),
        (f"  {_energy(view.quality.focus)}", Ink.TEXT),
        (f" / {_energy(view.focus_peak or 0.0)}", Ink.MUTE),
    ]


def _energy(value: float) -> str:
    return fixed(value, 1 if value < _WHOLE_FROM else 0)


def _why_not(view: CameraView | None) -> str:
    if view is None or view.quality is None:
        return "nothing measured yet"
    if view.quality.is_black:
        return "the picture is black"
    return "the picture is too flat to tell: aim at something with edges"


def _foot(place: CameraPlace) -> list[Piece]:
    sound: Piece = ("o sound on", Ink.ACCENT) if place.has_sound else ("o sound", Ink.FAINT)
    return [("f new best · ", Ink.FAINT), sound]
