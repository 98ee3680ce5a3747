"""Connected regions of a boolean mask, in numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Region:
    """The smallest box around one connected region; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int
    area: int
    """Set cells, not the area of the box."""


def find_regions(mask: Mask, at_most: int) -> list[Region]:
    """The largest regions of cells that touch by a side or a corner, largest first."""
    width = mask.shape[1]
    # One clear column behind every row, so that no run and no neighbour crosses a row's end.
    stride = width + 1
    flat = np.zeros(mask.shape[0] * stride + 2, np.int8)
    flat[1:-1].reshape(-1, stride)[:, :width] = mask
    edges = np.flatnonzero(np.diff(flat))
    starts, ends = edges[::2], edges[1::2]
    if not starts.size:
        return []
    labels = _join(len(starts), *_touching(starts, ends, stride))
    _, labels = np.unique(labels, return_inverse=True)
    areas = np.bincount(labels, weights=ends - starts)
    rows = starts // stride
    count = len(areas)
    left, right = (
        _extreme(np.minimum, count, labels, starts % stride),
        _extreme(np.maximum, count, labels, ends - rows * stride),
    )
    top, bottom = (
        _extreme(np.minimum, count, labels, rows),
        _extreme(np.maximum, count, labels, rows + 1),
    )
    largest = np.argsort(-areas, kind="stable")[:at_most]
    return [
        Region(int(left[i]), int(top[i]), int(right[i]), int(bottom[i]), int(areas[i]))
        for i in largest
    ]


def _touching(starts: Ints, ends: Ints, stride: int) -> tuple[Ints, Ints]:
    """Pairs of runs, one in a row and one in the row below, that share a side or a corner."""
    first = np.searchsorted(ends, starts + stride, side="left")
    last = np.searchsorted(starts, ends + stride, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, np.repeat(first, counts) + within


def _join(count: int, one: Ints, other: Ints) -> Ints:
    """One label for each group of runs that the pairs connect."""
    labels = np.arange(count)
    while True:
        low = np.minimum(labels[one], labels[other])
        # Hooking the old labels too lets whole groups jump at once: a few rounds, not hundreds.
        hooks = labels.copy()
        np.minimum.at(hooks, labels[one], low)
        np.minimum.at(hooks, labels[other], low)
        joined = hooks[labels]
        if (joined == labels).all():
            return labels
        labels = joined


def _extreme(ufunc: Any, count: int, labels: Ints, values: Ints) -> Ints:
    result = np.full(count, values.max() if ufunc is np.minimum else 0)
    ufunc.at(result, labels, values)
    return result
