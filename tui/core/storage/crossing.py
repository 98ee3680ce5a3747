"""From which size on an object store is as quick as the local path."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from math import exp, log

import msgspec

from tui.core.storage.measures import WAYS, Cell, Way

Pair = tuple[int, float, float]
"""Size, and the rates of the local path and of the store."""


class Crossing(msgspec.Struct, frozen=True):
    """The two places against each other, one way and with so many at once."""

    way: Way
    parallel: int
    size_mb: float | None
    """Where they would be even, reckoned between two sizes that were measured; None: one is quicker
    at every size, or they change more than once."""
    quicker: str
    """`local` or `store`: below that size, or at every one; empty: they change more than once."""


def crossings(cells: Sequence[Cell]) -> tuple[Crossing, ...]:
    """One for each way and each number at once that both places have figures of."""
    parallels = sorted({cell.parallel for cell in cells})
    found = []
    for way in WAYS:
        for parallel in parallels:
            pairs = _pairs(cells, way, parallel)
            if pairs:
                found.append(_crossing(way, parallel, pairs))
    return tuple(found)


def crossing_texts(found: Sequence[Crossing]) -> tuple[str, ...]:
    """A sentence for each way, or for each number at once where they differ."""
    return tuple(line for way in WAYS for line in _of_way(way, found))


def _of_way(way: Way, found: Iterable[Crossing]) -> Iterable[str]:
    verb = "writing" if way == "write" else "reading"
    said = {each.parallel: _text(each) for each in found if each.way == way}
    if len(set(said.values())) == 1 and len(said) > 1:
        yield f"{verb}: {next(iter(said.values()))}"
        return
    for parallel, words in said.items():
        yield f"{verb}, {parallel} at once: {words}"


def _text(crossing: Crossing) -> str:
    names = {"local": "local", "store": "the object store"}
    if not crossing.quicker:
        return "no single cross-over: which is quicker changes more than once"
    name = names[crossing.quicker]
    if crossing.size_mb is None:
        return f"{name} is faster at every size that was measured"
    other = names["store" if crossing.quicker == "local" else "local"]
    return f"{name} is faster below about {crossing.size_mb:.1f} MB, {other} above"


def _crossing(way: Way, parallel: int, pairs: Sequence[Pair]) -> Crossing:
    leads = [log(local / store) for _, local, store in pairs]
    changes = [
        number
        for number, (before, after) in enumerate(itertools.pairwise(leads))
        if (before > 0) != (after > 0)
    ]
    quicker = "local" if leads[0] > 0 else "store"
    if not changes:
        return Crossing(way, parallel, None, quicker)
    if len(changes) > 1:
        return Crossing(way, parallel, None, "")
    at = changes[0]
    # Rates grow by factors, not by steps: between two sizes the logarithms are the straight line.
    share = leads[at] / (leads[at] - leads[at + 1])
    low, high = log(pairs[at][0]), log(pairs[at + 1][0])
    return Crossing(way, parallel, exp(low + share * (high - low)), quicker)


def _pairs(cells: Sequence[Cell], way: Way, parallel: int) -> list[Pair]:
    rates: dict[int, dict[str, float]] = {}
    for cell in cells:
        # What came from memory says nothing of the place.
        told = None if way == "read" and cell.is_cached else cell.way(way)
        if cell.parallel == parallel and told is not None and told.mb_per_s > 0:
            rates.setdefault(cell.size_mb, {})[cell.place] = told.mb_per_s
    return [
        (size, each["local"], each["store"])
        for size, each in sorted(rates.items())
        if len(each) == 2
    ]
