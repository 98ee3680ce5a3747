"""A stretch of seconds cut into blocks: seconds beside each other are alike, blocks hardly."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.histogram import add_into

BLOCK_S = 5
MOST_BLOCKS = 96


class Block:
    """Some seconds as one."""

    __slots__ = ("buckets", "requests", "seconds")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.requests = 0
        self.seconds = 0

    def add(self, buckets: Mapping[int, int], requests: int, seconds: int) -> None:
        """Count more of them."""
        add_into(self.buckets, buckets)
        self.requests += requests
        self.seconds += seconds


class Blocks:
    """Seconds in, whole blocks of equal length out; they fold by two when there are too many."""

    def __init__(self) -> None:
        self.width_s = BLOCK_S
        self.whole: list[Block] = []
        self._open = Block()

    def add(self, buckets: Mapping[int, int], requests: int) -> None:
        """One second that counts."""
        self._open.add(buckets, requests, 1)
        if self._open.seconds < self.width_s:
            return
        self.whole.append(self._open)
        self._open = Block()
        if len(self.whole) >= MOST_BLOCKS:
            self._fold()

    def _fold(self) -> None:
        pairs = zip(self.whole[::2], self.whole[1::2], strict=True)
        self.whole = [_joined(earlier, later) for earlier, later in pairs]
        self.width_s *= 2


def _joined(earlier: Block, later: Block) -> Block:
    earlier.add(later.buckets, later.requests, later.seconds)
    return earlier
