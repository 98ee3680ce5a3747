"""Every key, and whether this terminal draws what the screens are made of."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.commands import COMMANDS, CommandId
from tui.console.glyphs import TierName, glyph_tests
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink

_MERGED: dict[CommandId, tuple[str, str] | None] = {
    "edit": ("e t", "the next start, its target"),
    "target": None,
    "up": ("↑ ↓ j k", "move in a list"),
    "down": None,
    "left": ("← →", "earlier, later"),
    "right": None,
    "far_up": ("pgup end", "ten steps, to an end"),
    "far_down": None,
    "first": None,
    "last": None,
    "pause": ("p h", "pause or resume, hold"),
    "hold": None,
    "chart": ("c tab", "next chart, scenarios"),
    "panel": None,
    "theme": ("l i", "colours, glyphs"),
    "glyphs": None,
    "help": ("? q", "this help, quit"),
    "quit": None,
    "bench": ("1 3 4 5", "bench, cameras, runs, log"),
    "cameras": None,
    "runs": None,
    "log": None,
    "more": ("+ -", "ten percent more, fewer"),
    "fewer": None,
    "narrower": (", .", "narrower, wider time window"),
    "wider": None,
    "delete": ("d u", "delete a run, undo"),
    "undo": None,
    "mouse": ("m ctrl+l", "mouse off, paint all again"),
    "redraw": None,
    "centre": ("z g f o", "1:1, grid, new focus, sound"),
    "grid": None,
    "refocus": None,
    "sound": None,
    "still": ("n v", "snapshot, to /predict"),
    "predict": None,
}
"""Commands that share a row."""
_KEYS, _WORDS = 8, 27


def help_dialog(height: int, tier: TierName = "full") -> Dialog:
    """The keys in two columns; in a low window without the blank line."""
    rows = [
        merged
        for command in COMMANDS
        if (merged := _MERGED.get(command.id, (command.shown, command.brief))) is not None
    ]
    half = (len(rows) + 1) // 2
    keys = [
        [*_row(*rows[number]), *(_row(*rows[half + number]) if half + number < len(rows) else [])]
        for number in range(half)
    ]
    test: list[list[Piece]] = [
        [(f"{name:>8}", Ink.MUTE), (f"  {line}", Ink.P50)] for name, line in glyph_tests(tier)
    ]
    test.append([("          one looks wrong? i, or --glyphs, takes the next", Ink.MUTE)])
    gap: list[list[Piece]] = [[]] if height >= len(keys) + 14 else []
    return Dialog("help", [*keys, *gap, *test], [Choice("", "close")])


def _row(keys: str, words: str) -> list[Piece]:
    return [
        (keys.rjust(_KEYS), Ink.ACCENT, True),
        (f"  {words}".ljust(_WORDS + 2), Ink.TEXT),
    ]
