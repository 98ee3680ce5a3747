"""Rows as text for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from tui.reports.clean import visible

Cell = str | float | None
NOTHING = "N/A"
_FORMULA = ("=", "+", "-", "@")


def said(text: str) -> str:
    """A target's words as a cell: a spreadsheet would run what begins like a formula."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A line for each row; a cell without a value is `NOTHING`."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([NOTHING if cell is None else cell for cell in row] for row in rows)
    return file.getvalue()
