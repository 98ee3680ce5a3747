"""Latencies in logarithmic buckets one percent wide: bounded, mergeable, never rounded twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, log

LOWEST_MS = 0.05
HIGHEST_MS = 600_000.0
GROWTH = 1.01
_LOG_GROWTH = log(GROWTH)
_TOP = int(log(HIGHEST_MS / LOWEST_MS) / _LOG_GROWTH)


def bucket_of(ms: float) -> int:
    """The bucket that holds `ms`: 0 up to 0.05 ms, at most the one that holds ten minutes."""
    if ms <= LOWEST_MS:
        return 0
    return min(int(log(ms / LOWEST_MS) / _LOG_GROWTH), _TOP)


def bucket_floor_ms(bucket: int) -> float:
    """The lower edge of a bucket; its upper edge is the floor of the next."""
    return LOWEST_MS * float(GROWTH**bucket)


def percentile_ms(
    buckets: Mapping[int, int], share: float, *, lowest: float = 0.0, highest: float = HIGHEST_MS
) -> float | None:
    """The latency below which `share` (0..1) of the requests lie; None without requests.

    Nearest rank, interpolated inside its bucket, and kept between the exact lowest and highest
    latency seen.
    """
    return percentiles_ms(buckets, (share,), lowest=lowest, highest=highest)[0]


def percentiles_ms(
    buckets: Mapping[int, int],
    shares: Sequence[float],
    *,
    lowest: float = 0.0,
    highest: float = HIGHEST_MS,
) -> list[float | None]:
    """Several percentiles in one pass over the buckets; `shares` must rise."""
    count = sum(buckets.values())
    if count == 0:
        return [None] * len(shares)
    found: list[float | None] = []
    ordered = iter(sorted(buckets))
    bucket = next(ordered)
    below = 0
    for share in shares:
        # A whole rank lies well inside its bucket; 0.07 * 100 is 7.000000000000001, hence the hair.
        rank = max(ceil(share * count - 1e-9), 1)
        while below + buckets[bucket] < rank:
            below += buckets[bucket]
            bucket = next(ordered)
        floor = bucket_floor_ms(bucket) if bucket else 0.0
        width = bucket_floor_ms(bucket + 1) - floor
        inside = floor + width * (rank - below - 0.5) / buckets[bucket]
        found.append(min(max(inside, lowest), highest))
    return found


def merged(parts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """The sum of several histograms."""
    total: dict[int, int] = {}
    for part in parts:
        add_into(total, part)
    return total


def add_into(total: dict[int, int], part: Mapping[int, int]) -> None:
    """Add `part` to `total` in place."""
    for bucket, held in part.items():
        total[bucket] = total.get(bucket, 0) + held
