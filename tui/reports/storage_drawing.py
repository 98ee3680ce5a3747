"""Throughput by size: a curve for each place and number at once, one drawing for each way."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING

from tui.core import format as text
from tui.core.storage.measures import PLACES, PlaceName, Way
from tui.core.storage.plan import StoragePlan
from tui.core.storage.view import StorageView
from tui.reports.drawings import BOTTOM, LEFT, TOP, WIDTH, floor_line, svg
from tui.reports.scale import Scale, line_path

if TYPE_CHECKING:
    from markupsafe import Markup

RIGHT = WIDTH - 96
"""Beside it stand the names of the curves."""
INKS: dict[PlaceName, str] = {"local": "g1", "store": "g0"}
NAME_HEIGHT = 13
WORDS: dict[Way, str] = {"write": "written", "read": "read"}


def throughput_svg(storage: StorageView, plan: StoragePlan, way: Way) -> Markup | None:
    """MB/s over the size, both logarithmic; None with fewer than two sizes."""
    rates = [told.mb_per_s for cell in storage.cells if (told := cell.way(way)) is not None]
    sizes = sorted({cell.size_mb for cell in storage.cells})
    if len(sizes) < 2 or not rates or min(rates) <= 0:
        return None
    across = Scale(log10(sizes[0]), log10(sizes[-1]), LEFT, RIGHT)
    low, high = _decades(min(rates), max(rates))
    up = Scale(log10(low), log10(high), BOTTOM, TOP)
    parts = [f'<text x="0" y="12">MB/s {WORDS[way]}, by size of an object (logarithmic)</text>']
    parts += _ticks(up, low, high)
    parts.append(floor_line(RIGHT))
    parts += [
        f'<text class="mid" x="{across.place(log10(size)):g}" y="{BOTTOM + 15}">{size}</text>'
        for size in sizes
    ]
    parts.append(f'<text class="end" x="{WIDTH}" y="{BOTTOM + 15}">MB</text>')
    parts += _curves(storage, plan, way, across, up)
    return svg(parts, f"throughput {WORDS[way]} by size")


def _curves(
    storage: StorageView, plan: StoragePlan, way: Way, across: Scale, up: Scale
) -> list[str]:
    parts, names = [], []
    for place in PLACES:
        for parallel in plan.parallel:
            places = _places(storage, place, parallel, way, across, up)
            if not places:
                continue
            dots = [
                f'<circle class="{INKS[place]}" cx="{x:g}" cy="{y:g}" r="2"/>' for x, y in places
            ]
            parts += [f'<path class="line {INKS[place]}" d="{line_path(places)}"/>', *dots]
            names.append((places[-1][1], f"{place} × {parallel}"))
    return parts + _names(names)


def _names(names: Sequence[tuple[float, str]]) -> list[str]:
    """Each beside the end of its curve; those that would cover each other move apart."""
    lowest = BOTTOM - NAME_HEIGHT * (len(names) - 1)
    found, free_from = [], float("-inf")
    for number, (y, name) in enumerate(sorted(names)):
        at = min(max(y, free_from), lowest + NAME_HEIGHT * number)
        free_from = at + NAME_HEIGHT
        found.append(f'<text x="{RIGHT + 8}" y="{at + 4:g}">{name}</text>')
    return found


def _places(
    storage: StorageView,
    place: PlaceName,
    parallel: int,
    way: Way,
    across: Scale,
    up: Scale,
) -> list[tuple[float, float]]:
    return [
        (across.place(log10(cell.size_mb)), up.place(log10(told.mb_per_s)))
        for cell in sorted(storage.cells, key=lambda cell: cell.size_mb)
        if (cell.place, cell.parallel) == (place, parallel) and (told := cell.way(way)) is not None
    ]


def _decades(least: float, most: float) -> tuple[float, float]:
    low = high = 10.0 ** int(log10(least) if least >= 1 else log10(least) - 1)
    while high <= most:
        high *= 10
    return low, high


def _ticks(up: Scale, low: float, high: float) -> list[str]:
    found, tick = [], low
    while tick <= high:
        y = up.place(log10(tick))
        words = text.fixed(tick, 0 if tick >= 1 else 1)
        found.append(
            f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y:g}" y2="{y:g}"/>'
            f'<text class="end" x="{LEFT - 6}" y="{y + 4:g}">{words}</text>'
        )
        tick *= 10
    return found
