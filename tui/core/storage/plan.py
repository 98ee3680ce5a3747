"""What a scenario asks of storage: the `[storage]` table of a benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import msgspec

from tui.core.format import count, duration
from tui.core.mistakes import Mistakes

MB = 1024 * 1024
"""Bytes of a megabyte, here and in every rate."""
MOST_SIZES, MOST_SIZE_MB = 8, 1024
MOST_PARALLELS, MOST_PARALLEL = 6, 64
MOST_OBJECTS = 1000
MOST_AT_ONCE_MB = 1024
"""What a round holds in memory: so many objects as are under way together."""
MOST_CELL_S = 600.0
MOST_RECORDS = 1_000_000
MOST_TOTAL_MB = 64 * 1024
RECORDS_S = 30.0
"""No more records are inserted after this."""
SLOW_MB_PER_S = 5.0
"""What a place must give to be acceptable: the length that is told beforehand holds for it."""


class StorageTable(msgspec.Struct, forbid_unknown_fields=True):
    sizes_mb: list[int] = msgspec.field(default_factory=lambda: [1, 5, 10, 20])
    parallel: list[int] = msgspec.field(default_factory=lambda: [1, 4, 8])
    per_cell: int = 8
    cell: str = "10s"
    local: bool = True
    objects: bool = True
    records: int = 20_000


class CellPlan(msgspec.Struct, frozen=True):
    """One size with so many objects under way at once."""

    size_mb: int
    parallel: int
    rounds: int
    """In each of them `parallel` objects begin together."""

    @property
    def objects(self) -> int:
        """Of all rounds."""
        return self.rounds * self.parallel

    @property
    def bytes(self) -> int:
        """Written, and read back."""
        return self.objects * self.size_mb * MB


class StoragePlan(msgspec.Struct, frozen=True):
    """Which sizes are written and read back, with how many at once, and where."""

    sizes_mb: tuple[int, ...] = (1, 5, 10, 20)
    parallel: tuple[int, ...] = (1, 4, 8)
    per_cell: int = 8
    """Objects of each size and number at once, at least; whole rounds of them."""
    cell_s: float = 10.0
    """Neither the writing nor the reading of a cell begins another round after this."""
    local: bool = True
    objects: bool = True
    """Whether the object store is measured."""
    records: int = 20_000
    """Inserted into a database on the local path; 0: none."""

    @property
    def cells(self) -> tuple[CellPlan, ...]:
        """In the order in which they are measured."""
        return tuple(
            CellPlan(size_mb, parallel, max(ceil(self.per_cell / parallel), 1))
            for size_mb in self.sizes_mb
            for parallel in self.parallel
        )

    @property
    def places(self) -> int:
        """How many are measured, at most."""
        return self.local + self.objects

    @property
    def bytes_each(self) -> int:
        """Written to each place, and read back from it, at most."""
        return sum(cell.bytes for cell in self.cells)

    @property
    def total_s(self) -> float:
        """The longest that it takes where every place gives `SLOW_MB_PER_S`."""
        cells_s = sum(self._longest_s(cell) for cell in self.cells)
        return ceil(2 * cells_s * self.places + (RECORDS_S if self.records and self.local else 0))

    def _longest_s(self, cell: CellPlan) -> float:
        """One way."""
        round_s = cell.parallel * cell.size_mb / SLOW_MB_PER_S
        return min(cell.rounds * round_s, self.cell_s + round_s)


def read_storage_plan(mistakes: Mistakes, table: StorageTable) -> StoragePlan:
    """The plan as far as it is in order."""
    sizes = _numbers(mistakes, "sizes_mb", table.sizes_mb, MOST_SIZES, MOST_SIZE_MB)
    parallel = _numbers(mistakes, "parallel", table.parallel, MOST_PARALLELS, MOST_PARALLEL)
    mistakes.check("per_cell", table.per_cell, 1, MOST_OBJECTS)
    mistakes.check("records", table.records, 0, MOST_RECORDS)
    if not table.local and not table.objects:
        mistakes.add("objects", "nothing is left to measure: local is off, too")
    plan = StoragePlan(
        sizes,
        parallel,
        min(max(table.per_cell, 1), MOST_OBJECTS),
        mistakes.seconds("cell", table.cell, 1.0, MOST_CELL_S),
        table.local,
        table.objects,
        table.records,
    )
    at_once_mb = max(sizes) * max(parallel)
    if at_once_mb > MOST_AT_ONCE_MB:
        what = f"{max(parallel)} of {max(sizes)} MB at once are over {count(MOST_AT_ONCE_MB)} MB"
        mistakes.add("parallel", f"{what} of memory", unless=["sizes_mb"])
    if plan.bytes_each > MOST_TOTAL_MB * MB:
        what = f"{count(plan.bytes_each / MB)} MB in all, at most {count(MOST_TOTAL_MB)}"
        mistakes.add("per_cell", what, unless=["sizes_mb", "parallel"])
    return plan


def storage_text(plan: StoragePlan) -> str:
    """`1 to 20 MB × 1 to 8: 864 MB each way, at most 11 min`."""
    sizes, parallel = _span(plan.sizes_mb), _span(plan.parallel)
    length = duration(whole_minutes_s(plan))
    return f"{sizes} MB × {parallel}: {count(plan.bytes_each / MB)} MB each way, at most {length}"


def amount_text(plan: StoragePlan) -> str:
    """`864 MB written and read back in each place`."""
    return f"{count(plan.bytes_each / MB)} MB written and read back in each place"


def whole_minutes_s(plan: StoragePlan) -> float:
    """Its longest length as it is told."""
    return plan.total_s if plan.total_s < 60 else 60.0 * ceil(plan.total_s / 60)


def _numbers(
    mistakes: Mistakes, key: str, numbers: list[int], most: int, highest: int
) -> tuple[int, ...]:
    """In rising order; 1 where none is in order."""
    if not 1 <= len(numbers) <= most:
        mistakes.add(key, f"from 1 to {most} numbers")
    elif len(set(numbers)) < len(numbers):
        mistakes.add(key, "a number stands there twice")
    for number in numbers:
        mistakes.check(key, number, 1, highest)
    return tuple(sorted(_known(numbers, highest))) or (1,)


def _known(numbers: list[int], highest: int) -> Iterator[int]:
    return (number for number in set(numbers) if 1 <= number <= highest)


def _span(numbers: tuple[int, ...]) -> str:
    lowest, highest = min(numbers), max(numbers)
    return f"{lowest}" if lowest == highest else f"{lowest} to {highest}"
