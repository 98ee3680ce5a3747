"""Before a picture leaves the screen: to a file, or to the service."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.screens.confirm import TypedName
from tui.console.screens.dialog import Choice, Dialog
from tui.console.screens.form import Field, Form, Values
from tui.console.theme import Ink
from tui.console.widgets.log import wrapped
from tui.core.camera.view import CameraView
from tui.core.config import Target

STORE, SEND = "store", "send"
WIDTH = 62
MOST_REASON = 120


def still_form(view: CameraView, directory: str) -> Form:
    """Answers STORE; `directory` is where snapshots go."""
    texts = (
        f"The next picture of {view.name} is stored as it is, people on it included, with the "
        "reason beside it.",
        f"It goes to {directory}, for your user alone, and stays until it is purged: "
        "jetproof camera purge.",
    )
    lines: list[list[Piece]] = [
        [(row, Ink.TEXT)] for text in texts for row in wrapped(text, WIDTH, 4)
    ]
    field = Field("reason", "reason", hint="of all snapshots of this sitting", most=MOST_REASON)

    def check(values: Values) -> str:
        return "" if values["reason"].strip() else "say why: it is stored with the picture"

    return Form("snapshot", [field], [Choice(STORE, "store it")], check=check, lines=lines)


def predict_dialog(view: CameraView, target: Target) -> Dialog:
    """The focus is on the safe answer; a protected target asks for its name. See `is_agreed`."""
    where = "the embedded demo" if target.is_demo else target.url
    says = (
        f"The next picture of {view.name} goes there. The service may store it, and what it finds "
        "on it. This is asked once for each target."
    )
    lines: list[list[Piece]] = [
        [("POST /predict", Ink.TEXT, True), (f" of {target.name}, {where}", Ink.TEXT)],
        [],
    ]
    lines += [[(row, Ink.TEXT)] for row in wrapped(says, WIDTH, 4)]
    if target.protected:
        return TypedName(lines, target.name, "send it")
    return Dialog("send a picture", lines, [Choice("", "cancel"), Choice(SEND, "send it")])


def is_agreed(answer: str | None, target: Target) -> bool:
    """Whether the dialog's answer lets a picture go there."""
    return answer == (target.name if target.protected else SEND)
