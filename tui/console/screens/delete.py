"""Before a run is deleted."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.glyphs import VERDICT
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.header import wall_clock
from tui.core.model import Past

DELETE = "delete"


def delete_dialog(past: Past) -> Dialog:
    """Answers DELETE; the focus is on the way out."""
    line: list[Piece] = [(past.scenario, Ink.TEXT, True), (f" on {past.target}", Ink.TEXT)]
    if past.verdict is not None:
        glyph, ink = VERDICT[past.verdict]
        line.append((f"  {glyph} {past.verdict}", ink, True))
    lines: list[list[Piece]] = [
        line,
        [(f"{past.run_id}, {wall_clock(past.started_at, seconds=True)}", Ink.MUTE)],
        [],
        [("Everything that was kept of it goes with the next start.", Ink.TEXT)],
        [("Until then ", Ink.MUTE), ("u", Ink.ACCENT, True), (" takes it back.", Ink.MUTE)],
    ]
    choices = [Choice("", "keep it"), Choice(DELETE, "delete it")]
    return Dialog("delete this run?", lines, choices, ink=Ink.WARN)
