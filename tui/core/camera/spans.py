"""How long a camera delivered, and how many pictures: over all openings of it."""

from __future__ import annotations

from collections import deque

from tui.core.camera.measures import StreamSecond
from tui.core.histogram import bucket_floor_ms

NOW_S = 5.0
LEAST_NOW_S = 0.5
"""A shorter look says nothing of a rate."""
SILENT_PERIODS = 3.0
"""A camera that has been silent for so many periods delivers too few just now."""
LOST_S = 1.5
"""From one second's end to the next, beyond which one between them may have been lost."""


class Spans:
    """Fed with the seconds of one opening after the other; bounded.

    A rate is that of whole periods: from one picture that came to another, or to the end of a
    silence. How long it was silent counts as long as it is open.
    """

    def __init__(self) -> None:
        self.frames = 0
        """Pictures that count."""
        self._over_s = 0.0
        """All openings but this one."""
        self._over_periods = 0
        self._first_s: float | None = None
        self._end_s = 0.0
        self._pictures = 0
        """Of this opening, with the one that its first period begins with."""
        self._until_s: float | None = None
        self._points: deque[tuple[float, int]] = deque(maxlen=int(NOW_S) + 1)
        """How many pictures by when."""

    def opened(self) -> None:
        """A new opening: what lies between it and the last one is an outage, and no slow camera."""
        self._over_s += self._length_s
        self._over_periods += self._periods
        self._first_s, self._end_s, self._pictures, self._until_s = None, 0.0, 0, None
        self._points.clear()

    def add(self, second: StreamSecond, nominal_fps: float | None) -> None:
        """One second; times are those of its opening."""
        if self._is_after_a_lost_one(second):
            self.opened()
        self._until_s = second.until_s
        self.frames += second.frames
        if second.first_s is not None and second.last_s is not None:
            if self._first_s is None:
                self._begin(second.first_s, 0)
            self._pictures += second.frames
            self._end_s = second.last_s
        if _is_silent(second, nominal_fps):
            if self._first_s is None:
                self._begin(second.until_s - second.silent_s, 1)
            self._end_s = second.until_s
        if self._points and self._end_s > self._points[-1][0]:
            self._points.append((self._end_s, self._pictures))

    @property
    def measured_s(self) -> float:
        """From the first to the last picture, and what it has been silent since."""
        return self._over_s + self._length_s

    @property
    def fps(self) -> float | None:
        """Pictures a second while it was open; None before the first period is over."""
        measured_s = self.measured_s
        return (self._over_periods + self._periods) / measured_s if measured_s > 0 else None

    @property
    def fps_now(self) -> float | None:
        """Of the last `NOW_S` seconds, or of the last pictures of a slow camera."""
        if not self._points:
            return None
        (from_s, before), (until_s, now) = self._points[0], self._points[-1]
        lasted_s = until_s - from_s
        return (now - before) / lasted_s if lasted_s >= LEAST_NOW_S else None

    @property
    def _length_s(self) -> float:
        return 0.0 if self._first_s is None else self._end_s - self._first_s

    @property
    def _periods(self) -> int:
        return max(self._pictures - 1, 0)

    def _begin(self, at_s: float, pictures: int) -> None:
        self._first_s = self._end_s = at_s
        self._pictures = pictures
        self._points.append((at_s, 1))

    def _is_after_a_lost_one(self, second: StreamSecond) -> bool:
        """Whether a second before it never came here: it knows of no interval that is as long."""
        if self._until_s is None or second.until_s - self._until_s <= LOST_S:
            return False
        if self._first_s is None or second.first_s is None or not second.intervals:
            return False
        longest_ms = bucket_floor_ms(max(second.intervals) + 1)
        return 1000 * (second.first_s - self._end_s) > longest_ms


def _is_silent(second: StreamSecond, nominal_fps: float | None) -> bool:
    period_s = 1 / nominal_fps if nominal_fps else 1.0
    return second.silent_s > max(SILENT_PERIODS * period_s, 1.0)
