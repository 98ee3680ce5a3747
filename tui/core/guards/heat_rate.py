"""A temperature that rises too quickly: nothing leads the heat away."""

from __future__ import annotations

from collections import deque
from statistics import median

from tui.core.events import Reading
from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.guards.halt import Halt, Readings, halt
from tui.core.guards.heat import has_trip
from tui.core.zones import zones

MAX_C_PER_S = 2.0
FOR_S = 3.0
_PIECE_S = 0.9
"""A rate is taken over at least that: over less, a step of 1 °C is a steep slope."""
_QUANTUM_C = 1.0
"""Sensors that tell whole degrees may show a second's rise smaller by so much."""
_LEAST_POINTS = 4
_PC_DIES = ("x86_pkg_temp",)


class HeatRate:
    """Every zone by itself. A single value that is wrong, and a leap as a load sets in, are no
    rise: it must last for all of FOR_S."""

    def __init__(self) -> None:
        self._zones: dict[str, _Rise] = {}

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        rises = []
        for name, value, reading in zones(readings):
            if is_slow(name, reading):
                rise = self._zones.setdefault(name, _Rise())
                rise.add(at_s - reading.age_s, value)
                rises.append((rise.c_per_s(), name, value))
        c_per_s, name, value = max(rises, default=(0.0, "", 0.0))
        if c_per_s <= MAX_C_PER_S:
            return None
        rate = f"{fixed(c_per_s, 1)} °C/s for {fixed(FOR_S)} s"
        return halt("heat-rate", f"{label_of(name)} rises by {rate}, now {fixed(value, 1)} °C")


def is_slow(zone: str, reading: Reading) -> bool:
    """Whether a zone warms up slowly while all is well.

    Sensors in a PC's processor do not: single spots of the die rise by tens of degrees in seconds
    as a load sets in, and the processor sees to that by itself.
    """
    return has_trip(reading.source) and not zone.startswith(_PC_DIES)


class _Rise:
    """One zone's last seconds, each value replaced by the median of it and its neighbours."""

    def __init__(self) -> None:
        self._raw: deque[tuple[float, float]] = deque(maxlen=3)
        self._points: deque[tuple[float, float]] = deque()

    def add(self, at_s: float, celsius: float) -> None:
        # What is read beside the samples comes more than once.
        if self._raw and at_s - self._raw[-1][0] < 0.1:
            return
        self._raw.append((at_s, celsius))
        if len(self._raw) < 3:
            return
        points = self._points
        points.append((self._raw[1][0], median(value for _, value in self._raw)))
        while len(points) > 1 and points[1][0] <= points[-1][0] - FOR_S:
            points.popleft()

    def c_per_s(self) -> float:
        """How quickly it rose in all of the last FOR_S; 0 where it did not rise all the time."""
        points = list(self._points)
        if len(points) < _LEAST_POINTS or points[-1][0] - points[0][0] < FOR_S:
            return 0.0
        pieces = [
            next(
                (celsius - before) / (at_s - since_s)
                for at_s, celsius in points[place:]
                if at_s - since_s >= _PIECE_S
            )
            for place, (since_s, before) in enumerate(points)
            if points[-1][0] - since_s >= _PIECE_S
        ]
        if median(pieces) < MAX_C_PER_S or min(pieces) < MAX_C_PER_S - _QUANTUM_C:
            return 0.0
        (first_s, first), (last_s, last) = points[0], points[-1]
        return (last - first) / (last_s - first_s)
