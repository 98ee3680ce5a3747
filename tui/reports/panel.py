"""One chart on a run's page: curves, limits, and the labelled heights beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tui.reports.scale import Scale

OFF_SCALE = 2.0
"""A limit this many times above all figures would press them flat: it is named, not drawn."""
MAX_NAMES = 4
"""Of what has a curve of its own: there are as many inks."""
LEAST_FAIL = 9.0
LEGEND_LEFT, LEGEND_CHARACTER = 185.0, 6.2

Place = tuple[float, float] | None


class Curve(NamedTuple):
    """A path and how it is called, empty where the title says it; `kind` is its style: area, line,
    stair, asked or ticks."""

    kind: str
    ink: str
    path: str
    label: str


class Legend(NamedTuple):
    """A curve's name in the panel's title line."""

    x: float
    kind: str
    ink: str
    label: str


class Line(NamedTuple):
    """A limit across a panel."""

    y: float
    label: str


class YTick(NamedTuple):
    """A labelled height."""

    y: float
    label: str


class Panel(NamedTuple):
    """One chart; heights in SVG units, `top` and `bottom` enclose the drawing itself."""

    title: str
    unit: str
    top: float
    bottom: float
    ticks: tuple[YTick, ...]
    curves: tuple[Curve, ...]
    lines: tuple[Line, ...]
    beyond: str
    """A limit that lies above the drawing."""

    @property
    def legend(self) -> tuple[Legend, ...]:
        """Where the names of the curves stand; none where the title says it."""
        if len(self.curves) < 2 and self.curves[0].label in (self.title.lower(), "rps", ""):
            return ()
        x, entries = LEGEND_LEFT, []
        for curve in self.curves:
            if not curve.label:
                continue
            entries.append(Legend(x, curve.kind, curve.ink, curve.label))
            x += 32 + LEGEND_CHARACTER * len(curve.label)
        return tuple(entries)


Maker = tuple[float, Callable[[float, float], Panel | None]]
"""A height, and what makes a panel between two of them, or none where nothing was told."""


def more_words(names: int) -> str:
    """How many have no curve, for want of ink; empty where all have one."""
    return f"and {names - MAX_NAMES} more" if names > MAX_NAMES else ""


def fails_path(places: Iterable[float], bottom: float) -> str:
    """A short line up from the bottom at each place; empty without any."""
    return "".join(f"M{x:g} {bottom:g}v-{LEAST_FAIL:g}" for x in places)


def ticks_of(scale: Scale, steps: int, words: Callable[[float], str]) -> tuple[YTick, ...]:
    """So many labelled heights above the lowest one."""
    values = [scale.low + (scale.high - scale.low) * step / steps for step in range(steps + 1)]
    return tuple(YTick(scale.place(value), words(value)) for value in values)
