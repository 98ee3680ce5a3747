"""Repeated figures: what lies in the middle, and how far apart the ends are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True)
class Spread:
    """Minimum, median and maximum of some rounds."""

    low: float
    middle: float
    high: float
    rounds: int


def spread(values: Sequence[float]) -> Spread | None:
    """None without a value."""
    if not values:
        return None
    return Spread(min(values), median(values), max(values), len(values))


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """Pair by pair; a pair whose denominator is 0 is left out."""
    return [a / b for a, b in zip(over, under, strict=True) if b]


def nearest_rank(values: Sequence[float], share: float) -> float:
    """The value below or at which `share` of them lie."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered) - 1e-9), 1) - 1]


def nearest_rank_of_counts(counts: dict[float, int], share: float) -> float:
    """The same over a mapping of value to how often it came."""
    wanted = max(ceil(share * sum(counts.values()) - 1e-9), 1)
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return 0.0
