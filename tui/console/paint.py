"""What Textual 8.2.8 wants on the screen, sent as the difference to what is there.

Its partial repaint crops a changed span from the widget's left edge, so that an inner span costs
its whole row up to it, and opening or closing a dialog paints the whole screen twice. Here every
repaint is compared with the cells that the terminal shows, as curses does.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from weakref import WeakKeyDictionary

import textual
from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

MENDED_VERSION = "8.2.8"
# Moving the cursor costs as many bytes as this many cells.
BRIDGED_GAP = 6

Cell = tuple[str, str]
"""A character and its colours; an empty character is the second half of a wide one."""
_UNKNOWN: Cell = ("\0", "")
_width = lru_cache(maxsize=4096)(get_character_cell_size)


class Painted:
    """The cells that a terminal shows, as far as we know."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell]] = {}

    def forget(self) -> None:
        """The terminal may show anything: the next painting sends everything."""
        self._rows.clear()

    def render(self, update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
        """The bytes that bring the terminal to what `update` wants."""
        system = console._color_system or ColorSystem.TRUECOLOR
        parts: list[str] = []
        at, colours = (-1, -1), "?"
        for y, left, strip in _pieces(update):
            cells = _cells(strip, system)
            shown = self._row(y, left + len(cells))
            for first, behind in _spans(shown[left : left + len(cells)], cells):
                if at != (y, left + first):
                    parts.append(f"\x1b[{y + 1};{left + first + 1}H")
                for character, wanted in cells[first:behind]:
                    if wanted != colours:
                        colours = wanted
                        parts.append(f"\x1b[0;{wanted}m" if wanted else "\x1b[0m")
                    parts.append(character)
                at = (y, left + behind)
            shown[left : left + len(cells)] = cells
        if parts:
            parts.append("\x1b[0m")
        return "".join(parts)

    def _row(self, y: int, width: int) -> list[Cell]:
        row = self._rows.setdefault(y, [])
        row.extend([_UNKNOWN] * (width - len(row)))
        return row


def _pieces(update: ChopsUpdate | LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    """`(row, column, strip)` for everything that the update paints, cropped to its spans."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            yield y, update.region.x, Strip.join(list(line))
        return
    for y, first, behind in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= behind or end <= first:
                continue
            left, right = max(x, first), min(end, behind)
            yield y, left, strip if (left, right) == (x, end) else strip.crop(left - x, right - x)


def _cells(strip: Strip, system: ColorSystem) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        colours = Strip.render_ansi(style, system) if style else ""
        for character in text:
            cells.append((character, colours))
            if character >= "\u1100" and _width(character) == 2:
                cells.append(("", colours))
    return cells


def _spans(shown: list[Cell], wanted: list[Cell]) -> list[tuple[int, int]]:
    """Where they differ, near ones joined, no wide character cut in half."""
    spans: list[tuple[int, int]] = []
    if shown == wanted:
        return spans
    for x, (before, after) in enumerate(zip(shown, wanted, strict=True)):
        if before == after:
            continue
        if spans and x - spans[-1][1] <= BRIDGED_GAP:
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return [_whole(wanted, *span) for span in spans]


def _whole(wanted: list[Cell], first: int, behind: int) -> tuple[int, int]:
    while first > 0 and wanted[first][0] == "":
        first -= 1
    while behind < len(wanted) and wanted[behind][0] == "":
        behind += 1
    return first, behind


_TERMINALS: WeakKeyDictionary[Console, Painted] = WeakKeyDictionary()


def remember(console: Console) -> Painted:
    """Compare what goes to this console's terminal with what it shows."""
    return _TERMINALS.setdefault(console, Painted())


def _render_segments(update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
    painted = _TERMINALS.get(console)
    return (painted if painted is not None else Painted()).render(update, console)


def mend() -> bool:
    """Install it if this is the version that it was written for."""
    if textual.__version__ != MENDED_VERSION:
        return False
    ChopsUpdate.render_segments = _render_segments  # type: ignore[method-assign, assignment]
    LayoutUpdate.render_segments = _render_segments  # type: ignore[method-assign, assignment]
    return True
