from __future__ import annotations

import pytest

from tui.stress.results import CAMERAS, MOST_ANSWERED, STEP_MS, Block, row, wrong


@pytest.mark.parametrize("block", [Block(0, 1), Block(13, 10), Block(40, 1000)])
@pytest.mark.parametrize("camera", range(CAMERAS))
def test_what_a_camera_is_asked_is_what_its_rows_of_the_block_answer(
    block: Block, camera: int
) -> None:
    (asked, from_ms, until_ms, most), expected = block.of_camera(camera)
    meant = [each for each in block.rows() if each[2] == camera and from_ms <= each[1] <= until_ms]
    assert (asked, most) == (camera, MOST_ANSWERED)
    assert expected == meant[:MOST_ANSWERED]


def test_a_block_asks_for_no_row_of_its_neighbours() -> None:
    (_, from_ms, until_ms, _), _ = Block(20, 10).of_camera(0)
    assert (from_ms, until_ms) == (20 * STEP_MS, 29 * STEP_MS)


def test_rows_differ_and_each_is_always_the_same() -> None:
    assert len({row(number)[-1] for number in range(1000)}) == 1000
    assert row(7) == row(7)


@pytest.mark.parametrize(
    ("answered", "bad"),
    [([1, 2, 3], 0), ([1, 2], 1), ([1, 2, 4], 1), ([1, 2, 3, 4], 1), ([], 3)],
)
def test_missing_changed_and_additional_rows_are_wrong(answered: list[int], bad: int) -> None:
    assert wrong([row(each) for each in (1, 2, 3)], [row(each) for each in answered]) == bad
