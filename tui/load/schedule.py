"""When the operations of the open model begin: a clock that can be stopped and held."""

from __future__ import annotations

from math import inf, sqrt
from typing import Literal

from tui.core.load import Arrival

Mode = Literal["runs", "held", "stopped"]
FOREVER_S = 1e9


class Schedule:
    """The intended moments of one worker's operations, by the monotonic clock of the machine.

    Operation i of the run, counted from 0, is due when the arrival's course has come to i; worker
    k of n takes every n-th. All workers are told of the same moments, so that their joint schedule
    is exact and even.
    """

    def __init__(
        self, arrival: Arrival, duration_s: float, worker: int = 0, workers: int = 1
    ) -> None:
        self._arrival = arrival
        self._duration_s = duration_s or FOREVER_S
        self._next = worker
        self._workers = workers
        self._mode: Mode = "stopped"
        self._is_paused, self._is_held = True, False
        # Where the course stood when the mode last changed: moment, seconds of the course, and
        # how many operations were due until then, those of a held rate included.
        self._since_s = 0.0
        self._course_s = 0.0
        self._due = 0.0

    def begin(self, began_s: float) -> None:
        """The course starts here."""
        self._since_s, self._course_s, self._due = began_s, 0.0, 0.0
        self._is_paused = False
        self._mode = self._wanted_mode()

    def pause(self, is_paused: bool, at_s: float) -> None:
        """Nothing is due until it goes on, where it stood."""
        self._is_paused = is_paused
        self._change(at_s)

    def hold(self, is_held: bool, at_s: float) -> None:
        """Keep the present rate; the course goes on where it stood."""
        self._is_held = is_held
        self._change(at_s)

    def rerate(self, rate_rps: float, at_s: float) -> None:
        """A constant rate from then on; what was due until then stays due. 0: nothing more is."""
        self._change(at_s)
        # Numbers go on, so that workers that hear of it at different moments still share them.
        self._arrival, self._course_s = Arrival(rate_rps, rate_rps), 0.0

    @property
    def next_s(self) -> float:
        """When this worker's next operation is due; infinity for never."""
        return self._moment(self._next)

    def skip(self) -> None:
        """It has begun, or will never."""
        self._next += self._workers

    def _wanted_mode(self) -> Mode:
        return "stopped" if self._is_paused else "held" if self._is_held else "runs"

    def _change(self, at_s: float) -> None:
        gone_s = max(at_s - self._since_s, 0.0)
        if self._mode == "runs":
            before = self._due_at(self._course_s)
            self._course_s += gone_s
            self._due += self._due_at(self._course_s) - before
        elif self._mode == "held":
            self._due += gone_s * self._rate_at(self._course_s)
        self._since_s = at_s
        self._mode = self._wanted_mode()

    def _moment(self, number: int) -> float:
        if self._mode == "stopped":
            return inf
        if self._mode == "held":
            rate = self._rate_at(self._course_s)
            return self._since_s + (number - self._due) / rate if rate > 0 else inf
        due = number - self._due + self._due_at(self._course_s)
        return self._since_s + self._course_at(due) - self._course_s

    def _due_at(self, course_s: float) -> float:
        """As the arrival says; beyond its end the last rate goes on."""
        beyond_s = max(course_s - self._duration_s, 0.0)
        return self._arrival.due(course_s, self._duration_s) + beyond_s * self._arrival.to_rps

    def _rate_at(self, course_s: float) -> float:
        share = min(course_s / self._duration_s, 1.0)
        return self._arrival.from_rps + share * (self._arrival.to_rps - self._arrival.from_rps)

    def _course_at(self, due: float) -> float:
        """The inverse of `_due_at`."""
        first, last = self._arrival.from_rps, self._arrival.to_rps
        if due <= 0:
            return 0.0
        whole = self._arrival.due(self._duration_s, self._duration_s)
        if due > whole:
            return self._duration_s + (due - whole) / last if last > 0 else inf
        slope = (last - first) / self._duration_s
        # The root in the form that loses no digits when the slope is small.
        return 2 * due / (first + sqrt(max(first * first + 2 * slope * due, 0.0)))
