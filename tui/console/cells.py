"""A screenful of cells: drawn by pure functions, compared, and only the difference repainted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

from tui.console.glyphs import FULL, Tier
from tui.console.theme import GROUND_MASK, Ink, ThemeName, look

Piece = tuple[str, Ink] | tuple[str, Ink, bool]
"""Text, its ink, and whether it is bold."""

# Moving the cursor and setting a colour costs about this many bytes.
BRIDGED_GAP = 6


_width = lru_cache(maxsize=4096)(get_character_cell_size)


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    """The character as it may stand in a cell; empty for what a terminal would obey or lose."""
    if unicodedata.category(character)[0] in "CZM" and character != " ":
        return " " if unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc") else ""
    return character if get_character_cell_size(character) else ""


def clean(text: str) -> str:
    """Text from anywhere, without control characters, marks without width, or direction tricks."""
    return text if text.isascii() and text.isprintable() else _cleaned(text)


@lru_cache(maxsize=4096)
def _cleaned(text: str) -> str:
    return "".join(map(_shown, text))


def width_of(text: str) -> int:
    """How many cells clean text takes."""
    return len(text) if text.isascii() else cell_len(text)


def crop(text: str, width: int) -> str:
    """At most `width` cells, the last an ellipsis if something was cut."""
    text = clean(text)
    if width_of(text) <= width:
        return text
    kept, used = "", 0
    for character in text:
        size = get_character_cell_size(character)
        if used + size > width - 1:
            break
        kept, used = kept + character, used + size
    return kept + "…" if width > 0 else ""


def crop_words(text: str, width: int) -> str:
    """The same, cut behind a word; within a word only where that would leave less than half."""
    text = clean(text)
    cut = crop(text, width)
    if cut == text or not cut:
        return cut
    words = cut[:-1].split(" ")
    if not text[len(cut) - 1 :].startswith(" "):
        words.pop()
    # What is left of `2 000 ms` is another figure.
    while words and (not words[-1] or words[-1][-1].isdigit()):
        words.pop()
    kept = " ".join(words).rstrip(" ,;:")
    return f"{kept}…" if width_of(kept) * 2 >= width else cut


class Canvas:
    """A grid of characters and looks. What falls outside is cut off, never an error.

    It is drawn in the full set of glyphs, and in inks; `tier` and `theme` are for what is drawn
    otherwise in a poorer set, or in fewer colours.
    """

    def __init__(
        self,
        width: int,
        height: int,
        ground: Ink = Ink.BG,
        *,
        tier: Tier = FULL,
        theme: ThemeName = "dark",
    ) -> None:
        self.width = width
        self.height = height
        self.tier = tier
        self.theme: ThemeName = theme
        blank = look(Ink.TEXT, ground)
        self.chars = [[" "] * width for _ in range(height)]
        self.looks = [[blank] * width for _ in range(height)]

    def put(
        self,
        x: int,
        y: int,
        text: str,
        ink: Ink = Ink.TEXT,
        bold: bool = False,
        *,
        ground: Ink | None = None,
        end: int | None = None,
    ) -> int:
        """Write text and return the column behind it; `end` is the first column not to touch."""
        end = self.width if end is None else min(end, self.width)
        if not 0 <= y < self.height:
            return x
        chars, looks = self.chars[y], self.looks[y]
        packed = look(ink, Ink.BG if ground is None else ground, bold)
        for character in clean(text):
            # Everything before Hangul is one cell wide, and asking costs more than drawing.
            size = 1 if character < "\u1100" else _width(character)
            if x + size > end:
                break
            if x >= 0:
                if ground is None:
                    packed = packed & ~GROUND_MASK | looks[x] & GROUND_MASK
                chars[x], looks[x] = character, packed
                if size == 2:
                    # The second half of a wide character is an empty cell.
                    chars[x + 1], looks[x + 1] = "", packed
            x += size
        return x

    def pieces(self, x: int, y: int, pieces: Iterable[Piece], *, end: int | None = None) -> int:
        """Write one piece behind the other; what does not fit ends in an ellipsis."""
        end = self.width if end is None else min(end, self.width)
        for piece in pieces:
            bold = len(piece) == 3 and bool(piece[2])
            x = self.put(x, y, crop(piece[0], end - x), piece[1], bold, end=end)
        return x

    def sentence(self, x: int, y: int, pieces: Sequence[Piece], *, end: int) -> int:
        """The same, but what does not fit is cut behind a word."""
        text = "".join(clean(piece[0]) for piece in pieces)
        shown = crop_words(text, end - x)
        if shown == text:
            return self.pieces(x, y, pieces, end=end)
        kept, left = shown.removesuffix("…"), [*pieces]
        while kept and left:
            piece = left.pop(0)
            bold = len(piece) == 3 and bool(piece[2])
            part = clean(piece[0])[: len(kept)]
            x, kept = self.put(x, y, part, piece[1], bold, end=end), kept[len(part) :]
        return self.put(x, y, "…", Ink.MUTE, end=end)

    def right(self, end: int, y: int, text: str, ink: Ink = Ink.TEXT, bold: bool = False) -> int:
        """Write text so that it ends before column `end`; returns where it starts."""
        start = end - width_of(clean(text))
        self.put(start, y, text, ink, bold)
        return start

    def fill(self, x: int, y: int, width: int, height: int, ground: Ink) -> None:
        """Blank a rectangle in another ground."""
        blank = look(Ink.TEXT, ground)
        for row in range(max(y, 0), min(y + height, self.height)):
            for column in range(max(x, 0), min(x + width, self.width)):
                self.chars[row][column], self.looks[row][column] = " ", blank

    def frame(
        self,
        title: Sequence[Piece],
        foot: Sequence[Piece] = (),
        *,
        focused: bool = False,
        border: Ink = Ink.LINE,
    ) -> None:
        """A round border along the edge, a title in it, and a foot at its lower right."""
        if self.width < 4 or self.height < 2:
            return
        line = Ink.ACCENT if focused else border
        inner = self.width - 2
        self.put(0, 0, "╭" + "─" * inner + "╮", line)
        self.put(0, self.height - 1, "╰" + "─" * inner + "╯", line)
        for y in range(1, self.height - 1):
            self.put(0, y, "│", line)
            self.put(self.width - 1, y, "│", line)
        if title:
            x = self.pieces(2, 0, [(" ", line), *title], end=self.width - 3)
            self.put(x, 0, " ", line)
        size = sum(width_of(clean(piece[0])) for piece in foot)
        if foot and size <= inner - 6:
            x = self.width - 4 - size
            x = self.pieces(x, self.height - 1, [(" ", line), *foot])
            self.put(x, self.height - 1, " ", line)

    def row(self, y: int) -> str:
        """One row as text."""
        return "".join(self.chars[y])

    def text(self) -> str:
        """All rows as text, without the blanks at their ends."""
        return "\n".join(self.row(y).rstrip() for y in range(self.height))


def changed(old: Canvas, new: Canvas) -> list[tuple[int, int, int]]:
    """Spans `(row, first column, column behind)` that differ. Both have the same size."""
    spans = []
    for y in range(new.height):
        before, after = old.chars[y], new.chars[y]
        looked, looks = old.looks[y], new.looks[y]
        if before == after and looked == looks:
            continue
        start = behind = -1
        for x in range(new.width):
            if before[x] == after[x] and looked[x] == looks[x]:
                continue
            if start >= 0 and x - behind > BRIDGED_GAP:
                spans.append((y, start, behind))
                start = x
            elif start < 0:
                start = x
            behind = x + 1
        spans.append((y, start, behind))
    return [_whole(old, new, span) for span in spans]


def _whole(old: Canvas, new: Canvas, span: tuple[int, int, int]) -> tuple[int, int, int]:
    """The span widened so that it cuts no wide character in half."""
    y, start, behind = span
    for canvas in (old, new):
        row = canvas.chars[y]
        while start > 0 and row[start] == "":
            start -= 1
        while behind < canvas.width and row[behind] == "":
            behind += 1
    return y, start, behind
