"""Storage as the words and drawings that a run's HTML page shows: all of them clean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tui.core import format as text
from tui.core.model import RunView
from tui.core.storage.measures import WAYS, PlaceName, Way
from tui.reports import storage_words as words
from tui.reports.storage_drawing import throughput_svg
from tui.reports.stress_tables import Table
from tui.reports.stress_words import Named
from tui.reports.tile import Tile

if TYPE_CHECKING:
    from markupsafe import Markup

TILES: tuple[tuple[str, PlaceName, Way], ...] = (
    ("upload", "store", "write"),
    ("download", "store", "read"),
    ("local write", "local", "write"),
    ("local read", "local", "read"),
)


class WayPart(NamedTuple):
    """One way: its table, and its curves where there are two sizes."""

    title: str
    table: Table
    curves: Markup | None


class StoragePart(NamedTuple):
    """Storage's part of a run's page."""

    facts: tuple[Named, ...]
    ways: tuple[WayPart, ...]
    note: str


def storage_part(view: RunView) -> StoragePart | None:
    """None for a run without any."""
    storage, plan = view.storage, view.facts.scenario.storage
    if storage is None or plan is None:
        return None
    ways = WAYS if storage.cells else ()
    return StoragePart(
        facts=words.storage_facts(view, storage),
        ways=tuple(
            WayPart(
                words.title_of(storage, way),
                words.rates_table(view, storage, way),
                throughput_svg(storage, plan, way),
            )
            for way in ways
        ),
        note=words.ASIDE,
    )


def storage_tiles(view: RunView) -> Iterator[Tile]:
    """The large figures at the head: the slowest cell of each way, and the integrity."""
    storage = view.storage
    if storage is None:
        return
    for name, place, way in TILES:
        rates = storage.rates(place, way)
        if rates is not None:
            most = f"slowest cell, to {text.fixed(rates[1], 1)}"
            yield Tile(name, text.fixed(rates[0], 1), "MB/s", most)
    changed = text.count(storage.bad)
    yield Tile("changed", changed, "objects", f"of {text.count(storage.objects + storage.bad)}")
    if storage.records is not None and storage.records.per_s is not None:
        rows = f"of {text.count(storage.records.rows)} rows"
        yield Tile("metadata query", text.ms(storage.records.query_p95_ms), "ms p95", rows)
