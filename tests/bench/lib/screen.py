"""What a terminal would show, from the bytes that it is sent: as much of it as Textual uses."""

from __future__ import annotations

import codecs
import re

from rich.cells import cell_len

_PIECE = re.compile(
    r"\x1b\[(?P<args>[0-9;?<>=]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[P_^X][^\x1b]*\x1b\\"
    r"|\x1b[()][A-Z0-9]"
    r"|\x1b[^\[\]P_^X()]"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f])"
    r"|(?P<text>[^\x00-\x1f]+)"
)


class Screen:
    """A grid of characters; colours are not kept."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns = columns
        self._rows = rows
        self._cells = [[" "] * columns for _ in range(rows)]
        self._x = self._y = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""

    def feed(self, data: bytes) -> None:
        """The next bytes; a sequence may be torn between two calls."""
        text = self._pending + self._decoder.decode(data)
        at = 0
        while at < len(text):
            match = _PIECE.match(text, at)
            if match is None:
                break
            at = match.end()
            if match["final"]:
                self._control(match["args"], match["final"])
            elif match["text"]:
                self._write(match["text"])
            elif match["control"]:
                self._move(match["control"])
        self._pending = text[at:]

    def text(self) -> str:
        """All rows."""
        return "\n".join("".join(row) for row in list(self._cells))

    def _control(self, args: str, final: str) -> None:
        numbers = [int(part) if part.isdigit() else 0 for part in args.split(";")]
        if final in "Hf":
            column = numbers[1] if len(numbers) > 1 else 1
            self._y = min(max(numbers[0], 1), self._rows) - 1
            self._x = min(max(column, 1), self._columns) - 1
        elif final == "J" and numbers[0] in (2, 3):
            self._cells = [[" "] * self._columns for _ in range(self._rows)]
        elif final == "K":
            self._cells[self._y][self._x :] = [" "] * (self._columns - self._x)

    def _move(self, control: str) -> None:
        if control == "\r":
            self._x = 0
        elif control == "\n":
            self._y = min(self._y + 1, self._rows - 1)
        elif control == "\b":
            self._x = max(self._x - 1, 0)

    def _write(self, text: str) -> None:
        row = self._cells[self._y]
        for character in text:
            width = cell_len(character)
            if self._x + width <= self._columns and width:
                row[self._x : self._x + width] = [character, *[""] * (width - 1)]
            self._x += width
