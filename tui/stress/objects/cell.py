"""One size with so many at once, in one place: written, read back, compared, removed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from tui.core.storage.measures import Cell, PlaceName
from tui.core.storage.plan import MB, CellPlan
from tui.stress.objects.rounds import Rounds


class Item(Protocol):
    """One object."""

    def write(self) -> None:
        """Its content is there, for good, when this returns."""

    def ready(self) -> None:
        """Have the memory for what is read at hand: none is taken while the clock runs."""

    def read(self) -> None:
        """All of it is in memory when this returns."""

    def is_right(self) -> bool:
        """Whether what was read is what was written; what was read is forgotten."""

    def remove(self) -> None:
        """Nothing of it is left."""


class Place(Protocol):
    """Where objects are kept."""

    name: PlaceName

    def make(self, number: int, size_bytes: int) -> Sequence[Item]:
        """So many new ones, whose content nobody can compress, none of it written yet."""

    def warm(self, parallel: int) -> None:
        """What later ones need is at hand: connections, and no content in any cache of ours."""

    def is_cached(self, items: Sequence[Item]) -> bool:
        """Whether what is read of them comes from this machine's memory all the same."""


class Stopped(Exception):
    """Somebody wants no more of it."""


def measure(
    place: Place,
    plan: CellPlan,
    cell_s: float,
    patience_s: float,
    is_stopped: Callable[[], bool],
) -> Cell:
    """The cell. Raises what the place raises, TooSlow, or Stopped; nothing local is left then."""
    items: list[Item] = []
    try:
        return _measured(place, plan, items, (cell_s, patience_s), is_stopped)
    finally:
        # In a store too: what it can't remove it still knows, and removes at the end.
        for item in items:
            item.remove()


def _measured(
    place: Place,
    plan: CellPlan,
    items: list[Item],
    limits_s: tuple[float, float],
    is_stopped: Callable[[], bool],
) -> Cell:
    cell_s, patience_s = limits_s
    size_bytes = plan.size_mb * MB
    place.warm(plan.parallel)
    writes, reads = Rounds(), Rounds()
    ends_s = time.monotonic() + cell_s
    while len(items) < plan.objects and (not items or time.monotonic() < ends_s):
        fresh = place.make(plan.parallel, size_bytes)
        items += fresh
        writes.do([item.write for item in fresh], size_bytes, patience_s)
        _heed(is_stopped)
    place.warm(plan.parallel)
    is_cached = place.is_cached(items)
    good = bad = 0
    ends_s = time.monotonic() + cell_s
    while good + bad < len(items) and (not good + bad or time.monotonic() < ends_s):
        some = items[good + bad :][: plan.parallel]
        for item in some:
            item.ready()
        reads.do([item.read for item in some], size_bytes, patience_s)
        right = sum(item.is_right() for item in some)
        good, bad = good + right, bad + len(some) - right
        _heed(is_stopped)
    return Cell(
        place=place.name,
        size_mb=plan.size_mb,
        parallel=plan.parallel,
        asked=plan.objects,
        write=writes.told(),
        read=reads.told(),
        verified=good,
        bad=bad,
        is_cached=is_cached,
    )


def _heed(is_stopped: Callable[[], bool]) -> None:
    if is_stopped():
        raise Stopped
