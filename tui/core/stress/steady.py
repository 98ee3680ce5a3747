"""When the board grows no warmer: the slope of its hottest gauge over the last two minutes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import median

from tui.core.events import STALE_S, Reading
from tui.core.stress.heat import heat

WINDOW_S = 120.0
LEAST_S = 60.0
"""No board warms up in less."""
STEEPEST_C_PER_MIN = 0.5
"""Beside the three minutes in which a board with a heat sink settles, what is yet to come of so
flat an exponential is 1.5 °C: less than the 5 °C between our own line and the board's."""
COARSEST_C = 1.0
STEP_S = 2.0
"""Medians of so long: sixty points, and 1770 slopes between them."""
REPLAY = "replay"
Point = tuple[float, float]
"""Seconds, and °C."""


class SteadyFold:
    """Fed with samples of the board since the stress began, in order of time."""

    def __init__(self, stressed_s: float) -> None:
        self._stressed_s = stressed_s
        self._now: list[Point] = []
        """Of the step that goes on."""
        self._points: deque[Point] = deque()
        self._finest_c = COARSEST_C
        """The smallest step between two readings so far."""
        self._last_c: float | None = None
        self._seen_s = stressed_s
        self.after_s: float | None = None
        """Since the stress began, when it was steady for the first time; None: not yet."""

    def add(self, at_s: float, readings: Mapping[str, Reading]) -> None:
        """One sample; a gauge that is absent, stale or replayed is none."""
        reading = heat(readings)
        if reading is None or reading.value is None or reading.source == REPLAY:
            return
        if self.after_s is not None:
            return
        if at_s - self._seen_s > STALE_S:
            self._points.clear()
            self._now.clear()
        self._seen_s = at_s
        self._refine(reading.value)
        if self._now and at_s >= self._now[0][0] + STEP_S:
            self._points.append(_centre(self._now))
            self._now = []
            while len(self._points) > 1 and self._points[1][0] <= at_s - WINDOW_S:
                self._points.popleft()
            if is_steady(self._points, at_s, self._finest_c):
                self.after_s = at_s - self._stressed_s
        self._now.append((at_s, reading.value))

    def _refine(self, value_c: float) -> None:
        step_c = abs(value_c - self._last_c) if self._last_c is not None else 0.0
        self._finest_c = min(self._finest_c, step_c or COARSEST_C)
        self._last_c = value_c


def is_steady(points: Sequence[Point], at_s: float, finest_c: float) -> bool:
    """Whether the Theil-Sen slope is flat, over long enough for the sensor to show that it is not.

    A sensor in whole degrees stands still for two minutes while it warms by half a degree in each.
    """
    if len(points) < 2:
        return False
    needed_s = max(LEAST_S, min(finest_c, COARSEST_C) / STEEPEST_C_PER_MIN * 60)
    if at_s - points[0][0] < needed_s:
        return False
    slopes = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for earlier, later in combinations(points, 2)
    ]
    return abs(median(slopes)) * 60 < STEEPEST_C_PER_MIN


def _centre(points: Sequence[Point]) -> Point:
    return median(at_s for at_s, _ in points), median(value for _, value in points)
