from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest

from tui.stress.headroom import STEP_MB
from tui.stress.memory_block import CHUNKS, Block, Pattern


@pytest.fixture
def block() -> Block:
    return Block(Pattern(), serial=3)


def flip(block: Block, chunk: int) -> None:
    block.chunks[chunk, -1] ^= np.uint64(1)


def test_what_was_written_is_there(block: Block) -> None:
    assert block.verify() == 0
    assert block.renew() == 0
    assert block.verify() == 0


def test_one_bit_in_each_of_two_chunks_counts_as_two_and_only_once(block: Block) -> None:
    flip(block, 0)
    flip(block, CHUNKS - 1)
    assert block.verify() == 2
    assert block.verify() == 0


def test_one_bit_is_found_before_it_is_written_over(block: Block) -> None:
    flip(block, 7)
    assert [block.renew(), block.renew()] == [1, 0]


def test_a_chunk_at_the_address_of_another_is_found(block: Block) -> None:
    block.chunks[4] = block.chunks[5]
    assert block.verify() == 1


def test_a_chunk_of_another_block_is_found(block: Block) -> None:
    block.chunks[:] = Block(Pattern(), serial=4).chunks
    assert block.verify() == CHUNKS


def test_a_write_that_never_came_is_found(block: Block) -> None:
    before = block.chunks.copy()
    block.renew()
    block.chunks[:] = before
    assert block.verify() == CHUNKS


def test_no_page_of_it_is_made_smaller_by_compression(block: Block) -> None:
    page = block.chunks[1].tobytes()[:4096]
    assert len(zlib.compress(page)) >= len(page)


def test_a_block_that_is_dropped_is_given_back() -> None:
    pattern = Pattern()
    before_mb = resident_mb()
    blocks = [Block(pattern, serial) for serial in range(4)]
    assert resident_mb() - before_mb == pytest.approx(4 * STEP_MB, abs=8)
    del blocks[1:]
    assert resident_mb() - before_mb == pytest.approx(STEP_MB, abs=8)


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024
