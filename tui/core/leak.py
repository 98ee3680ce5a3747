"""Whether memory leaks: the lasting rise of a series, told from warm-up, noise and single steps.

Trend tests alone see leaks in most long-lived noise (Machida et al., ISSREW 2013), so three things
must hold: a Theil-Sen slope whose 95 % lower bound is above 0, a slope above a limit, and growth
that matters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from statistics import median
from typing import Literal

import msgspec

BINS = 24
LEAST_BINS = 12
LEAST_S = 90 * 60.0
"""What is left of a shorter run after the cut can't be judged."""
WARM_UP_S = 10 * 60.0
CUT_STEP_S = 5 * 60.0
LARGEST_CUT = 1 / 3
LEAST_GROWTH_MB = 10.0
LEAST_GROWTH = 0.02
LONG_S = 12 * 3600.0
_Z95 = 1.96
_HOUR_S = 3600.0

LeakVerdict = Literal["leak", "steady", "inconclusive"]
Point = tuple[float, float]
"""Seconds, and MiB."""


class Leak(msgspec.Struct, frozen=True):
    """What became of a process's memory. None: there was too little to say even that."""

    verdict: LeakVerdict
    why: str
    """Why it is inconclusive; empty otherwise."""
    judged_s: float
    """How long the series is without its warm-up."""
    cut_s: float
    """How much of it was warm-up."""
    limit_mb_per_h: float
    slope_mb_per_h: float | None = None
    lower_mb_per_h: float | None = None
    """The slope's 95 % bounds."""
    upper_mb_per_h: float | None = None
    growth_mb: float | None = None
    """Along the slope, over what was judged."""
    process: str = ""
    """Whose it was, such as `python3 1841`; a restart makes another series."""


def limit_for(judged_s: float) -> float:
    """MiB an hour that a run of that length can tell from noise: 5, from half a day on 2."""
    return 2.0 if judged_s >= LONG_S else 5.0


def leak_of(
    points: Sequence[Point], *, limit_mb_per_h: float | None = None, process: str = ""
) -> Leak:
    """The verdict on one process's series, in order of time; never "steady" for a short one."""
    cut_s = _warm_up(points)
    rest = [point for point in points if point[0] >= points[0][0] + cut_s] if points else []
    judged_s = rest[-1][0] - rest[0][0] if rest else 0.0
    limit = limit_for(judged_s) if limit_mb_per_h is None else limit_mb_per_h
    bins = _bins(rest, BINS)
    short = Leak("inconclusive", "too short", judged_s, cut_s, limit, process=process)
    if len(bins) < LEAST_BINS:
        return short
    slope, lower, upper = _theil_sen(bins)
    growth = slope * judged_s
    told = msgspec.structs.replace(
        short,
        slope_mb_per_h=slope * _HOUR_S,
        lower_mb_per_h=lower * _HOUR_S,
        upper_mb_per_h=upper * _HOUR_S,
        growth_mb=growth,
    )
    if judged_s < LEAST_S:
        return told
    level = median(value for _, value in bins)
    is_large = growth > max(LEAST_GROWTH_MB, LEAST_GROWTH * level)
    if not is_large or slope * _HOUR_S <= limit:
        return msgspec.structs.replace(told, verdict="steady", why="")
    if lower <= 0:
        return msgspec.structs.replace(told, why="it rose, but no more than it wavers")
    return msgspec.structs.replace(told, verdict="leak", why="")


def _warm_up(points: Sequence[Point]) -> float:
    """Ten minutes, and on until the series no longer climbs towards its own later course."""
    if not points:
        return 0.0
    began_s, length_s = points[0][0], points[-1][0] - points[0][0]
    later = _bins([p for p in points if p[0] >= began_s + length_s * LARGEST_CUT], BINS)
    if len(later) < LEAST_BINS:
        return WARM_UP_S
    slope, _, _ = _theil_sen(later)
    start = median(value - slope * at_s for at_s, value in later)
    off = [abs(value - start - slope * at_s) for at_s, value in later]
    allowed = max(3 * median(off), LEAST_GROWTH * start / 4)
    cut_s = WARM_UP_S
    while cut_s + CUT_STEP_S <= length_s * LARGEST_CUT:
        at_s = began_s + cut_s
        early = [p for p in points if at_s <= p[0] < at_s + CUT_STEP_S]
        if early and _middle(early, slope) >= start - allowed:
            break
        cut_s += CUT_STEP_S
    return cut_s


def _middle(points: Sequence[Point], slope: float) -> float:
    return median(value - slope * at_s for at_s, value in points)


def _bins(points: Sequence[Point], number: int) -> list[Point]:
    """Medians over equal stretches of time; empty ones are left out."""
    if len(points) < 2:
        return []
    began_s = points[0][0]
    width_s = (points[-1][0] - began_s) / number
    slots: dict[int, list[Point]] = {}
    for point in points:
        slot = min(int((point[0] - began_s) / width_s), number - 1) if width_s else 0
        slots.setdefault(slot, []).append(point)
    return [
        (median(at_s for at_s, _ in slot), median(value for _, value in slot))
        for slot in slots.values()
    ]


def _theil_sen(points: Sequence[Point]) -> tuple[float, float, float]:
    """The median of all slopes between two points, with Sen's 95 % bounds (JASA 63, 1968)."""
    slopes = sorted(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for earlier, later in combinations(points, 2)
    )
    n = len(points)
    wide = _Z95 * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    lowest = max(int((len(slopes) - wide) / 2), 0)
    highest = min(math.ceil((len(slopes) + wide) / 2), len(slopes) - 1)
    return median(slopes), slopes[lowest], slopes[highest]


class LeakFold:
    """Samples in, verdicts out; bounded however long the run is.

    Samples fold to medians of ten seconds, and those by two whenever there are `capacity`.
    """

    WIDTH_S = 10.0
    MOST_SERIES = 20

    def __init__(self, limit_mb_per_h: float | None = None, capacity: int = 1024) -> None:
        self._limit_mb_per_h = limit_mb_per_h
        self._capacity = capacity
        self._ended: list[Leak] = []
        self.restarts = 0
        """How often another process took over."""
        self._begin("")

    def add(self, at_s: float, value_mb: float, process: str) -> None:
        """One sample, in order of time; another `process` is a restart."""
        if process != self._process:
            if self._process:
                self._ended = [*self._ended, self._leak()][-self.MOST_SERIES + 1 :]
                self.restarts += 1
            self._begin(process)
        if self._now and at_s >= self._now[0][0] + self._width_s:
            self._close()
        self._now.append((at_s, value_mb))

    def leaks(self) -> tuple[Leak, ...]:
        """The verdict on each process, the present one last; at most `MOST_SERIES`."""
        return (*self._ended, self._leak()) if self._process else ()

    def _begin(self, process: str) -> None:
        self._process = process
        self._width_s = self.WIDTH_S
        self._points: list[Point] = []
        self._now: list[Point] = []

    def _close(self) -> None:
        self._points.append(_centre(self._now))
        self._now = []
        if len(self._points) >= self._capacity:
            pairs = zip(self._points[::2], self._points[1::2], strict=True)
            self._points = [_centre(pair) for pair in pairs]
            self._width_s *= 2

    def _leak(self) -> Leak:
        points = [*self._points, _centre(self._now)] if self._now else self._points
        return leak_of(points, limit_mb_per_h=self._limit_mb_per_h, process=self._process)


def _centre(points: Sequence[Point]) -> Point:
    return median(at_s for at_s, _ in points), median(value for _, value in points)
