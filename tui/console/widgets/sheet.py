"""Rows of a panel that may be longer than it is high, and the one that must be in sight."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.cells import Piece, crop, width_of
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped

Row = list[Piece]


class Sheet(msgspec.Struct, frozen=True):
    """Rows from top to bottom."""

    rows: Sequence[Row]
    at: int | None = None
    """The one that somebody looks for: what goes on, or what failed; None: the first."""

    def start(self, room: int, scrolled: int | None) -> int:
        """The first row of `room` that is shown; `scrolled`: where somebody scrolled to."""
        most = max(len(self.rows) - room, 0)
        if scrolled is not None:
            return min(scrolled, most)
        # What is told of a row stands beneath it.
        return min(max((self.at or 0) - room // 3, 0), most)


def fitted(text: str, width: int) -> str:
    """The text in exactly so many cells."""
    text = crop(text, width)
    return text + " " * (width - width_of(text))


def padded(row: Row, width: int) -> Row:
    """The row with blanks behind it; it is no wider than that."""
    return [*row, (" " * max(width - line_width(row), 0), Ink.MUTE)]


def flush(row: Row, right: Piece, width: int) -> Row:
    """The row, and `right` at the end of its `width` cells."""
    return [*padded(row, width - line_width([right])), right]


def wrapped_rows(text: str, head: Piece, ink: Ink, width: int, most: int = 3) -> list[Row]:
    """The text behind `head`, its later rows indented as far, `most` in all."""
    indent = line_width([head])
    first, *rest = wrapped(text, max(width - indent, 1), most)
    rows: list[Row] = [[head, (first, ink)]]
    return rows + [[(" " * indent + row, ink)] for row in rest]
