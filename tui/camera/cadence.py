"""At what pace pictures come, and which of them are missing."""

from __future__ import annotations

import heapq
from collections import deque
from statistics import median
from typing import Protocol

from tui.core.camera.measures import DropSign

KEPT = 64
"""Distances whose median is the period."""
TRUSTED = 8
"""With fewer of them the nominal rate stands."""
NEAR = 0.1
"""A median this close to the nominal rate, as a fraction, is that rate and jitter."""
WHOLE = 1.4
"""Nominal periods from which on a median is not that of a pace alone: many may be missing."""
SOME = 0.125
"""With so many distances of one nominal period among them, a longer median is loss. A camera that
slowed down, as in the dark, has none."""
WINDOW = 8
"""Arrivals before and after a gap whose promptest are compared: jitter makes none of all late."""
WINDOWS = 3
"""With gaps all the time the comparison is made after so many windows."""
LATE = 1.5
"""Periods between two arrivals from which on a picture may be missing."""
CAUGHT_UP = 0.5
"""Two pictures that come closer than this, in periods, make up for a wait."""
MOST_REORDERED = 8
"""Pictures that a codec may send before an earlier one."""
JUMP_S = 0.5
"""No picture comes before it was taken: one that is early by more has another clock behind it."""
MINUTE_S = 60.0
MINUTES = 10


class Period:
    """Seconds from one picture to the next: the median of the newest distances.

    Where so much is lost that the median spans several periods, it is the nominal one.
    """

    def __init__(self, nominal_fps: float | None) -> None:
        self._nominal_s = 1.0 / nominal_fps if nominal_fps else None
        self._distances: deque[float] = deque(maxlen=KEPT)

    def add(self, distance_s: float) -> None:
        self._distances.append(distance_s)

    @property
    def s(self) -> float | None:
        """None while neither the source nor enough pictures have told."""
        if len(self._distances) < TRUSTED:
            return self._nominal_s
        found_s = median(self._distances)
        if self._nominal_s and (self._is_nominal(found_s) or self._is_nominal_with_loss(found_s)):
            return self._nominal_s
        return found_s

    def _is_nominal(self, distance_s: float) -> bool:
        return self._nominal_s is not None and abs(distance_s / self._nominal_s - 1.0) < NEAR

    def _is_nominal_with_loss(self, found_s: float) -> bool:
        if self._nominal_s is None or found_s < WHOLE * self._nominal_s:
            return False
        whole = sum(map(self._is_nominal, self._distances))
        return whole >= SOME * len(self._distances)


class Drops(Protocol):
    """Counts missing pictures. `take` starts anew."""

    sign: DropSign

    def add(self, at_s: float, stamp_s: float | None, *, is_counted: bool) -> None:
        """One picture that came; without `is_counted` it only sets the pace."""

    def take(self) -> tuple[int, int]:
        """Missing since the last call, and the most of them in a row."""

    @property
    def period_s(self) -> float | None:
        """Between two pictures; None while it is unknown."""


class Tally:
    """Missing pictures of one second."""

    def __init__(self) -> None:
        self.dropped = 0
        self.longest = 0

    def miss(self, pictures: int, longest: int) -> None:
        self.dropped += pictures
        self.longest = max(self.longest, longest)

    def take(self) -> tuple[int, int]:
        taken = self.dropped, self.longest
        self.dropped = self.longest = 0
        return taken


class StampedDrops:
    """From the source's own timestamps: exact, whatever the way here does to the arrivals."""

    sign: DropSign = "timestamps"

    def __init__(self, nominal_fps: float | None) -> None:
        self._period = Period(nominal_fps)
        self._tally = Tally()
        self._reordered = 0
        self._waiting: list[tuple[float, float, bool]] = []
        self._last_s: float | None = None
        self._was_counted = False
        self._lags = Lags()

    def add(self, at_s: float, stamp_s: float | None, *, is_counted: bool) -> None:
        if stamp_s is None:
            return
        heapq.heappush(self._waiting, (stamp_s, at_s, is_counted))
        if len(self._waiting) > self._reordered:
            stamp_s, at_s, is_counted = heapq.heappop(self._waiting)
            self._follow(at_s, stamp_s, is_counted)

    def take(self) -> tuple[int, int]:
        return self._tally.take()

    @property
    def period_s(self) -> float | None:
        return self._period.s

    @property
    def behind_s(self) -> float | None:
        """How much later pictures come than the promptest of the last minutes."""
        return self._lags.behind_s

    def _follow(self, at_s: float, stamp_s: float, is_counted: bool) -> None:
        if self._last_s is not None and -JUMP_S < stamp_s - self._last_s <= 0.0:
            # Sent in another order than shown. Before a picture counts, how far is known.
            self._reordered = min(self._reordered + 1, MOST_REORDERED)
            return
        last_s, self._last_s = self._last_s, stamp_s
        was_counted, self._was_counted = self._was_counted, is_counted
        if last_s is None:
            return
        distance_s = stamp_s - last_s
        # The source set its clock: what lies between is no time that has passed.
        is_jump = distance_s < 0.0 or self._lags.is_impossible(at_s - stamp_s)
        if is_jump:
            self._lags = Lags()
        if is_counted:
            self._lags.add(at_s, at_s - stamp_s)
        if is_jump:
            return
        period_s = self._period.s
        if was_counted and is_counted and period_s:
            missing = max(round(distance_s / period_s) - 1, 0)
            self._tally.miss(missing, missing)
        self._period.add(distance_s)


class ArrivedDrops:
    """From arrivals alone: what is later after a wait than before it, for good. An estimate."""

    def __init__(self, nominal_fps: float | None) -> None:
        self._period = Period(nominal_fps)
        self._tally = Tally()
        self._before: deque[float] = deque(maxlen=WINDOW)
        self._wait: Wait | None = None

    @property
    def sign(self) -> DropSign:
        return "arrival" if self._period.s else ""

    def add(self, at_s: float, stamp_s: float | None, *, is_counted: bool) -> None:
        if not is_counted:
            return
        last_s = self._before[-1] if self._before else None
        before = list(self._before)
        self._before.append(at_s)
        if last_s is None:
            return
        period_s = self._period.s
        self._period.add(at_s - last_s)
        if period_s is None:
            return
        waited = (at_s - last_s) / period_s
        if self._wait is None and waited > LATE:
            self._wait = Wait(before, period_s)
        if self._wait is not None:
            self._wait.add(at_s, waited)
            if self._wait.is_over:
                self._tally.miss(self._wait.missing, self._wait.longest)
                self._wait = None

    def take(self) -> tuple[int, int]:
        return self._tally.take()

    @property
    def period_s(self) -> float | None:
        return self._period.s


class Wait:
    """What follows a gap in the arrivals, until it is clear what was late and what is lost."""

    def __init__(self, before: list[float], period_s: float) -> None:
        """`before`: the newest arrivals before the gap."""
        self._period_s = period_s
        self._lag_before_s = min(at_s - n * period_s for n, at_s in enumerate(before))
        self._came = len(before)
        self._lags_s: deque[float] = deque(maxlen=WINDOW)
        self._calm = self._settled = 0
        self._widest = 0

    def add(self, at_s: float, waited: float) -> None:
        """One more arrival, so many periods after the last."""
        self._lags_s.append(at_s - self._came * self._period_s)
        self._came += 1
        if waited > LATE:
            self._calm = 0
            self._widest = max(self._widest, round(waited) - 1)
        # What makes up for a wait comes at once, however much it is.
        elif waited >= CAUGHT_UP:
            self._calm += 1
        self._settled += waited >= CAUGHT_UP

    @property
    def is_over(self) -> bool:
        return self._calm >= WINDOW - 1 or self._settled >= WINDOWS * WINDOW

    @property
    def missing(self) -> int:
        return max(round((min(self._lags_s) - self._lag_before_s) / self._period_s), 0)

    @property
    def longest(self) -> int:
        """At most so many of them in a row."""
        return min(self._widest, self.missing)


class Lags:
    """Arrival less timestamp, against the least of the last ten minutes: two clocks drift apart,
    by some seconds a day, and that is no delay."""

    def __init__(self) -> None:
        self._least: deque[float] = deque(maxlen=MINUTES)
        self._minute_ends_s = 0.0
        self._newest = 0.0

    def add(self, at_s: float, lag_s: float) -> None:
        self._newest = lag_s
        if not self._least or at_s >= self._minute_ends_s:
            self._least.append(lag_s)
            self._minute_ends_s = at_s + MINUTE_S
        self._least[-1] = min(self._least[-1], lag_s)

    def is_impossible(self, lag_s: float) -> bool:
        """Whether a picture would have come before it was taken."""
        return bool(self._least) and lag_s < min(self._least) - JUMP_S

    @property
    def behind_s(self) -> float | None:
        return self._newest - min(self._least) if self._least else None
