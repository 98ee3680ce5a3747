"""What a storage burner writes, and whether it reads the same again."""

from __future__ import annotations

import ctypes
import mmap
import random
import struct
import threading
from collections.abc import Callable
from hashlib import blake2b
from queue import SimpleQueue
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
PAGES = 32
"""Small reads that are compared together: one by one, each would find the caches cold."""

_HEADER = struct.Struct("=QQ")

Words = NDArray[np.uint64]

_memcmp = ctypes.CDLL(None).memcmp  # without the interpreter's lock, and without a copy
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


class Blocks:
    """The content of one file: every block knows its number and how often it was written.

    So a block that is stale, in the wrong place, torn or flipped is told from the right one. The
    rest of a block is random and can't be compressed. All of it is compared with what was meant;
    the hash of each sixteenth chunk also finds what went wrong in the memory of the comparison.

    Whole chunks are compared and hashed on a thread of their own while the next ones are written
    or read (all of it runs without the interpreter's lock), or the burner would be slower than
    the device; single blocks some at a time. `settle` waits for all of that; only then are
    `verified` and `bad` up to date.
    """

    def __init__(self, size_bytes: int, seed: int) -> None:
        """`size_bytes`: whole chunks."""
        content = random.Random(seed).randbytes(CHUNK)
        self.verified = self.bad = 0
        """Blocks."""
        self._tails = [
            content[start + _HEADER.size : start + BLOCK] for start in range(0, CHUNK, BLOCK)
        ]
        self._outs, self._ins = _Pool(content), _Pool(content)
        self._single = _Buffer(content)
        self._reading = self._ins.take()
        self._pages = _Buffer(content)
        self._read: list[tuple[int, int]] = []
        """Block, and how often it had been written, of each page that waits to be compared."""
        self._meant = _words(bytearray(content))
        self._times = np.zeros(size_bytes // BLOCK, dtype=np.uint64)
        self._count_of = self._times.data
        self._hashes: dict[int, bytes] = {}
        self._helper = _Helper()

    def close(self) -> None:
        """Let the thread end."""
        self._helper.close()

    def to_write(self, first: int, count: int) -> memoryview:
        """New content of `count` blocks within one chunk, from block `first` on; it begins at a
        page, as O_DIRECT wants it, and stays until the next call."""
        chunk = first // PER_CHUNK
        if count == 1:
            self._count_of[first] += 1
            self._hashes.pop(chunk, None)
            row = first % PER_CHUNK
            _HEADER.pack_into(self._single.memory, row * BLOCK, first, self._count_of[first])
            return self._single.rows[row]
        buffer = self._outs.take()
        self._times[first : first + count] += np.uint64(1)
        _stamp(buffer.words, first, self._times[first : first + count])
        if count == PER_CHUNK and not chunk % HASHED_EVERY:
            self._helper.do(buffer, lambda: self._keep_hash(chunk, buffer.view))
        else:
            self._hashes.pop(chunk, None)
            self._outs.give(buffer)
        return buffer.part(first, count)

    def to_read(self, first: int, count: int) -> memoryview:
        """Room for what is read of these blocks; begins at a page too."""
        if count == 1:
            return self._pages.rows[len(self._read)]
        return self._reading.part(first, count)

    def check(self, first: int, count: int) -> None:
        """Compare what was read into the last `to_read` with what was last written there."""
        if count == 1:
            self._read.append((first, self._count_of[first]))
            if len(self._read) == PAGES:
                self._check_pages()
            return
        buffer, times = self._reading, self._times[first : first + count].copy()
        buffer.blocks = count
        self._helper.do(buffer, lambda: self._differing(buffer, first, times))
        self._reading = self._ins.take()

    def settle(self) -> None:
        """Wait until all is compared and hashed."""
        self._check_pages()
        for pool, out in ((self._ins, 1), (self._outs, 0)):
            pool.settle(out)
            self.bad += pool.bad
            self.verified += pool.blocks - pool.bad
            pool.bad = pool.blocks = 0

    def _check_pages(self) -> None:
        bad = sum(
            not self._is_right(page, block, times) for page, (block, times) in enumerate(self._read)
        )
        self.bad += bad
        self.verified += len(self._read) - bad
        self._read.clear()

    def _keep_hash(self, chunk: int, view: memoryview) -> int:
        self._hashes[chunk] = blake2b(view).digest()
        return 0

    def _differing(self, buffer: _Buffer, first: int, times: Words) -> int:
        row, count = first % PER_CHUNK, len(times)
        _stamp(self._meant, first, times)
        where = row * BLOCK
        if _memcmp(buffer.address + where, self._meant.ctypes.data + where, count * BLOCK):
            meant, read = self._meant[row : row + count], buffer.words[row : row + count]
            return int((meant != read).any(axis=1).sum())
        known = self._hashes.get(first // PER_CHUNK) if count == PER_CHUNK else None
        return int(known is not None and blake2b(buffer.view).digest() != known)

    def _is_right(self, page: int, block: int, times: int) -> bool:
        # A small read takes some fifty microseconds; numpy would add a fifth to that.
        memory, start = self._pages.memory, page * BLOCK
        behind = start + _HEADER.size
        return (
            _HEADER.unpack_from(memory, start) == (block, times)
            and memory[behind : start + BLOCK] == self._tails[block % PER_CHUNK]
        )


def _stamp(words: Words, first: int, times: Words) -> None:
    row, count = first % PER_CHUNK, len(times)
    words[row : row + count, 0] = np.arange(first, first + count, dtype=np.uint64)
    words[row : row + count, 1] = times


class _Buffer:
    """Memory of a chunk that begins at a page, and what came of the job that it was given to."""

    def __init__(self, content: bytes) -> None:
        self.memory = mmap.mmap(-1, CHUNK)
        self.memory[:] = content
        self.view = memoryview(self.memory)
        self.words = _words(self.memory)
        self.address: int = self.words.ctypes.data
        self.rows = [self.view[start : start + BLOCK] for start in range(0, CHUNK, BLOCK)]
        self.home: SimpleQueue[_Buffer] = SimpleQueue()
        """Where it goes when the job is done."""
        self.blocks = self.bad = 0
        """That the job compares, and that it found wrong."""
        self.error: Exception | None = None

    def part(self, first: int, count: int) -> memoryview:
        """Where these blocks of a chunk lie."""
        row = first % PER_CHUNK
        return self.view[row * BLOCK : (row + count) * BLOCK]


class _Pool:
    """Buffers of one kind. The one that was given back last is taken first: the caches know it."""

    def __init__(self, content: bytes) -> None:
        self.blocks = self.bad = 0
        """Of the jobs that are done."""
        self._free = [_Buffer(content) for _ in range(BUFFERS)]
        self._done: SimpleQueue[_Buffer] = SimpleQueue()
        for each in self._free:
            each.home = self._done

    def take(self) -> _Buffer:
        """One that nobody uses; waits while there is none."""
        while not self._free or not self._done.empty():
            self._collect()
        return self._free.pop()

    def give(self, buffer: _Buffer) -> None:
        """It is free again."""
        self._free.append(buffer)

    def settle(self, out: int) -> None:
        """Wait until no job has one of them; `out` are with their user."""
        while len(self._free) < BUFFERS - out:
            self._collect()

    def _collect(self) -> None:
        buffer = self._done.get()
        if buffer.error is not None:
            raise buffer.error
        self.blocks += buffer.blocks
        self.bad += buffer.bad
        buffer.blocks = buffer.bad = 0
        self._free.append(buffer)


class _Helper:
    """A thread that does jobs on buffers, in their order."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[_Buffer, Callable[[], int]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="blocks", daemon=True)
        self._thread.start()

    def do(self, buffer: _Buffer, job: Callable[[], int]) -> None:
        """The job says how many blocks are wrong."""
        self._jobs.put((buffer, job))

    def close(self) -> None:
        """When all is done the thread ends."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (given := self._jobs.get()) is not None:
            buffer, job = given
            try:
                buffer.bad = job()
            except Exception as error:
                buffer.error = error
            buffer.home.put(buffer)


def _words(buffer: Any) -> Words:
    return np.frombuffer(buffer, dtype=np.uint64).reshape(PER_CHUNK, BLOCK // 8)
