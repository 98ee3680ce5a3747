from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tui.demo.regions import Region, find_regions


def mask(*rows: str) -> NDArray[np.bool_]:
    return np.array([[cell == "#" for cell in row] for row in rows])


def flooded(cells: NDArray[np.bool_]) -> list[tuple[int, int, int, int, int]]:
    """The same regions, found one cell at a time."""
    left = {(int(y), int(x)) for y, x in np.argwhere(cells)}
    regions = []
    while left:
        region, edge = [], [left.pop()]
        while edge:
            y, x = edge.pop()
            region.append((y, x))
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            edge += near
        ys, xs = [y for y, _ in region], [x for _, x in region]
        regions.append((min(xs), min(ys), max(xs) + 1, max(ys) + 1, len(region)))
    return sorted(regions)


def test_a_clear_mask_has_no_region() -> None:
    assert find_regions(np.zeros((4, 5), np.bool_), 9) == []


def test_a_region_is_the_smallest_box_around_its_cells() -> None:
    assert find_regions(mask(".....", ".##..", "..##.", "....."), 9) == [Region(1, 1, 4, 3, 4)]


def test_cells_that_touch_by_a_corner_are_one_region() -> None:
    assert len(find_regions(mask("#.#", ".#.", "#.#"), 9)) == 1


def test_the_end_of_a_row_does_not_touch_the_start_of_the_next() -> None:
    assert len(find_regions(mask("..#", "#..", "..#"), 9)) == 3


def test_arms_that_meet_at_last_are_one_region() -> None:
    assert len(find_regions(mask("#.#.#", "#.#.#", "#.###", "###.."), 9)) == 1


def test_a_snake_is_one_region_from_head_to_tail() -> None:
    snake = np.ones((41, 30), np.bool_)
    snake[1::4, :-1] = False
    snake[3::4, 1:] = False
    assert [region.area for region in find_regions(snake, 9)] == [int(snake.sum())]


def test_the_largest_come_first_and_the_rest_are_dropped() -> None:
    areas = [region.area for region in find_regions(mask("#.##.###", "........", "####...."), 3)]
    assert areas == [4, 3, 2]


@pytest.mark.parametrize("density", [0.05, 0.3, 0.45, 0.7])
@pytest.mark.parametrize("seed", range(5))
def test_the_regions_are_those_that_a_flood_finds(seed: int, density: float) -> None:
    cells = np.random.default_rng(seed).random((40, 31)) < density
    found = [
        (one.left, one.top, one.right, one.bottom, one.area) for one in find_regions(cells, 2000)
    ]
    assert sorted(found) == flooded(cells)
