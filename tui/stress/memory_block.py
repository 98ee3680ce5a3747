"""A block of memory that is filled with a pattern, compared with it, and given back whole."""

from __future__ import annotations

import ctypes
import mmap

import numpy as np
import numpy.typing as npt

from tui.stress.headroom import STEP_MB

CHUNK_BYTES = 128 * 1024
"""What is compared at a time: the pattern stays in the cache, the block does not."""
CHUNKS = STEP_MB * 1024 * 1024 // CHUNK_BYTES
_WORDS = CHUNK_BYTES // 8
_GOLDEN = 0x9E3779B97F4A7C15
_WORD_MASK = 2**64 - 1
# numpy compares by way of an array of bools; this is a fifth faster.
_memcmp = ctypes.CDLL(None).memcmp
_memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)

Words = npt.NDArray[np.uint64]


class Pattern:
    """Random words, the same in each run, which no compressed swap makes smaller.

    Each chunk of each block has them under a salt of its own, so that a chunk at the wrong
    address is found too.
    """

    def __init__(self) -> None:
        self._words = np.random.default_rng(2026).integers(0, 2**64, _WORDS, dtype=np.uint64)
        self._expected = np.empty_like(self._words)
        self._expected_at = self._expected.ctypes.data

    def write(self, chunk: Words, number: int) -> None:
        """Fill a chunk with the pattern of this number."""
        np.bitwise_xor(self._words, _salt(number), out=chunk)

    def is_at(self, address: int, number: int) -> bool:
        """Whether the chunk at an address of this process holds the pattern of this number."""
        self.write(self._expected, number)
        return not _memcmp(address, self._expected_at, CHUNK_BYTES)


class Block:
    """STEP_MB of anonymous memory. Nothing but this object refers to it: dropped is given back.

    Raises OSError when the kernel refuses it.
    """

    def __init__(self, pattern: Pattern, serial: int) -> None:
        room = mmap.mmap(-1, STEP_MB * 1024 * 1024, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.chunks: Words = np.frombuffer(room, dtype=np.uint64).reshape(CHUNKS, _WORDS)
        self._address = self.chunks.ctypes.data
        self._pattern = pattern
        self._serial = serial
        self._generation = 0
        for index in range(CHUNKS):
            pattern.write(self.chunks[index], self._number(index))

    def verify(self) -> int:
        """Compare all; the number of bad chunks, which are mended, so that each counts once."""
        bad = 0
        for index in range(CHUNKS):
            if not self._is_right(index):
                self._pattern.write(self.chunks[index], self._number(index))
                bad += 1
        return bad

    def renew(self) -> int:
        """Compare all and write another pattern over it; the number of bad chunks."""
        bad = 0
        for index in range(CHUNKS):
            bad += not self._is_right(index)
            self._pattern.write(self.chunks[index], self._number(index, later=1))
        self._generation += 1
        return bad

    def _is_right(self, index: int) -> bool:
        return self._pattern.is_at(self._address + index * CHUNK_BYTES, self._number(index))

    def _number(self, index: int, later: int = 0) -> int:
        return (self._generation + later << 40) + self._serial * CHUNKS + index


def _salt(number: int) -> np.uint64:
    # The factor is odd, so no two numbers have the same salt.
    salt: np.uint64 = np.uint64(((number + 1) * _GOLDEN) & _WORD_MASK)
    return salt
