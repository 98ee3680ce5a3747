"""Storage in plain words, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.model import RunView
from tui.core.storage.measures import WAYS
from tui.core.storage.plan import storage_text
from tui.reports import storage_words as words
from tui.reports.storage_text import rates_lines

MEANINGS = {
    "upload_mb_per_s": "what the slowest cell put into the object store in a second",
    "download_mb_per_s": "what the slowest cell fetched from the object store in a second",
    "local_write_mb_per_s": "what the slowest cell wrote to the local path and synced in a second",
    "local_read_mb_per_s": "what the slowest cell read from the local path in a second",
    "integrity_rate": "the share of objects that came back as they were sent",
    "metadata_records_per_s": "rows that a database on the local path took in a second, synced",
    "metadata_query_ms": "95 of 100 queries over an index of all rows are answered within this",
}
"""What each metric of storage is, in one clause."""


def compared(view: RunView) -> Iterator[str]:
    """Sentences on what was written where."""
    storage, plan = view.storage, view.facts.scenario.storage
    if storage is None or plan is None:
        return
    yield f"It measured storage: {storage_text(plan)}."
    yield "Every object was read back and its SHA-256 compared, and nothing was kept."
    yield f"The local path: {words.local_words(storage)}."
    yield f"The object store: {words.store_words(storage)}."
    yield "The service was not asked for anything."


def measured(view: RunView) -> list[str]:
    """The tables, and from which size on which is faster; empty without storage."""
    storage = view.storage
    if storage is None or not storage.cells:
        return []
    lines = [line for way in WAYS for line in (*rates_lines(view, storage, way), "")]
    lines += [f"- {line}" for line in words.crossing_words(storage)]
    return lines


def facts_in_words(view: RunView) -> Iterator[str]:
    """Integrity, metadata and the clean-up."""
    storage = view.storage
    if storage is None:
        return
    told = dict(words.storage_facts(view, storage))
    for name in ("integrity", "metadata", "clean-up", "left by earlier runs"):
        if name in told:
            yield f"{name}: {told[name]}"
