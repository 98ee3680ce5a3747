"""A dialog with fields to fill in: text, one of several, or a tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.log import wrapped

Values = dict[str, str]
TICKED, UNTICKED = "x", ""
WIDTH = 56


class Field(msgspec.Struct, frozen=True):
    """One line to fill in."""

    key: str
    label: str
    value: str = ""
    kind: Literal["text", "option", "tick"] = "text"
    options: tuple[str, ...] = ()
    """What an option can be."""
    hint: str = ""
    most: int = 60
    """The longest text."""
    is_short: bool = False
    """Typing replaces what stands there, rather than going on behind it."""


class Form(Dialog):
    """Fields above choices: the arrows go through both, enter takes the choice.

    `check` says in one line what is wrong with the values, or nothing; only then it closes.
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        choices: Sequence[Choice],
        *,
        check: Callable[[Values], str],
        lines: Sequence[Sequence[Piece]] = (),
    ) -> None:
        super().__init__(title, lines, choices)
        self._fields = tuple(fields)
        self.values: Values = {field.key: field.value for field in fields}
        self._check = check
        self._row = 0
        """The field with the cursor; behind the last one, the choices."""
        self._trouble = ""
        self._is_fresh = True
        """Nothing was typed since the cursor came to this row."""

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """What the keys do on this row."""
        field = self._field
        keys = {
            None: ("← →", "choose"),
            "text": ("a-z 0-9", "type"),
            "option": ("← →", "change"),
            "tick": ("space", "tick"),
        }
        return (
            keys[field.kind if field else None],
            ("↑ ↓", "move"),
            ("enter", self._choices[self._at].label),
            ("esc", "close"),
        )

    @property
    def _field(self) -> Field | None:
        return self._fields[self._row] if self._row < len(self._fields) else None

    def press(self, key: str, character: str) -> None:
        """Moves, types, or takes the choice."""
        steps = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}
        if key in steps:
            self._row = (self._row + steps[key]) % (len(self._fields) + 1)
            self._is_fresh = True
        elif key == "escape":
            self.dismiss("")
        elif key == "enter":
            self._take()
        elif self._field is None:
            super().press(key, character)
        else:
            self._fill(self._field, key, character)

    def _take(self) -> None:
        self._trouble = self._check(self.values)
        if not self._trouble:
            self.dismiss(self._choices[self._at].answer)

    def _fill(self, field: Field, key: str, character: str) -> None:
        value = self.values[field.key]
        if field.kind == "option" and key in ("left", "right", "space"):
            at = field.options.index(value) if value in field.options else 0
            step = -1 if key == "left" else 1
            value = field.options[(at + step) % len(field.options)]
        elif field.kind == "tick" and key in ("space", "left", "right"):
            value = UNTICKED if value else TICKED
        elif field.kind == "text" and key == "backspace":
            value = value[:-1]
        elif field.kind == "text" and key == "ctrl+u":
            value = ""
        elif field.kind == "tick" and character.isprintable() and self._texts():
            # Text goes where it can go: typed over a tick it would be lost unseen.
            self._row, self._is_fresh = self._texts()[0], True
            return self._fill(self._fields[self._row], key, character)
        elif field.kind == "text" and character and character.isprintable():
            replaces = field.is_short and self._is_fresh
            value = character if replaces else (value + character)[: field.most]
        else:
            return
        self.values[field.key] = value
        self._is_fresh = False
        self._trouble = ""

    def _texts(self) -> list[int]:
        return [number for number, field in enumerate(self._fields) if field.kind == "text"]

    def lines(self) -> list[list[Piece]]:
        """The fields, and a row for what is wrong with them."""
        widest = max(len(field.label) for field in self._fields)
        rows = [self._field_row(number, field, widest) for number, field in enumerate(self._fields)]
        trouble = wrapped(self._trouble, WIDTH, most=2) if self._trouble else []
        wrong: list[list[Piece]] = [[(text, Ink.FAIL, True)] for text in trouble]
        wrong += [[(" " * WIDTH, Ink.FAIL)]] * (2 - len(wrong))
        return [*self._lines, *([[]] if self._lines else []), *rows, [], *wrong]

    def _field_row(self, number: int, field: Field, widest: int) -> list[Piece]:
        here = number == self._row
        value = self.values[field.key]
        row: list[Piece] = [("▌" if here else " ", Ink.ACCENT)]
        label = Ink.ACCENT if here else Ink.MUTE
        if field.kind == "tick":
            row += [
                ("[x] " if value else "[ ] ", Ink.TEXT, True),
                (field.label.ljust(widest + 2), label, here),
            ]
            return [*row, (field.hint, Ink.FAINT)]
        row.append((field.label.ljust(widest + 2), label, here))
        changed = value != field.value
        ink = Ink.WARN if changed else Ink.TEXT
        if field.kind == "option":
            row.append((f"‹ {value} ›" if here else value, ink, True))
        else:
            row.append((f"{value}▏" if here else value, ink, True))
        return [*row, (f"  {field.hint}" if field.hint else "", Ink.FAINT)]

    def _button_row(self) -> list[Piece]:
        row = super()._button_row()
        return row if self._field is None else [(piece[0], Ink.MUTE) for piece in row]
