"""A search as blocks of text: for the headless summary and the plain words, 80 columns wide."""

from __future__ import annotations

import textwrap

from tui.core.model import RunView
from tui.reports import search_tables as tables
from tui.reports import search_words as words
from tui.reports.columns import columns

WIDTH = 80
Lines = list[str]


def search_block(view: RunView) -> Lines:
    """What was found, then the levels; none without a search."""
    point = view.search
    if point is None:
        return []
    found = [f"{name[0].upper()}{name[1:]}: {said}" for name, said in words.results(view, point)]
    wrapped = (
        textwrap.wrap(
            line, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
        )
        for line in found
    )
    return ["Breaking point:", *(line for lines in wrapped for line in lines), *levels(view)]


def levels(view: RunView) -> Lines:
    """A line for each level, under their heads; none before the first."""
    point = view.search
    if point is None or not point.steps:
        return []
    table = tables.brief(point)
    drawn = columns(table.heads, table.rows, table.numbers, WIDTH)
    before = tables.left_out(point)
    return [*drawn, *([f"  and {before} before them"] if before else [])]
