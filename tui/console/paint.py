"""Mends how Textual 8.2.8 writes a partial repaint: an inner span cost its whole row up to it.

`ChopsUpdate.render_segments` crops a changed span from the widget's left edge. Here it is cropped
from the span's own left, the cursor moves only where it must, and a reset that is followed by the
next colour is written as one sequence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import textual
from textual._compositor import ChopsUpdate

if TYPE_CHECKING:
    from rich.console import Console

MENDED_VERSION = "8.2.8"


def render_spans(update: ChopsUpdate, console: Console) -> str:
    """The bytes that repaint exactly the update's spans."""
    parts: list[str] = []
    for y, first, behind in update.spans:
        at = -1
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= behind or end <= first:
                continue
            left, right = max(x, first), min(end, behind)
            if (left, right) != (x, end):
                strip = strip.crop(left - x, right - x)
            if at != left:
                parts.append(f"\x1b[{y + 1};{left + 1}H")
            # Inside a strip, what follows a reset can only be the next colour.
            parts.append(strip.render(console).replace("\x1b[0m\x1b[", "\x1b[0;"))
            at = right
    return "".join(parts)


def mend() -> bool:
    """Install the mend if this is the version that it was written for."""
    if textual.__version__ != MENDED_VERSION:
        return False
    ChopsUpdate.render_segments = render_spans  # type: ignore[method-assign, assignment]
    return True
