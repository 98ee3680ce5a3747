"""Storage in a ticket: tables as GitHub and GitLab draw them."""

from __future__ import annotations

from tui.core.model import RunView
from tui.core.storage.measures import WAYS
from tui.reports import storage_words as words
from tui.reports.ticket import prose, table


def storage_sections(view: RunView) -> list[str]:
    """What is known of it, and a table for each way; nothing for a run without any."""
    storage = view.storage
    if storage is None:
        return []
    facts = [(prose(name), prose(told)) for name, told in words.storage_facts(view, storage)]
    found = ["### Storage", table(("", ""), facts)]
    if not storage.cells:
        return found
    for way in WAYS:
        drawn = words.rates_table(view, storage, way)
        rows = [[prose(cell) for cell in row] for row in drawn.rows]
        head = f"#### {words.title_of(storage, way)}"
        found += [head, table(drawn.heads, rows, right=set(drawn.numbers))]
    return [*found, words.ASIDE]
