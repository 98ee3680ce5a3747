from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from tui.stress.blocks import BLOCK, CHUNK, HASHED_EVERY, PER_CHUNK, Blocks
from tui.stress.burner import Unusable
from tui.stress.latencies import Latencies
from tui.stress.patterns import READ_SHARE, one_pass, samples, steps
from tui.stress.place import GIB, MIB, Place, available_bytes

CHUNKS = 2 * HASHED_EVERY


@contextmanager
def written() -> Iterator[tuple[Blocks, bytearray]]:
    """Blocks, and a device made of memory that holds them."""
    with closing(Blocks(CHUNKS * CHUNK, seed=7)) as blocks:
        device = bytearray(CHUNKS * CHUNK)
        for first in range(0, CHUNKS * PER_CHUNK, PER_CHUNK):
            write(blocks, device, first, PER_CHUNK)
        blocks.settle()
        yield blocks, device


def write(blocks: Blocks, device: bytearray, first: int, count: int) -> None:
    device[first * BLOCK : (first + count) * BLOCK] = blocks.to_write(first, count)


def read(blocks: Blocks, device: bytearray, first: int, count: int) -> tuple[int, int]:
    """What was verified and what was bad in it."""
    before = blocks.verified, blocks.bad
    blocks.to_read(first, count)[:] = device[first * BLOCK : (first + count) * BLOCK]
    blocks.check(first, count)
    blocks.settle()
    return blocks.verified - before[0], blocks.bad - before[1]


def test_what_was_written_reads_as_right() -> None:
    with written() as (blocks, device):
        for first in range(0, CHUNKS * PER_CHUNK, PER_CHUNK):
            assert read(blocks, device, first, PER_CHUNK) == (PER_CHUNK, 0)
        assert read(blocks, device, 300, 1) == (1, 0)


@pytest.mark.parametrize("offset", [0, 9, 17, BLOCK - 1])
@pytest.mark.parametrize("count", [1, PER_CHUNK])
def test_one_flipped_bit_makes_one_bad_block(offset: int, count: int) -> None:
    with written() as (blocks, device):
        device[3 * PER_CHUNK * BLOCK + offset] ^= 1
        assert read(blocks, device, 3 * PER_CHUNK, count) == (count - 1, 1)


@pytest.mark.parametrize("count", [1, PER_CHUNK])
def test_a_write_that_was_lost_is_seen(count: int) -> None:
    with written() as (blocks, device):
        old = bytes(device)
        write(blocks, device, PER_CHUNK, count)
        assert read(blocks, bytearray(old), PER_CHUNK, count) == (0, count)


def test_a_block_in_the_place_of_another_is_seen() -> None:
    with written() as (blocks, device):
        device[:BLOCK] = device[CHUNK : CHUNK + BLOCK]
        assert read(blocks, device, 0, 1) == (0, 1)


def test_the_hash_finds_what_the_memory_of_the_comparison_hides() -> None:
    with written() as (blocks, device):
        blocks._meant[5, 100] ^= 1
        for first in (0, PER_CHUNK):
            device[first * BLOCK + 5 * BLOCK + 800] ^= 1
        # The wrong memory and the wrong device agree; only the first chunk has a hash.
        assert read(blocks, device, PER_CHUNK, PER_CHUNK) == (PER_CHUNK, 0)
        assert read(blocks, device, 0, PER_CHUNK) == (PER_CHUNK - 1, 1)


def test_a_small_write_into_a_hashed_chunk_is_no_fault() -> None:
    with written() as (blocks, device):
        write(blocks, device, 4, 1)
        assert read(blocks, device, 0, PER_CHUNK) == (PER_CHUNK, 0)


def test_a_pass_touches_every_block_once() -> None:
    total = CHUNKS * PER_CHUNK
    touched = [step.first + i for step in one_pass(total, is_write=True) for i in range(256)]
    assert touched == list(range(total))


def test_four_turns_read_back_every_chunk_that_has_a_hash() -> None:
    total = 10 * HASHED_EVERY * PER_CHUNK
    read_back = [step.first // PER_CHUNK for turn in range(4) for step in samples(total, turn)]
    assert sorted(read_back) == list(range(0, 10 * HASHED_EVERY, HASHED_EVERY))


def test_writing_alternates_with_reading_back() -> None:
    total = CHUNKS * PER_CHUNK
    kinds = [step.is_write for step in islice(steps("write", total, 1), 2 * CHUNKS + 2)]
    assert kinds == 2 * [*[True] * CHUNKS, False]


def test_random_steps_stay_inside_and_reach_everywhere() -> None:
    seen = {step.first for step in islice(steps("random", 64, 1), 2000)}
    assert seen == set(range(64))


def test_mixed_reads_its_share() -> None:
    mixed = list(islice(steps("mixed", 1000, 1), 5000))
    share = sum(not step.is_write for step in mixed) / len(mixed)
    assert abs(share - READ_SHARE) < 0.03


def test_files_are_no_pattern_on_one_file() -> None:
    with pytest.raises(ValueError, match="one file"):
        next(steps("files", 1, 1))


def test_latencies_are_told_within_a_percent() -> None:
    latencies = Latencies()
    assert latencies.told() == {"p50_us": None, "p99_us": None, "longest_us": None}
    for us in range(1, 1001):
        latencies.add(float(us))
    other = Latencies()
    other.add(3_000_000.0)
    latencies.merge(other)
    told = latencies.told("x_")
    assert told["x_p50_us"] == pytest.approx(500, rel=0.011)
    assert told["x_p99_us"] == pytest.approx(990, rel=0.011)
    assert told["x_longest_us"] == 3_000_000.0


def test_available_memory_is_read_from_meminfo() -> None:
    assert available_bytes("MemTotal: 9 kB\nMemAvailable:    8 kB\n") == 8192
    assert available_bytes("MemTotal: 9 kB\n") == 0


def test_only_a_real_directory_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "file").touch()
    for path, why in [
        (str(tmp_path / "link"), "symbolic link"),
        (str(tmp_path / "link") + "/", "symbolic link"),
        (str(tmp_path / "link") + "/.", "symbolic link"),
        (str(tmp_path / "link" / ".." / "x"), "plain path"),
        (str(tmp_path / "file"), "no directory"),
        (str(tmp_path / "none"), "no such file"),
        ("relative", "absolute"),
        ("/dev/null", "is a device"),
        ("/proc", "is on proc"),
    ]:
        with pytest.raises(Unusable, match=why):
            Place(path)


def test_a_file_has_its_space_and_no_name(tmp_path: Path) -> None:
    with closing(place(tmp_path)) as held:
        free = held.free_bytes()
        with closing(held.make(8 * MIB)) as extent:
            found = os.fstat(extent.descriptor)
            assert found.st_nlink == 0
            assert stat.S_IMODE(found.st_mode) == 0o600
            assert found.st_blocks * 512 >= 8 * MIB
            assert list(tmp_path.iterdir()) == []
            # Not even its owner can give it one. With a directory named, the link of /proc is
            # followed to the file.
            with pytest.raises(FileNotFoundError):
                os.link(f"/proc/self/fd/{extent.descriptor}", tmp_path / "name", src_dir_fd=0)
        with pytest.raises(Unusable, match="no room"):
            held.make(free + GIB)


def place(path: Path) -> Place:
    """A place here, or a skip that says why not."""
    try:
        return Place(str(path))
    except Unusable as error:
        pytest.skip(str(error))
