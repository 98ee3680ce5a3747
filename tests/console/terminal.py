"""A terminal small enough to trust: cursor, colours, characters."""

from __future__ import annotations

import re

from rich.cells import get_character_cell_size

_TOKEN = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|(\n)|([^\x1b\n])")


class Terminal:
    """Cells of `(character, colours)`."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[(" ", "")] * width for _ in range(height)]
        self._x = self._y = 0
        self._look: tuple[str, ...] = ()

    def feed(self, data: str) -> None:
        """Obey the bytes; what it does not know is an error."""
        at = 0
        while at < len(data):
            match = _TOKEN.match(data, at)
            assert match is not None, f"unknown sequence: {data[at : at + 20]!r}"
            at = match.end()
            row, column, colours, newline, character = match.groups()
            if row:
                self._y, self._x = int(row) - 1, int(column) - 1
            elif colours is not None:
                self._colour(colours)
            elif newline:
                self._x, self._y = 0, self._y + 1
            else:
                self._print(character)

    def _colour(self, codes: str) -> None:
        # Codes are kept as they came since the last reset: equal styles write equal codes.
        parts = codes.split(";") if codes else ["0"]
        if parts[0] in ("0", ""):
            self._look, parts = (), parts[1:]
        self._look = (*self._look, *parts)

    def _print(self, character: str) -> None:
        look = ";".join(self._look)
        self.cells[self._y][self._x] = (character, look)
        size = get_character_cell_size(character)
        if size == 2:
            self.cells[self._y][self._x + 1] = ("", look)
        self._x += size
