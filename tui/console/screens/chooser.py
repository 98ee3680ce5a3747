"""A dialog with a list that scrolls: a row is opened, copied, or only read."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece
from tui.console.screens.dialog import STRIP_BOTTOM, Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.listing import first_shown

_FRAME_ROWS = 6
"""Border, blank rows and choices of the box."""


class Chooser(Dialog):
    """Answers with the number of the row that enter was pressed on; empty for none."""

    def __init__(
        self,
        title: str,
        rows: Sequence[Sequence[Piece]],
        *,
        enter: str,
        copies: Sequence[str] = (),
        at: int = 0,
    ) -> None:
        super().__init__(title, [], [Choice("", "close")])
        self._rows = [list(row) for row in rows]
        self._enter = enter
        self._copies = tuple(copies)
        self._row = at

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """The rows stand one below the other."""
        copy = (("y", "copy"),) if self._copies else ()
        return (("↑ ↓", "choose"), ("enter", self._enter), *copy, ("esc", "close"))

    @property
    def copied(self) -> str:
        """The row as text."""
        return self._copies[self._row] if self._copies else ""

    def press(self, key: str, character: str) -> None:
        """The arrows, j and k, pages and ends; enter opens."""
        key = {"j": "down", "k": "up"}.get(character, key)
        steps = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -9999, "end": 9999}
        if key in steps:
            self._row = min(max(self._row + steps[key], 0), len(self._rows) - 1)
        elif key == "enter":
            self.dismiss(str(self._row))
        else:
            super().press(key, character)

    def lines(self) -> list[list[Piece]]:
        """As many rows as there is room for, the cursor among them."""
        room = max(self.app.size.height - STRIP_BOTTOM - 1 - _FRAME_ROWS, 3)
        start = first_shown(self._row, len(self._rows), room)
        shown: list[list[Piece]] = []
        for number, row in enumerate(self._rows[start : start + room], start):
            here = number == self._row
            first: Piece = ("▌" if here else " ", Ink.ACCENT)
            shown.append([first, *(self._lit(piece) if here else piece for piece in row)])
        return shown

    @staticmethod
    def _lit(piece: Piece) -> Piece:
        return (piece[0], Ink.ACCENT, True) if piece[1] is Ink.TEXT else piece

    def _button_row(self) -> list[Piece]:
        text = f"{self._row + 1} of {len(self._rows)}"
        return [
            (f" {text}   ", Ink.FAINT),
            ("enter", Ink.ACCENT, True),
            (f" {self._enter}", Ink.MUTE),
        ]
