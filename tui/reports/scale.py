"""From figures to places on paper: axes with round steps, and the paths of curves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import NamedTuple

TIME_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)


class Scale(NamedTuple):
    """A straight map of figures onto places."""

    low: float
    high: float
    at_low: float
    at_high: float

    def place(self, value: float) -> float:
        """Where a figure lies; outside the range at its edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.at_low + share * (self.at_high - self.at_low), 1)


def round_up(value: float) -> float:
    """The next of 1, 2, 4, 5, 8, 10 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(value))
    return next(step * unit for step in (1, 2, 4, 5, 8, 10) if value <= step * unit * (1 + 1e-9))


def round_range(low: float, high: float) -> tuple[float, float]:
    """A range with round ends around both; never empty. For gauges, which do not begin at 0."""
    step = round_up(max(high - low, 1.0) / 2)
    bottom = floor(low / step) * step
    return bottom, max(bottom + 2 * step, -floor(-high / step) * step)


def time_ticks(length_s: float, most: int = 10) -> list[float]:
    """Round moments from 0 on, at most so many."""
    step_s = next((step for step in TIME_STEPS_S if length_s / step <= most), 86400)
    return [float(tick) for tick in range(0, int(length_s) + 1, step_s)]


def line_path(places: Iterable[tuple[float, float] | None]) -> str:
    """An SVG path through the places; None breaks it. A lone place is drawn as a dot."""
    parts: list[str] = []
    for run in _unbroken(places):
        parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in run))
        if len(run) == 1:
            parts.append("h.1")
    return "".join(parts)


def area_path(places: Iterable[tuple[float, float] | None], floor_y: float) -> str:
    """As `line_path`, filled down to `floor_y`."""
    return "".join(
        f"M{run[0][0]:g} {floor_y:g}L"
        + "L".join(f"{x:g} {y:g}" for x, y in run)
        + f"L{run[-1][0]:g} {floor_y:g}Z"
        for run in _unbroken(places)
    )


def step_path(places: Sequence[tuple[float, float, float]]) -> str:
    """A stair of levels: left, right and height of each."""
    parts = [f"{left:g} {y:g}H{right:g}" for left, right, y in places]
    return f"M{'L'.join(parts)}" if parts else ""


def _unbroken(
    places: Iterable[tuple[float, float] | None],
) -> Iterable[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for place in places:
        if place is not None:
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run
