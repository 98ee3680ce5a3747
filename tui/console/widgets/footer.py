"""The last row: keys that work now."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.commands import footer_commands
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width


def draw_footer(canvas: Canvas, scene: Scene) -> None:
    """What this moment offers at the left, what always works at the right."""
    left, right = footer_commands(scene)
    pieces = [_pieces(keys, label) for keys, label in right]
    # The words at the right give way first.
    while len(left) > 1 and _width(left) + _width(right) + 4 > canvas.width:
        if any(label for _, label in right):
            right = [(keys, "") for keys, _ in right]
        else:
            left = left[:-1]
    pieces = [_pieces(keys, label) for keys, label in right]
    x = canvas.width - 1 - sum(map(line_width, pieces)) - 2 * (len(pieces) - 1)
    for item in pieces:
        x = canvas.pieces(x, 0, item) + 2
    x = 1
    for keys, label in left:
        x = canvas.pieces(x, 0, _pieces(keys, label)) + 2


def _pieces(keys: str, label: str) -> list[Piece]:
    return [(keys, Ink.ACCENT, True), (f" {label}" if label else "", Ink.MUTE)]


def _width(entries: list[tuple[str, str]]) -> int:
    return sum(len(keys) + len(label) + 3 for keys, label in entries)
