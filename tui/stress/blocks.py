"""What a storage burner writes, and whether it reads the same again."""

from __future__ import annotations

import mmap
import random
import struct
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 4096
CHUNK = 1024**2
PER_CHUNK = CHUNK // BLOCK
HASHED_EVERY = 16
"""Of this many chunks one is also compared by a hash, taken when it was written."""
BUFFERS = 8
"""Of each kind: a hash takes as long as several reads of a fast disk, and they need not wait."""

_HEADER = struct.Struct("=QQ")

Words = NDArray[np.uint64]


class Blocks:
    """The content of one file: every block knows its number and how often it was written.

    So a block that is stale, in the wrong place, torn or flipped is told from the right one. The
    rest of a block is random and can't be compressed. All of it is compared with what was meant;
    the hash of each sixteenth chunk also finds what went wrong in the memory of the comparison.

    Whole chunks are compared and hashed on a thread of their own while the next ones are written
    or read (all of it runs without the interpreter's lock), or the burner would be slower than
    the device. `settle` waits for that; only then are `verified` and `bad` up to date.
    """

    def __init__(self, size_bytes: int, seed: int) -> None:
        """`size_bytes`: whole chunks."""
        content = random.Random(seed).randbytes(CHUNK)
        self.verified = self.bad = 0
        """Blocks."""
        self._tails = [
            content[start + _HEADER.size : start + BLOCK] for start in range(0, CHUNK, BLOCK)
        ]
        self._outs = deque(_Buffer(content) for _ in range(BUFFERS))
        self._ins = deque(_Buffer(content) for _ in range(BUFFERS))
        self._meant = _words(bytearray(content))
        self._times = np.zeros(size_bytes // BLOCK, dtype=np.uint64)
        self._hashes: dict[int, bytes] = {}
        self._helper = ThreadPoolExecutor(1)

    def close(self) -> None:
        """Let the thread end."""
        self._helper.shutdown()

    def to_write(self, first: int, count: int) -> memoryview:
        """New content of `count` blocks within one chunk, from block `first` on; it begins at a
        page, as O_DIRECT wants it, and stays until as many calls later as there are buffers."""
        for each in self._ins:
            self._settle(each)  # a comparison under way must not see the new numbers
        self._outs.rotate()
        buffer = self._outs[0]
        self._settle(buffer)
        self._times[first : first + count] += np.uint64(1)
        self._stamp(buffer.words, first, count)
        chunk = first // PER_CHUNK
        if count == PER_CHUNK and not chunk % HASHED_EVERY:
            buffer.job = self._helper.submit(self._keep_hash, chunk, buffer.view)
        else:
            self._hashes.pop(chunk, None)
        return buffer.part(first, count)

    def to_read(self, first: int, count: int) -> memoryview:
        """Room for what is read of these blocks; begins at a page too."""
        self._ins.rotate()
        self._settle(self._ins[0])
        return self._ins[0].part(first, count)

    def check(self, first: int, count: int) -> None:
        """Compare what was read into the last `to_read` with what was last written there."""
        buffer = self._ins[0]
        if count == 1:
            self._count(1, int(not self._is_right(buffer, first)))
        else:
            buffer.blocks = count
            buffer.job = self._helper.submit(self._differing, buffer, first, count)

    def settle(self) -> None:
        """Wait until all is compared and hashed."""
        for each in (*self._outs, *self._ins):
            self._settle(each)

    def _settle(self, buffer: _Buffer) -> None:
        if buffer.job is not None:
            bad = buffer.job.result()
            if buffer.blocks:
                self._count(buffer.blocks, bad)
            buffer.job = None

    def _count(self, blocks: int, bad: int) -> None:
        self.bad += bad
        self.verified += blocks - bad

    def _keep_hash(self, chunk: int, view: memoryview) -> int:
        self._hashes[chunk] = blake2b(view).digest()
        return 0

    def _differing(self, buffer: _Buffer, first: int, count: int) -> int:
        row = first % PER_CHUNK
        self._stamp(self._meant, first, count)
        meant, read = self._meant[row : row + count], buffer.words[row : row + count]
        if not np.array_equal(meant, read):
            return int((meant != read).any(axis=1).sum())
        known = self._hashes.get(first // PER_CHUNK) if count == PER_CHUNK else None
        return int(known is not None and blake2b(buffer.view).digest() != known)

    def _is_right(self, buffer: _Buffer, block: int) -> bool:
        # A small read takes some fifty microseconds; numpy would add a fifth to that.
        row = block % PER_CHUNK
        start = row * BLOCK
        header = _HEADER.pack(block, int(self._times[block]))
        return (
            buffer.memory[start : start + _HEADER.size] == header
            and buffer.memory[start + _HEADER.size : start + BLOCK] == self._tails[row]
        )

    def _stamp(self, words: Words, first: int, count: int) -> None:
        row = first % PER_CHUNK
        words[row : row + count, 0] = np.arange(first, first + count, dtype=np.uint64)
        words[row : row + count, 1] = self._times[first : first + count]


class _Buffer:
    """Memory of a chunk that begins at a page, and what is still done with it."""

    def __init__(self, content: bytes) -> None:
        self.memory = mmap.mmap(-1, CHUNK)
        self.memory[:] = content
        self.view = memoryview(self.memory)
        self.words = _words(self.memory)
        self.job: Future[int] | None = None
        self.blocks = 0
        """That the job compares."""

    def part(self, first: int, count: int) -> memoryview:
        """Where these blocks of a chunk lie."""
        row = first % PER_CHUNK
        return self.view[row * BLOCK : (row + count) * BLOCK]


def _words(buffer: Any) -> Words:
    return np.frombuffer(buffer, dtype=np.uint64).reshape(PER_CHUNK, BLOCK // 8)
