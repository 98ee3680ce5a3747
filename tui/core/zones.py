"""The board's own temperatures among its gauges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.core.events import Reading
from tui.core.gauges import is_of_the_board


def zones(readings: Mapping[str, Reading]) -> Iterator[tuple[str, float, Reading]]:
    """The board's own temperatures with their values: no drive's, and none that is off."""
    for name, reading in readings.items():
        if is_zone(name) and reading.value is not None:
            yield name, reading.value, reading


def is_zone(gauge: str) -> bool:
    """Whether a gauge is one of the board's own temperatures."""
    return gauge.endswith("_c") and gauge != "hottest_c" and is_of_the_board(gauge)


def has_lost_zones(readings: Mapping[str, Reading]) -> bool:
    """Whether the board has zones and none of them can be read."""
    names = [name for name in readings if is_zone(name)]
    return bool(names) and not any(True for _ in zones(readings))
