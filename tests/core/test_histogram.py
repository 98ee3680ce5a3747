from __future__ import annotations

from collections.abc import Callable
from math import ceil
from random import Random

import pytest

from tui.core.histogram import (
    HIGHEST_MS,
    LOWEST_MS,
    add_into,
    bucket_floor_ms,
    bucket_of,
    merged,
    percentile_ms,
    percentiles_ms,
)

SHARES = (0.0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0)


def buckets_of(latencies_ms: list[float]) -> dict[int, int]:
    buckets: dict[int, int] = {}
    for ms in latencies_ms:
        add_into(buckets, {bucket_of(ms): 1})
    return buckets


def latencies_from(random: Random) -> list[float]:
    """Latencies as services have them: a narrow bulk, a long tail, steps, or anything at all."""
    shapes: list[Callable[[], float]] = [
        lambda: random.lognormvariate(4, 1.5),
        lambda: random.uniform(LOWEST_MS, HIGHEST_MS),
        lambda: random.choice([1.0, 10.0, 100.0]),
        lambda: random.expovariate(1 / 300) + LOWEST_MS,
    ]
    draw = random.choice(shapes)
    return [
        min(max(draw(), LOWEST_MS), HIGHEST_MS) for _ in range(random.choice([1, 2, 19, 99, 2000]))
    ]


@pytest.mark.parametrize("seed", range(60))
def test_a_percentile_is_within_one_percent_of_the_sorted_data(seed: int) -> None:
    latencies_ms = sorted(latencies_from(Random(seed)))
    buckets = buckets_of(latencies_ms)
    for share in SHARES:
        exact = latencies_ms[max(ceil(share * len(latencies_ms) - 1e-9), 1) - 1]
        found = percentile_ms(buckets, share, lowest=latencies_ms[0], highest=latencies_ms[-1])
        assert found == pytest.approx(exact, rel=0.01)


def test_every_latency_lies_in_its_bucket() -> None:
    random = Random(1)
    for _ in range(5000):
        ms = random.uniform(LOWEST_MS, HIGHEST_MS) ** random.random()
        bucket = bucket_of(max(ms, LOWEST_MS))
        floor, ceiling = bucket_floor_ms(bucket), bucket_floor_ms(bucket + 1)
        assert floor * (1 - 1e-9) <= max(ms, LOWEST_MS) <= ceiling * (1 + 1e-9)


@pytest.mark.parametrize(("ms", "bucket"), [(0.0, 0), (0.05, 0), (1e12, bucket_of(HIGHEST_MS))])
def test_what_is_out_of_range_goes_to_the_first_or_last_bucket(ms: float, bucket: int) -> None:
    assert bucket_of(ms) == bucket


def test_nothing_timed_has_no_percentile() -> None:
    assert percentile_ms({}, 0.95) is None


def test_several_percentiles_in_one_pass_are_those_of_one_each() -> None:
    for seed in range(20):
        buckets = buckets_of(latencies_from(Random(seed)))
        alone = [percentile_ms(buckets, share) for share in SHARES]
        assert percentiles_ms(buckets, SHARES) == alone
    assert percentiles_ms({}, SHARES) == [None] * len(SHARES)


def test_percentiles_stay_between_the_exact_ends() -> None:
    assert percentile_ms({bucket_of(100.0): 5}, 1.0, lowest=100.0, highest=100.2) <= 100.2  # type: ignore[operator]
    assert percentile_ms({0: 5}, 0.5, lowest=0.0, highest=0.0) == 0.0


def test_merged_histograms_have_the_percentiles_of_all_data_together() -> None:
    random = Random(7)
    parts = [latencies_from(random) for _ in range(4)]
    together = buckets_of([ms for part in parts for ms in part])
    assert merged(buckets_of(part) for part in parts) == together
