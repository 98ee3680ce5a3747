"""What the board's gauges tell now: heat first of all. A stale gauge tells nothing."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.events import STALE_S, Reading

Readings = Mapping[str, Reading]


def heat(readings: Readings) -> Reading | None:
    """The junction's temperature; of a board without one, that of its hottest zone.

    A junction that can't be read is not replaced: another gauge would be a step in its course.
    """
    reading = readings.get("tj_c" if "tj_c" in readings else "hottest_c")
    return reading if reading is not None and is_fresh(reading) else None


def heat_c(readings: Readings) -> float | None:
    """The same in °C."""
    reading = heat(readings)
    return reading.value if reading is not None else None


def fresh(readings: Readings, gauge: str) -> float | None:
    """What a gauge tells; None where it tells nothing, or nothing new."""
    reading = readings.get(gauge)
    return reading.value if reading is not None and is_fresh(reading) else None


def is_fresh(reading: Reading) -> bool:
    """Whether it is a value, and one of now."""
    return reading.value is not None and reading.age_s <= STALE_S
