"""A search in a ticket."""

from __future__ import annotations

from tui.core.model import RunView
from tui.reports import search_tables as tables
from tui.reports import search_words as words
from tui.reports.ticket import bullets, prose, table


def search_sections(view: RunView) -> list[str]:
    """What was found, and a table of the levels; nothing without a search."""
    point = view.search
    if point is None:
        return []
    drawn = tables.levels(point)
    rows = [tuple(map(prose, row)) for row in drawn.rows]
    found = bullets(f"{name}: {said}" for name, said in words.results(view, point))
    before = tables.left_out(point)
    return [
        "### Breaking point",
        *found,
        *([table(drawn.heads, rows, right=set(drawn.numbers))] if rows else []),
        *([f"and {before} before them"] if before else []),
    ]
