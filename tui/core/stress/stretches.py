"""Stretches of a stress in a row: what lies in them finds its own by its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from tui.core.events import Reading
from tui.core.stress.stretch import Stretch
from tui.core.stress.windows import Second
from tui.core.tally import Row

Some = TypeVar("Some", bound=Stretch)


class Stretches(Generic[Some]):
    """Fed with what lies in them; times are seconds since the work began.

    Everything counts by its own time: a second of load is told of after its stretch may be over.
    What lies in two counts in none.
    """

    def __init__(self) -> None:
        self._every: list[Some] = []

    def begin(self, stretch: Some) -> None:
        """Another one, where the one before has ended."""
        self._every.append(stretch)

    def end(self, at_s: float) -> None:
        """The last one ends here, if it has not ended before."""
        if self._every:
            self._every[-1].end(at_s)

    def add(self, second: Second) -> None:
        """One second of load."""
        found = self.holding(second)
        if found is not None:
            found.add(second)

    def late(self, rows: Sequence[Row], at_s: float) -> None:
        """Results of a second that was told of before; it lay there at the latest."""
        found = self._at(at_s, at_s)
        if found is not None:
            found.late(rows)

    def probe(
        self, sent_s: float, ended_s: float, ms: float | None, *, is_disturbed: bool = False
    ) -> None:
        """One health check; only answers have a time, and disturbed ones none of the service's."""
        found = self._at(sent_s, ended_s)
        if found is not None:
            found.probe(ms, is_disturbed=is_disturbed)

    def sample(self, at_s: float, readings: Mapping[str, Reading]) -> None:
        """The board, at one moment."""
        found = self._at(at_s, at_s)
        if found is not None:
            found.sample(readings)

    def holding(self, second: Second) -> Some | None:
        """The one that holds it as a whole."""
        return self._at(second.second, second.second + 1)

    def __iter__(self) -> Iterator[Some]:
        """In their order."""
        return iter(self._every)

    def _at(self, from_s: float, until_s: float) -> Some | None:
        return next((one for one in self._every if one.holds(from_s, until_s)), None)
