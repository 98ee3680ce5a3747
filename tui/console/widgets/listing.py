"""What lists have in common: how far they are scrolled, what they are called, how long they are."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.theme import Ink
from tui.core.format import count


def first_shown(at: int, size: int, rows: int) -> int:
    """How far a list is scrolled: the cursor in its middle, except near its ends."""
    return max(min(at - rows // 2, size - rows), 0)


def list_title(name: str, find: str, *, is_typing: bool) -> list[Piece]:
    """`runs`, and what was typed to find some of them."""
    title: list[Piece] = [(name, Ink.ACCENT, True)]
    if is_typing:
        return [*title, ("  find ", Ink.MUTE), (f"{find}▏", Ink.ACCENT, True)]
    return [*title, (f"  with {find}", Ink.WARN)] if find else title


def foot_of(size: int, at: int) -> list[Piece]:
    """`3 of 128`."""
    return [(f"{count(at + 1)} of {count(size)}", Ink.FAINT)] if size else []
