"""How a benchmark of storage stands."""

from __future__ import annotations

import msgspec

from tui.core.storage.measures import (
    Cell,
    Cleaned,
    Opened,
    PlaceName,
    Records,
    StoreFault,
    Way,
)


class CellAt(msgspec.Struct, frozen=True):
    """What is measured just now."""

    place: PlaceName
    size_mb: int
    parallel: int
    """0: the records are."""


class StorageView(msgspec.Struct, frozen=True):
    """All that is known of the places, in the order in which they were measured."""

    cells: tuple[Cell, ...]
    asked: int
    """Cells, of those places that can be measured."""
    local: Opened | None = None
    store: Opened | None = None
    no_store: str = ""
    """Why there is no object store to measure, by the site's own choice; empty: there is one."""
    records: Records | None = None
    now: CellAt | None = None
    fault: StoreFault | None = None
    """What ended the store's part."""
    fault_at: CellAt | None = None
    """In which cell that was; None: before the first."""
    cleaned: Cleaned | None = None
    ended_by: str = ""
    """Why the measuring process ended before its time."""

    @property
    def objects(self) -> int:
        """Those whose hash was right when they were read back."""
        return sum(cell.verified for cell in self.cells)

    @property
    def bad(self) -> int:
        """Those that came back as something else."""
        return sum(cell.bad for cell in self.cells)

    @property
    def integrity_rate(self) -> float | None:
        """Of the objects that were read back; None before any was."""
        read = self.objects + self.bad
        return self.objects / read if read else None

    def cell(self, place: PlaceName, size_mb: int, parallel: int) -> Cell | None:
        """None where it was not measured (yet)."""
        key = (place, size_mb, parallel)
        found = (one for one in self.cells if (one.place, one.size_mb, one.parallel) == key)
        return next(found, None)

    @property
    def endpoint(self) -> str:
        """Of the store, without its bucket."""
        return self.store.where.partition(", ")[0] if self.store is not None else "the store"

    def cells_of(self, place: PlaceName) -> tuple[Cell, ...]:
        """Those of one place."""
        return tuple(cell for cell in self.cells if cell.place == place)

    def slowest(self, place: PlaceName, way: Way) -> Cell | None:
        """The cell with the lowest rate of a place that way; None before any was measured."""
        return min(self._rated(place, way), key=lambda each: each[0], default=(0.0, None))[1]

    def rates(self, place: PlaceName, way: Way) -> tuple[float, float] | None:
        """The lowest and the highest; None before any was measured."""
        found = [mb_per_s for mb_per_s, _ in self._rated(place, way)]
        return (min(found), max(found)) if found else None

    def _rated(self, place: PlaceName, way: Way) -> list[tuple[float, Cell]]:
        return [
            (told.mb_per_s, cell)
            for cell in self.cells_of(place)
            if (told := cell.way(way)) is not None and _counts(cell, way)
        ]


def _counts(cell: Cell, way: Way) -> bool:
    """What came from memory is no rate of a device."""
    return way == "write" or not cell.is_cached


def where_text(at: CellAt | Cell) -> str:
    """`5 MB, 4 at once`."""
    return f"{at.size_mb} MB, {at.parallel} at once"


PLACE_NAMES: dict[PlaceName, str] = {"local": "local path", "store": "object store"}
