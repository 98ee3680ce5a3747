"""Heat: any run ends before the board switches itself off, a stress before it slows down."""

from __future__ import annotations

from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.guards.confirm import Confirmed
from tui.core.guards.halt import Halt, Readings, halt
from tui.core.stress.plan import Stress
from tui.core.zones import zones

CRITICAL_MARGIN_C = 3.0
"""Any run ends this far below the temperature at which the board switches itself off."""
PASSIVE_MARGIN_C = 5.0
"""A stress ends this far below the temperature at which the board slows down."""


class CriticalHeat:
    """Of any run."""

    def __init__(self) -> None:
        self._hot = Confirmed()

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        found = _near_critical(readings)
        return halt("heat", found) if self._hot.add(bool(found)) else None


class StressHeat:
    """Of a stress: below the lowest passive trip of each zone, and what the scenario allows."""

    def __init__(self, stress: Stress) -> None:
        self._allow_throttle = stress.allow_throttle
        self._max_c = stress.max_c
        self._hot = Confirmed()

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        found = self._too_hot(readings)
        return halt("heat", found) if self._hot.add(bool(found)) else None

    def _too_hot(self, readings: Readings) -> str:
        limits = [
            (limit_c - value, name, value, why)
            for name, value, reading in zones(readings)
            for limit_c, why in self._limits(has_trip(reading.source), reading.limit)
        ]
        left_c, name, value, why = min(limits, default=(float("inf"), "", 0.0, ""))
        return "" if left_c > 0 else f"{label_of(name)} {fixed(value, 1)} °C, {why}"

    def _limits(self, is_trip: bool, passive_c: float | None) -> list[tuple[float, str]]:
        """What a zone must stay below, and what that is in words."""
        limits = []
        if is_trip and passive_c is not None and not self._allow_throttle:
            why = f"the board slows down at {fixed(passive_c, 1)} °C"
            limits.append((passive_c - PASSIVE_MARGIN_C, why))
        if self._max_c is not None:
            limits.append((self._max_c, f"the scenario allows {fixed(self._max_c, 1)} °C"))
        return limits


def has_trip(source: str) -> bool:
    """Whether a zone's limits are trips at which the board acts.

    What psutil calls high on a PC is a line that the driver made up (70 °C on many), far below
    what the processor is built to hold under load, and what it calls critical is where the
    processor throttles, not where it stops.
    """
    return source != "psutil"


def too_hot(readings: Readings) -> str:
    """The zone that is about to switch the board off, in words; empty when none is."""
    found = _near_critical(readings)
    return halt("heat", found).text if found else ""


def _near_critical(readings: Readings) -> str:
    left = [
        (reading.critical - value, name, value, reading.critical)
        for name, value, reading in zones(readings)
        if reading.critical is not None and has_trip(reading.source)
    ]
    left_c, name, value, critical_c = min(left, default=(float("inf"), "", 0.0, 0.0))
    if left_c > CRITICAL_MARGIN_C:
        return ""
    return (
        f"{label_of(name)} {fixed(value, 1)} °C, "
        f"the board switches off at {fixed(critical_c, 1)} °C"
    )
