"""A run that could not start: the target is not ready, or something else stands in the way."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.log import wrapped
from tui.core.model import Refusal
from tui.core.outcome import asked_text

AGAIN, ANOTHER, FORCE = "again", "target", "force"

WIDTH = 54
_TITLES = {
    "busy": "another run has the board",
    "input": "the scenario can't run",
    "failed": "the run could not start",
    "internal": "jetproof itself failed",
    "protected": "the target is protected",
    "precondition": "this may be too much",
    "hot": "the board is too hot",
    "target-down": "the target is not ready",
}


def _reason(text: str, ink: Ink) -> list[list[Piece]]:
    return [[(row, ink)] for row in wrapped(text, WIDTH, most=6)]


class Refused(Dialog):
    """Says what stood in the way; `y` copies that, to be handed on."""

    reason = ""

    @property
    def copied(self) -> str:
        """The reason, with what it was that did not start."""
        return self.reason


def _refused(refusal: Refusal, lines: list[list[Piece]], choices: list[Choice]) -> Dialog:
    dialog = Refused(_TITLES[refusal.trouble], lines, [*choices], ink=Ink.FAIL)
    dialog.reason = f"{asked_text(refusal.scenario, refusal.target)}: {refusal.what}"
    return dialog


def unready_dialog(refusal: Refusal) -> Dialog:
    """Ask it again, take another, or go on anyway."""
    if refusal.trouble == "precondition":
        about: list[list[Piece]] = [
            [(refusal.scenario, Ink.TEXT, True), (" was not started:", Ink.TEXT)],
            [],
            *_reason(refusal.what, Ink.WARN),
        ]
        return _refused(
            refusal, about, [Choice("", "leave it"), Choice(FORCE, "go on anyway", "f")]
        )
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
    return _refused(refusal, lines, choices)


def refused_dialog(refusal: Refusal) -> Dialog:
    """Any other reason, in plain words."""
    where = f" on {refusal.target}" if refusal.target else ""
    lines: list[list[Piece]] = [
        [(refusal.scenario, Ink.TEXT, True), (f"{where} was not started:", Ink.TEXT)],
        [],
        *_reason(refusal.what, Ink.FAIL),
    ]
    return _refused(refusal, lines, [Choice("", "close")])
