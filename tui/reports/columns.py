"""Rows as aligned columns of plain text."""

from __future__ import annotations

from collections.abc import Collection, Sequence

GAP = 2


def columns(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Collection[int],
    width: int,
) -> list[str]:
    """A line of heads and one for each row, `numbers` being right-aligned.

    Columns stand closer where they would be wider than `width`; nothing is cut.
    """
    lines = (heads, *rows)
    widths = [max(len(row[column]) for row in lines) for column in range(len(heads))]
    gap = " " * (GAP if sum(widths) + GAP * len(widths) <= width else 1)
    return [
        gap
        + gap.join(
            cell.rjust(wide) if column in numbers else cell.ljust(wide)
            for column, (cell, wide) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in lines
    ]
