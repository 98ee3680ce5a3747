"""`r`: the forms a report is written in, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.screens.form import TICKED, Field, Form, Values
from tui.console.theme import Ink
from tui.console.widgets.log import wrapped
from tui.core.format import counted

WRITE = "write"
WIDTH = 66
FIRST = ("html", "json")
"""Ticked at first, where there are such forms."""
_HINTS = {
    "html": "one page to open and to hand on",
    "json": "for programs, by a published schema",
    "csv": "figures, course and samples as tables",
    "junit": "for the test view of a CI server",
    "md": "to paste into a ticket",
    "txt": "the summary, as in a terminal",
}


def export_form(run_id: str, forms: Sequence[str], directory: Path) -> Form:
    """Answers WRITE."""
    ticked = [form for form in forms if form in FIRST] or list(forms[:1])
    fields = [
        Field(form, form, TICKED if form in ticked else "", "tick", hint=_HINTS.get(form, ""))
        for form in forms
    ]
    fields.append(Field("directory", "directory", str(directory), most=200, is_short=True))

    def check(values: Values) -> str:
        if not chosen_forms(forms, values):
            return "tick at least one form with space"
        return "" if values["directory"].strip() else "the directory has no name"

    lines: list[list[Piece]] = [[("run ", Ink.MUTE), (run_id, Ink.TEXT, True)]]
    return Form("report", fields, [Choice(WRITE, "write")], check=check, lines=lines)


def chosen_forms(forms: Sequence[str], values: Values) -> list[str]:
    """Those that are ticked."""
    return [form for form in forms if values.get(form)]


def directory_of(values: Values) -> Path:
    """Where the files go."""
    return Path(values["directory"].strip()).expanduser().absolute()


class Written(Dialog):
    """What was written, with its path."""

    def __init__(self, files: Sequence[Path]) -> None:
        lines: list[list[Piece]] = [
            [("✓ ", Ink.PASS, True), (f"{counted(len(files), 'file')} written", Ink.TEXT, True)],
            [],
        ]
        for file in files:
            lines += [[(row, Ink.TEXT)] for row in wrapped(str(file), WIDTH, most=3)]
        super().__init__("report", lines[:14], [Choice("", "close")])
        self._files = tuple(files)

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """The paths can be copied."""
        return (("enter esc", "close"), ("y", "copy the paths"))

    @property
    def copied(self) -> str:
        """A path on each line."""
        return "\n".join(str(file) for file in self._files)


def not_written_dialog(trouble: str) -> Dialog:
    """Why nothing was written."""
    lines: list[list[Piece]] = [[(row, Ink.FAIL)] for row in wrapped(trouble, WIDTH, most=6)]
    return Dialog("the report was not written", lines, [Choice("", "close")], ink=Ink.FAIL)
