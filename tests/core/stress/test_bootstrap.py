from __future__ import annotations

import random
from math import inf
from statistics import fmean, pstdev, stdev

import pytest

from tui.core.histogram import bucket_of, merged, percentile_ms
from tui.core.stress.blocks import BLOCK_S, Blocks
from tui.core.stress.bootstrap import LEAST_BLOCKS, Spread, interval_of, spread_of

CASES = 60


class Stretch:
    """Seconds of a service that wavers from one to the next, and remembers a little."""

    def __init__(self, seed: int, length_s: int, *, factor: float = 1.0, rps: int = 20) -> None:
        dice = random.Random(seed)
        blocks, wobble = Blocks(), 0.0
        for _ in range(length_s):
            wobble = 0.4 * wobble + dice.gauss(0, 0.08)
            requests = max(round(dice.gauss(rps, rps**0.5 / 2)), 0)
            found: dict[int, int] = {}
            for _ in range(requests):
                bucket = bucket_of(20 * factor * dice.lognormvariate(wobble, 0.4))
                found[bucket] = found.get(bucket, 0) + 1
            blocks.add(found, requests)
        whole = blocks.whole
        self.p95_ms = percentile_ms(merged(block.buckets for block in whole), 0.95) or 0.0
        self.rps = sum(block.requests for block in whole) / sum(block.seconds for block in whole)
        self.spread = spread_of(whole, seed % 2)


def p95_interval(later: Stretch, before: Stretch) -> tuple[float, float]:
    found = interval_of(later.p95_ms / before.p95_ms, later.spread.p95, before.spread.p95)
    assert found is not None
    return found


def rps_interval(later: Stretch, before: Stretch) -> tuple[float, float]:
    found = interval_of(later.rps / before.rps, later.spread.rps, before.spread.rps)
    assert found is not None
    return found


@pytest.mark.parametrize(("before_s", "after_s"), [(60, 60), (60, 30), (30, 120), (30, 30)])
def test_the_interval_of_two_equal_stretches_nearly_always_holds_one(
    before_s: int, after_s: int
) -> None:
    pairs = [(Stretch(2 * case, before_s), Stretch(2 * case + 1, after_s)) for case in range(CASES)]
    for interval in (p95_interval, rps_interval):
        held = [low <= 1 <= high for low, high in (interval(b, a) for a, b in pairs)]
        assert sum(held) >= 0.88 * CASES
        # An interval that is never wrong says nothing.
        width = sum(high - low for low, high in (interval(b, a) for a, b in pairs)) / CASES
        assert width < 0.6


@pytest.mark.parametrize("factor", [0.6, 1.3, 4.0])
def test_a_planted_factor_lies_in_the_interval_and_one_does_not(factor: float) -> None:
    pairs = [
        (Stretch(2 * case, 60), Stretch(2 * case + 1, 60, factor=factor)) for case in range(20)
    ]
    found = [p95_interval(later, before) for before, later in pairs]
    assert sum(low <= factor <= high for low, high in found) >= 17
    assert sum(low <= 1 <= high for low, high in found) <= 2


def test_a_planted_rate_lies_in_the_interval() -> None:
    low, high = rps_interval(Stretch(1, 60, rps=30), Stretch(2, 60, rps=60))
    assert low < 0.5 < high < 0.6


def test_the_same_seconds_give_the_same_interval() -> None:
    assert Stretch(3, 60).spread == Stretch(3, 60).spread


def test_different_seeds_draw_differently() -> None:
    blocks = Blocks()
    for second in range(60):
        blocks.add({second: 5}, second)
    assert spread_of(blocks.whole, 0) != spread_of(blocks.whole, 1)


@pytest.mark.parametrize(("number", "is_told"), [(LEAST_BLOCKS - 1, False), (LEAST_BLOCKS, True)])
def test_few_blocks_have_no_spread(number: int, is_told: bool) -> None:
    spread = Stretch(1, number * BLOCK_S).spread
    assert (bool(spread.p95), bool(spread.rps)) == (is_told, is_told)


def test_few_blocks_spread_as_student_says() -> None:
    blocks = Blocks()
    by_block = (18, 19, 20, 20, 21, 22)
    for requests in by_block:
        for _ in range(BLOCK_S):
            blocks.add({500: requests}, requests)
    of_the_mean = stdev(by_block) / fmean(by_block) / len(by_block) ** 0.5
    assert pstdev(spread_of(blocks.whole, 0).rps) == pytest.approx(
        of_the_mean * 2.571 / 1.96, rel=0.15
    )


def test_constant_figures_have_an_interval_without_width() -> None:
    blocks = Blocks()
    for _ in range(60):
        blocks.add({500: 20}, 20)
    spread = spread_of(blocks.whole, 1)
    for one in (spread.p95, spread.rps):
        assert interval_of(2.0, one, one) == pytest.approx((2.0, 2.0))


def test_a_service_that_hardly_answered_may_have_done_nothing() -> None:
    blocks = Blocks()
    for second in range(60):
        blocks.add({500: 1} if second == 0 else {}, int(second == 0))
    spread = spread_of(blocks.whole, 1)
    assert spread.p95 == ()
    assert min(spread.rps) == -inf
    usual = Stretch(2, 60).spread.rps
    found = interval_of(0.01, spread.rps, usual)
    assert found is not None
    assert found[0] == 0
    assert interval_of(100.0, usual, spread.rps) is None


def test_a_dead_service_has_no_spread() -> None:
    blocks = Blocks()
    for _ in range(60):
        blocks.add({}, 0)
    assert spread_of(blocks.whole, 1) == Spread()
