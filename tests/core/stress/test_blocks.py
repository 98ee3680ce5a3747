from __future__ import annotations

from tui.core.histogram import merged
from tui.core.stress.blocks import BLOCK_S, MOST_BLOCKS, Blocks


def test_seconds_become_blocks_when_they_are_whole() -> None:
    blocks = Blocks()
    for second in range(2 * BLOCK_S + 1):
        blocks.add({second: 2}, 3)
    assert [block.requests for block in blocks.whole] == [3 * BLOCK_S] * 2
    assert blocks.whole[1].buckets == {second: 2 for second in range(BLOCK_S, 2 * BLOCK_S)}


def test_a_day_is_few_blocks_of_equal_length_that_hold_everything() -> None:
    blocks = Blocks()
    for second in range(86_400):
        blocks.add({second % 50: 1}, 1)
    assert MOST_BLOCKS / 2 <= len(blocks.whole) < MOST_BLOCKS
    assert {block.seconds for block in blocks.whole} == {blocks.width_s}
    held = sum(merged(block.buckets for block in blocks.whole).values())
    assert held == len(blocks.whole) * blocks.width_s > 86_400 - blocks.width_s
