"""A benchmark of storage as blocks of the headless summary: plain lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from tui.core.model import RunView
from tui.core.storage.measures import WAYS, Way
from tui.core.storage.view import StorageView
from tui.reports import storage_words as words
from tui.reports.columns import columns

WIDTH = 80
Lines = list[str]


def storage_line(view: RunView) -> Lines:
    """What was measured, in place of a target."""
    storage = view.storage
    if storage is None:
        return []
    return _wrapped(f"Object store: {words.store_words(storage)}", "")


def storage_blocks(view: RunView) -> Sequence[Lines]:
    """The facts, and a table for each way; nothing for a run without storage."""
    storage = view.storage
    if storage is None:
        return ()
    facts = [
        line
        for name, told in words.storage_facts(view, storage)
        for line in _wrapped(f"{name}: {told}", "  ")
    ]
    tables = [rates_lines(view, storage, way) for way in WAYS]
    return (["Storage:", *facts], *tables, _wrapped(words.ASIDE, "  ") if any(tables) else [])


def rates_lines(view: RunView, storage: StorageView, way: Way) -> Lines:
    """A line for each cell under its heads; empty before any was measured."""
    if not storage.cells:
        return []
    table = words.rates_table(view, storage, way)
    drawn = columns(table.heads, table.rows, table.numbers, WIDTH)
    return [f"{words.title_of(storage, way)}:", *drawn]


def _wrapped(line: str, indent: str) -> Lines:
    return textwrap.wrap(
        line, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )
