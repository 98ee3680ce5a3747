"""A search as the words that a run's HTML page shows: all of them clean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core import format as text
from tui.core.model import RunView
from tui.core.search import BreakingPoint
from tui.reports import search_tables as tables
from tui.reports import search_words as words
from tui.reports.stress_tables import Table
from tui.reports.stress_words import Named, said
from tui.reports.tile import Tile


class SearchPart(NamedTuple):
    """The search's part of a run's page."""

    results: tuple[Named, ...]
    levels: Table
    left_out: int


def search_part(view: RunView) -> SearchPart | None:
    """None for a run without a search."""
    point = view.search
    if point is None:
        return None
    return SearchPart(words.results(view, point), tables.levels(point), tables.left_out(point))


def search_tiles(point: BreakingPoint) -> Iterator[Tile]:
    """The two levels that say it all, at the head of the page."""
    unit = "users" if point.by == "users" else "operations/s"
    good, bad = point.last_good, point.first_bad
    if good is not None:
        yield Tile("last good level", tables.level(point, good), unit, f"{text.rate(good.rps)} rps")
    if bad is not None:
        yield Tile("first bad level", tables.level(point, bad), unit, said(bad.text))
