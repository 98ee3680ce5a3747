"""A run that could not start: the target is not ready, or something else stands in the way."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.log import wrapped
from tui.core.model import Refusal

AGAIN, ANOTHER, FORCE = "again", "target", "force"
WIDTH = 54
_TITLES = {
    "busy": "another run has the board",
    "input": "the scenario can't run",
    "failed": "the run could not start",
    "internal": "jetproof itself failed",
    "protected": "the target is protected",
    "target-down": "the target is not ready",
}


def _reason(text: str, ink: Ink) -> list[list[Piece]]:
    return [[(row, ink)] for row in wrapped(text, WIDTH, most=6)]


def target_down_dialog(refusal: Refusal) -> Dialog:
    """Ask it again, take another, or go on anyway."""
    lines: list[list[Piece]] = [
        [
            (refusal.target, Ink.TEXT, True),
            (" was asked whether it is ready for load:", Ink.TEXT),
        ],
        [],
        *_reason(refusal.what, Ink.FAIL),
        [],
        [("Nothing was sent but that one question.", Ink.MUTE)],
    ]
    choices = [
        Choice(AGAIN, "probe again"),
        Choice(ANOTHER, "another target", "t"),
        Choice(FORCE, "go on anyway", "f"),
    ]
    return Dialog(_TITLES["target-down"], lines, choices, ink=Ink.FAIL)


def refused_dialog(refusal: Refusal) -> Dialog:
    """Any other reason, in plain words."""
    lines: list[list[Piece]] = [
        [(refusal.scenario, Ink.TEXT, True), (f" on {refusal.target} was not started:", Ink.TEXT)],
        [],
        *_reason(refusal.what, Ink.FAIL),
    ]
    return Dialog(_TITLES[refusal.trouble], lines, [Choice("", "close")], ink=Ink.FAIL)
