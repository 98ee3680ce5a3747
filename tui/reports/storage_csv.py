"""Storage as a table for spreadsheets: one row a cell, place and way."""

from __future__ import annotations

from tui.core.storage.measures import WAYS, Cell, Transfers, Way
from tui.core.storage.view import StorageView
from tui.reports.cells import Cell as Value
from tui.reports.cells import said, table

STORAGE_END = "_storage.csv"
HEADS = (
    "place", "way", "size_mb", "parallel", "asked", "objects", "bytes", "seconds", "mb_per_s",
    "p50_ms", "p95_ms", "longest_ms", "cpu_percent", "verified", "bad", "is_cached", "why_not",
)  # fmt: skip


def storage_csv(storage: StorageView) -> str:
    """In the order in which they were measured; rates in units of 1 048 576 bytes a second."""
    return table(HEADS, (_row(cell, way) for cell in storage.cells for way in WAYS))


def _row(cell: Cell, way: Way) -> tuple[Value, ...]:
    return (
        cell.place,
        way,
        cell.size_mb,
        cell.parallel,
        cell.asked,
        *_figures(cell.way(way)),
        cell.verified,
        cell.bad,
        str(cell.is_cached).lower(),
        said(cell.why_not),
    )


def _figures(told: Transfers | None) -> tuple[Value, ...]:
    if told is None:
        return (None,) * 8
    return (
        told.objects,
        told.bytes,
        told.seconds,
        told.mb_per_s,
        told.p50_ms,
        told.p95_ms,
        told.longest_ms,
        told.cpu_percent,
    )
