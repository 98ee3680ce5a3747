"""The instrument's floor: of one round of requests, and the worst of several."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from tui.core.validity import FLOOR_P50_MS, FLOOR_P99_MS, Floor


def floor_of(above_ms: list[float]) -> Floor:
    """Of one round, by what each request measured above the truth."""
    ordered = sorted(above_ms)
    p50_ms, p99_ms = (ordered[ceil(share * len(ordered)) - 1] for share in (0.50, 0.99))
    return Floor(p50_ms, p99_ms, len(ordered))


def worst(floors: Iterable[Floor]) -> Floor:
    """The one that is nearest to what makes a run INVALID, or furthest beyond it."""
    return max(
        floors, key=lambda floor: max(floor.p50_ms / FLOOR_P50_MS, floor.p99_ms / FLOOR_P99_MS)
    )
