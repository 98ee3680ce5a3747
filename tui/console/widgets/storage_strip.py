"""What the verdict strip says of a benchmark of storage: how far it is."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.theme import Ink
from tui.core.storage.fold import share_done, standing_text
from tui.core.storage.view import StorageView

Row = list[Piece]


def cells_done(view: StorageView, width: int) -> Row:
    """In the place of the time that it takes: nobody knows how quick a place is."""
    done = round(share_done(view) * width)
    return [("━" * done, Ink.ACCENT), ("─" * (width - done), Ink.LINE)]


def cells_line(view: StorageView) -> Row:
    """`cell 7 of 24`."""
    return [(standing_text(view), Ink.TEXT)]
