"""The last row: keys that work now, or what was just done."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.footers import Entries, footer_commands
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width


def draw_footer(canvas: Canvas, scene: Scene) -> None:
    """What this moment offers at the left, what always works at the right."""
    left, right = footer_commands(scene)
    # What the next key would do matters more than what was just done.
    if scene.notice and not scene.armed:
        sign: Piece = ("! ", Ink.WARN, True) if scene.is_bad_notice else ("✓ ", Ink.PASS, True)
        canvas.pieces(1, 0, [sign, (scene.notice, Ink.TEXT)], end=canvas.width - 1)
        return
    # The words at the right give way first.
    while len(left) > 1 and _width(left) + _width(right) + 1 > canvas.width:
        if any(label for _, label in right):
            right = [(keys, "") for keys, _ in right]
        else:
            left = left[:-1]
    x = canvas.width + 1 - _width(right)
    for keys, label in right:
        x = canvas.pieces(x, 0, _pieces(keys, label)) + 2
    x = 1
    for keys, label in left:
        x = canvas.pieces(x, 0, _pieces(keys, label)) + 2


def _pieces(keys: str, label: str) -> list[Piece]:
    return [(keys, Ink.ACCENT, True), (f" {label}" if label else "", Ink.MUTE)]


def _width(entries: Entries) -> int:
    """Cells that these take, two blanks behind each."""
    return sum(line_width(_pieces(keys, label)) + 2 for keys, label in entries)
