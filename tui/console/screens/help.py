"""Every key, and whether this terminal draws what the screens are made of."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.commands import COMMANDS
from tui.console.glyphs import TEST_LINE
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink

_MERGED = ("up", "down", "more", "fewer", "mouse", "redraw")


def help_dialog(height: int) -> Dialog:
    """The keys; in a low window without the blank line."""
    rows = [
        ("↑ ↓ j k", "Move in the list, the table or the log"),
        *((command.shown, command.words) for command in COMMANDS if command.id not in _MERGED),
    ]
    at = next(y for y, (shown, _) in enumerate(rows) if shown == "t")
    rows.insert(len(rows) - 3, ("m ctrl+l", "Leave the mouse to the terminal · paint all again"))
    rows.insert(at, ("+ -", "Ten percent more or fewer users"))
    keys: list[list[Piece]] = [
        [(shown.rjust(8), Ink.ACCENT, True), (f"  {words}", Ink.TEXT)] for shown, words in rows
    ]
    test: list[list[Piece]] = [
        [("  glyphs", Ink.MUTE), (f"  {TEST_LINE}", Ink.P50)],
        [("          if one of them looks wrong, try the font DejaVu Sans Mono", Ink.MUTE)],
    ]
    gap: list[list[Piece]] = [[]] if height >= len(keys) + 14 else []
    return Dialog("help", [*keys, *gap, *test], [Choice("", "close")])
