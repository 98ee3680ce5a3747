"""A small picture as character cells: in 256 colours, in greys of sixteen, or in plain letters."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Literal

from tui.console.theme import Ink, ThemeName, look, pixels
from tui.core.camera.pixels import UPPER, Pixel, index_of, letter, luma, mean, pixel_rows
from tui.core.camera.view import Picture

Way = Literal["blocks", "grounds", "grey blocks", "grey grounds", "letters"]
"""Two pixels in a cell by half a block, or one that is their mean; `letters` have no colours."""
Cell = tuple[str, int]
_GREYS: tuple[tuple[int, int], ...] = ((0, 0), (8, 110), (7, 195), (15, 255))
"""Of sixteen colours, those that every terminal has as greys, with the luma of most palettes."""
_BAYER = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))
_LEAST_GRID, _MIDDLE = 6, 127
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


def way_of(theme: ThemeName, tier: str) -> Way:
    """How this terminal shows pixels best."""
    if theme == "none":
        return "letters"
    halves = tier != "ascii"
    if theme == "16":
        return "grey blocks" if halves else "grey grounds"
    return "blocks" if halves else "grounds"


# The same picture is drawn again with every figure that changes beside it.
@lru_cache(maxsize=2)
def cells_of(picture: Picture, way: Way, has_grid: bool) -> tuple[tuple[Cell, ...], ...]:
    """Rows of cells, each a character and its look."""
    rows = pixel_rows(picture)
    if has_grid:
        _draw_grid(rows)
    pairs = zip(rows[0::2], rows[1::2], strict=True)
    return tuple(_row(upper, lower, way, y) for y, (upper, lower) in enumerate(pairs))


def _row(upper: list[Pixel], lower: list[Pixel], way: Way, y: int) -> tuple[Cell, ...]:
    if way == "letters":
        plain = look(Ink.TEXT, Ink.BG)
        return tuple((letter(*pair), plain) for pair in zip(upper, lower, strict=True))
    if way == "blocks":
        return tuple(_half(index_of(a), index_of(b)) for a, b in zip(upper, lower, strict=True))
    if way == "grounds":
        return tuple(
            _half(*(index_of(mean(*pair)),) * 2) for pair in zip(upper, lower, strict=True)
        )
    if way == "grey blocks":
        return tuple(
            _half(_grey(a, x, 2 * y), _grey(b, x, 2 * y + 1))
            for x, (a, b) in enumerate(zip(upper, lower, strict=True))
        )
    return tuple(
        _half(*(_grey(mean(*pair), x, y),) * 2)
        for x, pair in enumerate(zip(upper, lower, strict=True))
    )


@lru_cache(maxsize=8192)
def _half(upper: int, lower: int) -> Cell:
    # One colour needs no character: the terminal is sent half as much.
    return (" " if upper == lower else UPPER), pixels(upper, lower)


def _grey(pixel: Pixel, x: int, y: int) -> int:
    """One of four greys, in a pattern that gives the steps between them."""
    value = luma(pixel)
    for (darker, low), (lighter, high) in pairwise(_GREYS):
        if value <= high:
            share = (value - low) / (high - low)
            return lighter if share > (_BAYER[y % 4][x % 4] + 0.5) / 16 else darker
    return _GREYS[-1][0]


def _draw_grid(rows: list[list[Pixel]]) -> None:
    """Thirds in sparse dots, the level through the middle in close ones, a cross on it."""
    height, width = len(rows), len(rows[0]) if rows else 0
    if min(height, width) < _LEAST_GRID:
        return
    marked = {(width * part // 3, y) for part in (1, 2) for y in range(0, height, 3)}
    marked |= {(x, height * part // 3) for part in (1, 2) for x in range(0, width, 3)}
    middle_x, middle_y = width // 2, height // 2
    marked |= {(x, middle_y) for x in range(0, width, 2)}
    for off in range(-2, 3):
        marked |= {(middle_x + off, middle_y), (middle_x, middle_y + off)}
    for x, y in marked:
        # Seen on whatever the camera sees, in every way to show it.
        rows[y][x] = _BLACK if luma(rows[y][x]) > _MIDDLE else _WHITE
