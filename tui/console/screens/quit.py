"""Leaving while a run goes on."""

from __future__ import annotations

from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.core.format import short_clock
from tui.core.model import RunView

STOP_AND_QUIT = "stop"


def quit_dialog(run: RunView | None) -> Dialog:
    """The safe answer has the focus."""
    if run is None:
        first = [("A run is being prepared.", Ink.TEXT)]
    else:
        left = f" has {short_clock(run.left_s)} to go."
        first = [(run.facts.scenario.id, Ink.TEXT), (left, Ink.TEXT)]
    rest = "Stopped now, it has no verdict: it counts as INTERRUPTED."
    choices = [
        Choice("", "keep running"),
        Choice(STOP_AND_QUIT, "stop the run and quit"),
    ]
    return Dialog("quit?", [first, [(rest, Ink.MUTE)]], choices)
