"""Every key, and whether this terminal draws what the screens are made of."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.commands import COMMANDS
from tui.console.glyphs import TEST_LINE
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink


def help_dialog(height: int) -> Dialog:
    """The keys; in a low window without the blank lines."""
    keys: list[list[Piece]] = [
        [(command.shown.rjust(8), Ink.ACCENT, True), (f"  {command.words}", Ink.TEXT)]
        for command in COMMANDS
    ]
    test: list[list[Piece]] = [
        [("glyphs  ", Ink.MUTE), (TEST_LINE, Ink.P50)],
    ]
    gap: list[list[Piece]] = [[]] if height >= len(keys) + 12 else []
    return Dialog("help", [*keys, *gap, *test], [Choice("", "close")])
