"""How long the workers of a load may live, whatever becomes of us."""

from __future__ import annotations

from tui.core.load import Load
from tui.engine.course import Course
from tui.ports import Clock, LoadDriver

SPARE_S = 60.0
"""Workers outlive the planned end by no more than this, whatever happens."""
EXTEND_S = 600.0
"""How often the workers hear that a run goes on whose end nobody knows."""


def spare_s(*, is_endless: bool) -> float:
    """What workers get beyond the end that is known; `is_endless`: it may be put off."""
    return SPARE_S + (2 * EXTEND_S if is_endless else 0.0)


class Lease:
    """Begun with the plan's own deadline, extended when the run takes longer."""

    def __init__(self, driver: LoadDriver, load: Load, course: Course, clock: Clock) -> None:
        self._driver = driver
        self._load = load
        self._course = course
        self._clock = clock
        self._extended_s = 0.0

    def begin(self) -> None:
        """The load begins now."""
        self._extended_s = self._clock.monotonic_s()

    def renew(self) -> None:
        """Extend it now and then while nobody knows the end."""
        # A pause, or a held level, may last longer than any plan.
        waited_s = self._clock.monotonic_s() - self._extended_s
        if self._is_endless and waited_s > EXTEND_S:
            self.extend()

    def extend(self) -> None:
        """Have the workers live as long as the run now takes."""
        self._extended_s = self._clock.monotonic_s()
        left_s = max(self._load.duration_s - self._course.position_s, 0.0)
        spare = spare_s(is_endless=self._is_endless)
        self._driver.extend(left_s + self._load.timeout_s + spare)

    @property
    def _is_endless(self) -> bool:
        return self._load.goes_on or self._course.stands_still
