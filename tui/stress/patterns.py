"""In which order a storage burner touches the blocks of a file. Pure, but for its own dice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from typing import Literal, NamedTuple

from tui.stress.blocks import HASHED_EVERY, PER_CHUNK

Pattern = Literal["write", "read", "random", "mixed", "files"]

SAMPLE_TURNS = 4
READ_SHARE = 0.7
"""Of the operations of `mixed`; the usual mix of a data base."""


class Step(NamedTuple):
    """One operation."""

    is_write: bool
    first: int
    """Block."""
    blocks: int


def one_pass(blocks: int, *, is_write: bool) -> Iterator[Step]:
    """Each chunk of a file once, from its beginning."""
    return (Step(is_write, first, PER_CHUNK) for first in range(0, blocks, PER_CHUNK))


def samples(blocks: int, turn: int) -> Iterator[Step]:
    """Read back a quarter of the chunks whose hash is known; four turns read them all.

    All of them after each pass would cost a fast disk a fifth of its writes.
    """
    stride = PER_CHUNK * HASHED_EVERY
    start = turn % SAMPLE_TURNS * stride
    return (Step(False, first, PER_CHUNK) for first in range(start, blocks, SAMPLE_TURNS * stride))


def steps(pattern: Pattern, blocks: int, seed: int) -> Iterator[Step]:
    """The operations of a pattern on a file of `blocks` blocks, without end.

    ValueError for `files`, which has more than one.
    """
    dice = random.Random(seed)
    if pattern == "write":
        for turn in count():
            yield from one_pass(blocks, is_write=True)
            yield from samples(blocks, turn)
    elif pattern == "read":
        for _ in count():
            yield from one_pass(blocks, is_write=False)
    elif pattern == "random":
        while True:
            yield Step(False, int(dice.random() * blocks), 1)
    elif pattern == "mixed":
        while True:
            yield Step(dice.random() >= READ_SHARE, int(dice.random() * blocks), 1)
    else:
        raise ValueError(f"{pattern} is no pattern on one file")
