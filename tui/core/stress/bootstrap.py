"""How sure a ratio of two stretches is: a bootstrap over their blocks, the same every time.

Both stretches are drawn anew from their own blocks, and the ratio of what comes out is the spread.
Few blocks alone spread too little, hence the widening of each deviation by Student's t. With it the
interval of two equal stretches holds 1 in 91 to 98 of 100 cases, from `LEAST_BLOCKS` on, where the
service forgets within some seconds; where it remembers for much longer than a block it is too
narrow. A hundred blocks of a thousand buckets take some 30 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, repeat
from math import exp, inf, log, sqrt
from operator import itemgetter

import msgspec

from tui.core.histogram import GROWTH, bucket_floor_ms
from tui.core.stress.blocks import Block

REPLICATES = 300
LEAST_BLOCKS = 6
SHARE = 0.95
_Z95 = 1.96
_FACTOR, _STEP, _MASK = 6364136223846793005, 1442695040888963407, (1 << 64) - 1


_Draw = Callable[[Sequence[int]], Sequence[int]]
"""Takes the values of the drawn blocks out of those of all."""


class Spread(msgspec.Struct, frozen=True):
    """How far the logarithms of a stretch's figures wander when it is drawn anew."""

    p95: tuple[float, ...] = ()
    """Empty where there is too little."""
    rps: tuple[float, ...] = ()


def spread_of(blocks: Sequence[Block], seed: int) -> Spread:
    """Of blocks of equal length; two stretches that are compared need different seeds."""
    # Blocks without an answer belong to the rate, and have no latency.
    timed = [block for block in blocks if block.buckets]
    return Spread(p95=_p95_spread(timed, seed), rps=_rps_spread(blocks, seed))


def interval_of(
    ratio: float, later: Sequence[float], before: Sequence[float]
) -> tuple[float, float] | None:
    """The 95 % interval of a ratio, from the spreads of its two parts; None without one of them."""
    if not later or not before or min(before) == -inf:
        return None
    apart = sorted(one - other for one, other in zip(later, before, strict=True))
    cut = round(len(apart) * (1 - SHARE) / 2)
    return ratio * exp(apart[cut]), ratio * exp(apart[-1 - cut])


def _rps_spread(blocks: Sequence[Block], seed: int) -> tuple[float, ...]:
    requests = [block.requests for block in blocks]
    if len(blocks) < LEAST_BLOCKS or not any(requests):
        return ()
    truth = _log(sum(requests))
    return tuple(
        _widened(_log(sum(drawn(requests))) - truth, len(blocks))
        for drawn in _draws(len(blocks), seed)
    )


def _p95_spread(blocks: Sequence[Block], seed: int) -> tuple[float, ...]:
    if len(blocks) < LEAST_BLOCKS:
        return ()
    edges = sorted(set().union(*(block.buckets for block in blocks)))
    rows = [list(accumulate(map(block.buckets.get, edges, repeat(0)))) for block in blocks]
    below = list(zip(*rows, strict=True))
    truth = _log_p95(edges, below, tuple)
    return tuple(
        _widened(_log_p95(edges, below, drawn) - truth, len(blocks))
        for drawn in _draws(len(blocks), seed)
    )


def _log_p95(edges: Sequence[int], below: Sequence[Sequence[int]], drawn: _Draw) -> float:
    """`below`: by bucket and block, how many requests are in it or lower."""
    rank = 0.95 * sum(drawn(below[-1]))
    low, high = 0, len(edges) - 1
    while low < high:
        middle = (low + high) // 2
        if sum(drawn(below[middle])) < rank:
            low = middle + 1
        else:
            high = middle
    lower = sum(drawn(below[low - 1])) if low else 0
    inside = (rank - lower) / (sum(drawn(below[low])) - lower)
    return log(bucket_floor_ms(edges[low])) + log(GROWTH) * inside


def _draws(number: int, seed: int) -> Iterator[_Draw]:
    """So many out of so many, with replacement, `REPLICATES` times."""
    state = seed
    for _ in range(REPLICATES):
        found = []
        for _ in range(number):
            # Knuth's MMIX generator; its low bits repeat too soon.
            state = (state * _FACTOR + _STEP) & _MASK
            found.append((state >> 33) * number >> 31)
        yield itemgetter(*found)


def _log(value: float) -> float:
    return log(value) if value else -inf


def _widened(deviation: float, number: int) -> float:
    free = number - 1
    z = _Z95
    # Student's t by its expansion in 1 / free (Abramowitz and Stegun 26.7.5).
    t = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    return deviation * sqrt(number / free) * t / z
