from __future__ import annotations

import pytest

from tui.core.floors import disk_floor_bytes, memory_floor_mb

GIB = 1024**3


@pytest.mark.parametrize(
    ("total_mb", "asked_mb", "floor"),
    [(4000, 0, 512), (32_000, 0, 3200), (32_000, 100, 3200), (4000, 1000, 1000)],
)
def test_of_memory_a_tenth_stays_at_least_512_mib_and_never_less(
    total_mb: float, asked_mb: float, floor: float
) -> None:
    assert memory_floor_mb(total_mb, asked_mb) == floor


@pytest.mark.parametrize(
    ("total_gib", "asked_gib", "floor_gib"), [(8, 0, 2), (200, 0, 20), (200, 1, 20), (8, 5, 5)]
)
def test_of_a_disk_a_tenth_stays_at_least_2_gib_and_never_less(
    total_gib: int, asked_gib: int, floor_gib: int
) -> None:
    assert disk_floor_bytes(total_gib * GIB, asked_gib * GIB) == floor_gib * GIB
