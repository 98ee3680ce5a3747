"""What users did beside their requests, and what they were to begin, second by second."""

from __future__ import annotations

from collections.abc import Callable

from tui.core.tally import MEASURED
from tui.load.phases import Phases


class Pace:
    """One second of it."""

    __slots__ = ("due", "missed", "operations", "think_s", "thinks")

    def __init__(self) -> None:
        self.think_s = 0.0
        self.thinks = 0
        self.missed = 0
        self.due = 0
        self.operations = 0


class Paces:
    """Everything since the last `take`. Arrivals count in the measured phase alone, and belong to
    the phase in which they were due, whatever becomes of them when."""

    def __init__(self, clock: Callable[[], float], phases: Phases) -> None:
        self._clock = clock
        self._phases = phases
        self._began_s = 0.0
        self._paces: dict[int, Pace] = {}
        self._came_due: list[float] = []
        self._withdrawn = 0

    def begin(self, began_s: float) -> None:
        """Seconds count from here; what came before is forgotten."""
        self._began_s = began_s
        self._paces.clear()
        self._came_due.clear()
        self._withdrawn = 0

    def thought(self, interval_s: float) -> None:
        """An interval between two operations of a user, as long as it was meant to be, is over."""
        pace = self._at(self._clock())
        pace.think_s += interval_s
        pace.thinks += 1

    def ended(self) -> None:
        """An operation has ended."""
        self._at(self._clock()).operations += 1

    def came_due(self, due_s: float) -> None:
        """An arrival is to begin now."""
        self._came_due.append(due_s)

    def missed(self, due_s: float) -> None:
        """An arrival that was due then is given up: no user was free in time."""
        if self._phases.at(due_s) == MEASURED:
            self._at(self._clock()).missed += 1

    def withdraw(self, due_s: float) -> None:
        """An arrival that was due then is not wanted any more: it counts as if it never was due."""
        self._withdrawn += self._phases.at(due_s) == MEASURED

    def take(self) -> dict[int, Pace]:
        """What is new since the last call, by second."""
        # Only now: the order that begins a phase may come after the first arrivals in it.
        for due_s in self._came_due:
            if self._phases.at(due_s) != MEASURED:
                continue
            # One that was withdrawn has been told of, as a rule: the next one stands in for it.
            if self._withdrawn:
                self._withdrawn -= 1
            else:
                self._at(due_s).due += 1
        self._came_due.clear()
        paces, self._paces = self._paces, {}
        return paces

    def _at(self, moment_s: float) -> Pace:
        second = int(moment_s - self._began_s)
        pace = self._paces.get(second)
        if pace is None:
            pace = self._paces[second] = Pace()
        return pace
