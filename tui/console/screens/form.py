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
        start: str = "",
    ) -> None:
        """`start` is the key of the field with the cursor; else the first one has it."""
        super().__init__(title, lines, choices)
        self._fields = tuple(fields)
        self.values: Values = {field.key: field.value for field in fields}
        self._check = check
        self._trouble = ""
        keys = [field.key for field in fields]
        self._go_to(keys.index(start) if start in keys else 0)

    def _go_to(self, row: int) -> None:
        self._row = row
        """The field with the cursor; behind the last one, the choices."""
        field = self._field
        self._cursor = len(self.values[field.key]) if field else 0
        """Where in a text the next character goes."""
        self._is_whole = field is not None and field.kind == "text" and field.is_short
        """The next character replaces the text: nothing was done to it since the cursor came."""

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """What the keys do on this row."""
        field = self._field
        keys = {
            None: ("← →", "choose"),
            "text": ("a-z 0-9", "replace it" if self._is_whole else "type"),
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
            self._go_to((self._row + steps[key]) % (len(self._fields) + 1))
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
        if field.kind == "text":
            self._edit(field, key, character)
        elif field.kind == "option" and key in ("left", "right", "space"):
            at = field.options.index(value) if value in field.options else 0
            step = -1 if key == "left" else 1
            self._put(field, field.options[(at + step) % len(field.options)])
        elif field.kind == "tick" and key in ("space", "left", "right"):
            self._put(field, UNTICKED if value else TICKED)
        elif field.kind == "tick" and character.isprintable() and self._texts():
            # Text goes where it can go: typed over a tick it would be lost unseen.
            self._go_to(self._texts()[0])
            self._fill(self._fields[self._row], key, character)

    def _put(self, field: Field, value: str) -> None:
        self.values[field.key] = value
        self._trouble = ""

    def _edit(self, field: Field, key: str, character: str) -> None:
        value, at = self.values[field.key], self._cursor
        places = {"left": max(at - 1, 0), "right": min(at + 1, len(value))}
        places |= {"home": 0, "end": len(value)}
        if key in places:
            # Out of a text that would be replaced as one the arrows lead to its ends.
            ends = {"left": 0, "right": len(value)} if self._is_whole else {}
            self._cursor = {**places, **ends}[key]
        elif key == "ctrl+u" or (self._is_whole and key in ("backspace", "delete")):
            self._put(field, "")
            self._cursor = 0
        elif key == "backspace":
            self._put(field, value[: max(at - 1, 0)] + value[at:])
            self._cursor = max(at - 1, 0)
        elif key == "delete":
            self._put(field, value[:at] + value[at + 1 :])
        elif character and character.isprintable():
            before, behind = ("", "") if self._is_whole else (value[:at], value[at:])
            if len(before + behind) < field.most:
                self._put(field, f"{before}{character}{behind}")
                self._cursor = len(before) + 1
        else:
            return
        self._is_whole = False

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
            at = 0 if self._is_whole else self._cursor
            row.append((f"{value[:at]}▏{value[at:]}" if here else value, ink, True))
        return [*row, (f"  {field.hint}" if field.hint else "", Ink.FAINT)]

    def _button_row(self) -> list[Piece]:
        row = super()._button_row()
        return row if self._field is None else [(piece[0], Ink.MUTE) for piece in row]
