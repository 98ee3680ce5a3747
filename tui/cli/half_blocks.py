"""Pictures as text: a cell shows two pixels, one above the other, and only what changed is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from tui.core.camera.pixels import UPPER, Pixel, index_of, letter, pixel_rows
from tui.core.camera.view import Picture

Depth = Literal["true", "256", "none"]
Cell = tuple[Pixel, Pixel]
"""The upper and the lower pixel."""
Cells = Sequence[Sequence[Cell]]

_JUMP = 4
"""Cells that stayed the same are sent again rather than jumped over, up to so many."""


def depth_of(env: Mapping[str, str], encoding: str) -> Depth:
    """What a terminal shows, by its environment."""
    if env.get("NO_COLOR") or not encoding.lower().replace("-", "").startswith("utf"):
        return "none"
    return "true" if env.get("COLORTERM", "").lower() in ("truecolor", "24bit") else "256"


def cells_of(picture: Picture) -> list[list[Cell]]:
    """Row by row; a last row of pixels without a partner is left out."""
    rows = pixel_rows(picture)
    return [
        list(zip(upper, lower, strict=True))
        for upper, lower in zip(rows[0::2], rows[1::2], strict=True)
    ]


def painted(before: Cells, now: Cells, depth: Depth, *, top: int, left: int) -> str:
    """What turns the one picture on the screen into the other; the same size, or `before` empty.

    Its upper left cell is at `top` and `left`, counted from one.
    """
    parts = []
    for number, row in enumerate(now):
        old = before[number] if number < len(before) else ()
        for start, end in _changed(old, row):
            parts.append(f"\x1b[{top + number};{left + start}H{_run(row[start:end], depth)}")
    return "".join(parts) + ("\x1b[0m" if parts and depth != "none" else "")


def _changed(old: Sequence[Cell], new: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """From which cell to before which one."""
    if len(old) != len(new):
        yield 0, len(new)
        return
    start = end = -1
    for at, (was, is_now) in enumerate(zip(old, new, strict=True)):
        if was == is_now:
            continue
        if start >= 0 and at - end > _JUMP:
            yield start, end
            start = -1
        start, end = (at if start < 0 else start), at + 1
    if start >= 0:
        yield start, end


def _run(cells: Sequence[Cell], depth: Depth) -> str:
    if depth == "none":
        return "".join(letter(*cell) for cell in cells)
    parts = []
    last_upper = last_lower = ""
    for upper, lower in cells:
        over, under = _ink(upper, depth), _ink(lower, depth)
        # A blank needs no colour of its own.
        changes = [] if over in (under, last_upper) else [f"38;{over}"]
        if under != last_lower:
            changes.append(f"48;{under}")
        if changes:
            parts.append(f"\x1b[{';'.join(changes)}m")
        last_lower = under
        if over == under:
            parts.append(" ")
        else:
            parts.append(UPPER)
            last_upper = over
    return "".join(parts)


@lru_cache(4096)
def _ink(pixel: Pixel, depth: Depth) -> str:
    if depth == "true":
        return f"2;{pixel[0]};{pixel[1]};{pixel[2]}"
    return f"5;{index_of(pixel)}"
