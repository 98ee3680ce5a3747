"""What happens in a benchmark of storage."""

from __future__ import annotations

from tui.core.events.event import Event
from tui.core.storage.measures import Cell, Cleaned, Opened, PlaceName, Records, StoreFault


class StorageOpened(Event, frozen=True, kw_only=True):
    """A place is there to be measured, or can't be."""

    opened: Opened


class CellBegan(Event, frozen=True, kw_only=True):
    """A size with so many at once is measured in one place; `parallel` 0: the records are."""

    place: PlaceName
    size_mb: int = 0
    parallel: int = 0
    written_bytes: int = 0
    """What will have been written to the local device by its end, since the run began, at most."""


class CellMeasured(Event, frozen=True, kw_only=True):
    cell: Cell


class RecordsMeasured(Event, frozen=True, kw_only=True):
    records: Records
    written_bytes: int = 0
    """To the local device since the run began, as far as the kernel counts it."""


class StoreFailed(Event, frozen=True, kw_only=True):
    """The object store is not measured any further."""

    fault: StoreFault
    size_mb: int = 0
    parallel: int = 0


class StoreCleaned(Event, frozen=True, kw_only=True):
    cleaned: Cleaned


class StorageEnded(Event, frozen=True, kw_only=True):
    """Nothing more is to come."""

    why: str = ""
    """Why the measuring process ended before its time; empty: it did all, or was stopped."""
