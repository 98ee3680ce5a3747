"""A stretch of load at one level of a search, judged on its own requests alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Literal, NamedTuple

from tui.core.events import WindowClosed
from tui.core.format import metric, metric_label, metric_unit, rate
from tui.core.limits import PERCENTILES, Limit, LimitState, judge
from tui.core.tally import MEASURED, Tally
from tui.core.validity import MISSED_SHARE

SEVERE = Limit("error_rate", "<=", 0.20)
"""One window beyond this breaks a level, whatever the thresholds are."""
LEAST_REQUESTS = 20
"""A window waits for so many, or for its longest."""
LONGEST = 3
"""How many times its length a window may take, disturbed seconds included."""
FIT = (*PERCENTILES, "mean_ms", "max_ms", "error_rate", "ungraceful_rate")
"""Metrics that tell of one level. `rps` does not: a low level asks for few answers."""

KEEPS_UP = 0.97
"""Open model: a target that does less than this of what is begun has a queue that grows for ever,
though it may take longer than a window until that shows in a latency."""
LEAST_DUE = 100

TroubleBy = Literal["generator", "disturbance"]


class Trouble(NamedTuple):
    """Why a level can't be judged."""

    by: TroubleBy
    text: str


class Judged(NamedTuple):
    """A window's outcome."""

    broken: LimitState | None
    """The worst of the broken limits."""
    used: float
    """How much of the tightest limit was used up; 1 is at it."""
    is_severe: bool
    """Whether it needs no second window."""


class SearchWindow:
    """Fed with the seconds that it lies in; over when `is_full`."""

    def __init__(self, limits: Sequence[Limit], counted: Sequence[Limit], length_s: float) -> None:
        self.tally = Tally(len(counted))
        self.seconds = 0
        self._lasted = 0
        self._due = self._done = self._missed = self._in_flight = 0
        self._limits = tuple(limit for limit in limits if limit.metric in FIT)
        self._counted = tuple(counted)
        self._length_s = length_s

    def add(self, second: WindowClosed, *, is_disturbed: bool) -> None:
        """One second of load; a disturbed one makes the window longer."""
        self._lasted += 1
        if is_disturbed:
            return
        self.seconds += 1
        self._due += second.due
        self._done += second.operations
        self._missed += second.missed_sends
        self._in_flight += second.in_flight
        for row in second.rows:
            if row.phase == MEASURED:
                self.tally.add(row)

    @property
    def is_full(self) -> bool:
        """Whether there is enough to judge, or no sense in waiting for more."""
        enough = self.seconds >= self._length_s and self.tally.requests >= LEAST_REQUESTS
        return enough or self._lasted >= LONGEST * self._length_s

    def trouble(self) -> Trouble | None:
        """Why it says nothing of the target; None when it does."""
        if self._missed > MISSED_SHARE * max(self._due, 1) and not self._is_target_slow():
            missed = f"{self._missed} of {self._due} operations found no free user in time"
            return Trouble("generator", f"the generator is the limit: {missed}")
        if self.seconds < self._length_s / 2:
            lost = f"{self._lasted - self.seconds} of {self._lasted} s"
            return Trouble("disturbance", f"the measurement was disturbed in {lost}")
        if not self.tally.requests and not self._in_flight:
            return Trouble("generator", f"the users asked for nothing in {self._lasted} s")
        return None

    def judged(self) -> Judged:
        """Its outcome; of no use where there is trouble."""
        if not self.tally.requests:
            # All of them hang: no limit can be judged, and none holds.
            return Judged(LimitState(SEVERE, 1.0, False), inf, True)
        seconds = float(self.seconds)
        states = judge(self._limits, self._counted, self.tally, seconds)
        (severe,) = judge((SEVERE,), self._counted, self.tally, seconds)
        broken = [state for state in states if state.passed is False] or self._behind()
        if severe.passed is False:
            broken = [state for state in broken if state.limit.metric == "error_rate"] or [severe]
        return Judged(
            max(broken, key=_used, default=None),
            max(map(_used, states), default=0.0),
            severe.passed is False,
        )

    def _behind(self) -> list[LimitState]:
        if self._due < LEAST_DUE or self._done >= KEEPS_UP * self._due:
            return []
        limit = Limit("rps", ">=", KEEPS_UP * self._due / self.seconds)
        return [LimitState(limit, self._done / self.seconds, False)]

    def _is_target_slow(self) -> bool:
        """Whether a limit breaks by the time from the actual send too."""
        for limit in self._limits:
            if limit.metric in PERCENTILES:
                (value,) = self.tally.service_percentiles_ms((PERCENTILES[limit.metric],))
                if value is not None and not limit.holds_for(value):
                    return True
        return False


def broken_text(state: LimitState) -> str:
    """`p95 2 310 ms, limit 2 000 ms`."""
    if state.limit.metric == "rps":
        begun = rate(state.limit.value / KEEPS_UP)
        return f"{rate(state.observed)} of {begun} operations/s were done"
    name, unit = state.limit.metric, metric_unit(state.limit.metric)
    figures = (metric(name, value) for value in (state.observed, state.limit.value))
    observed, limit = (f"{figure} {unit}".rstrip() for figure in figures)
    return f"{metric_label(name)} {observed}, limit {limit}"


def _used(state: LimitState) -> float:
    """Above 1 for every broken limit, also for one of 0, or without a figure."""
    used = state.used
    if state.passed is False:
        return inf if used is None else used
    return used or 0.0
