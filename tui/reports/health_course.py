"""The service's health check over a stress, in a bounded number of steps."""

from __future__ import annotations

import msgspec

from tui.core.events import HealthProbed

CAPACITY = 600


class HealthPoint(msgspec.Struct, frozen=True):
    """One step of the time axis."""

    start_s: float
    """Since the work began."""
    width_s: float
    ms: float | None
    """The slowest answer; None where none came."""
    failed: int = 0
    """Checks without a proper answer."""


class HealthCourse:
    """Checks in; at most `CAPACITY` steps out, which double their width when full."""

    def __init__(self) -> None:
        self.began_s = 0.0
        self._width_s = 1
        self._slots: dict[int, HealthPoint] = {}

    def add(self, event: HealthProbed) -> None:
        """One check, by the moment at which it was sent."""
        sent_s = event.sent_s - self.began_s
        if sent_s < 0 or event.is_ours:
            return
        while sent_s // self._width_s >= CAPACITY:
            self._halve()
        index = int(sent_s // self._width_s)
        one = HealthPoint(index * self._width_s, self._width_s, event.ms, int(event.ms is None))
        self._slots[index] = _joined(self._slots.get(index), one)

    @property
    def points(self) -> tuple[HealthPoint, ...]:
        """In order of time; a step without a check is not there."""
        return tuple(self._slots[index] for index in sorted(self._slots))

    def _halve(self) -> None:
        self._width_s *= 2
        halved: dict[int, HealthPoint] = {}
        for index, point in self._slots.items():
            wide = msgspec.structs.replace(
                point, start_s=index // 2 * self._width_s, width_s=self._width_s
            )
            halved[index // 2] = _joined(halved.get(index // 2), wide)
        self._slots = halved


def _joined(earlier: HealthPoint | None, later: HealthPoint) -> HealthPoint:
    if earlier is None:
        return later
    known = [each.ms for each in (earlier, later) if each.ms is not None]
    failed = earlier.failed + later.failed
    return msgspec.structs.replace(earlier, ms=max(known, default=None), failed=failed)
