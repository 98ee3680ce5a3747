"""Bytes that a step makes up."""

from __future__ import annotations

import hashlib

MOST_BYTES = 64 * 1024 * 1024


def noise(size_bytes: int, seed: str) -> bytes:
    """That nothing makes smaller; the same for the same seed."""
    return hashlib.shake_256(seed.encode()).digest(size_bytes)


def damaged(data: bytes, keep: float, flip: int) -> bytes:
    """A copy of its beginning, that share of it, in which so many bytes are other ones: evenly
    spread, all of them at most."""
    copy = bytearray(data[: round(len(data) * keep)])
    number = min(flip, len(copy))
    for each in range(number):
        copy[(2 * each + 1) * len(copy) // (2 * number)] ^= 0xFF
    return bytes(copy)
