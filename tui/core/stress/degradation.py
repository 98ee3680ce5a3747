"""How the service fared in each part of a stress, and by how much that differs from before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from tui.core.events import Reading
from tui.core.limits import Limit, LimitState, judge
from tui.core.stress.bootstrap import interval_of
from tui.core.stress.part_fold import PartFold
from tui.core.stress.plan import Part
from tui.core.stress.view import Change, PartView
from tui.core.stress.windows import Second
from tui.core.tally import Row, Tally


class DegradationFold:
    """Fed with parts and with what lies in them; times are seconds since the work began.

    Everything counts by its own time: a second of load is told of after its part may be over. What
    lies in two parts counts in none.
    """

    def __init__(self, counted: Sequence[Limit]) -> None:
        """`counted` are the limits that the columns of each row's `over` are of."""
        self._counted = tuple(counted)
        self._parts: list[PartFold] = []

    def enter(self, part: Part, at_s: float) -> None:
        """Another part begins."""
        self.leave(at_s)
        self._parts.append(PartFold(part, at_s, len(self._counted)))

    def leave(self, at_s: float) -> None:
        """The part that goes on ends here."""
        if self._parts:
            self._parts[-1].until_s = min(self._parts[-1].until_s, at_s)

    def add(self, second: Second) -> None:
        """One second of load."""
        found = self._at(second.second, second.second + 1)
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
        if found is not None and ms is not None and not is_disturbed:
            found.answer(ms)

    def sample(self, at_s: float, readings: Mapping[str, Reading]) -> None:
        """The board, at one moment."""
        found = self._at(at_s, at_s)
        if found is not None:
            found.sample(readings)

    def parts(self) -> tuple[PartView, ...]:
        """Those that have begun."""
        return tuple(part.view() for part in self._parts)

    def changes(self) -> tuple[Change, ...]:
        """Each later part beside the first: of the load, or where none was of the health check."""
        if not self._parts or self._parts[0].part != "before":
            return ()
        before, *later = self._parts
        return tuple(change for part in later for change in _changes(before, part))

    def part_of(self, second: Second) -> Part | None:
        """The one that holds it as a whole."""
        found = self._at(second.second, second.second + 1)
        return None if found is None else found.part

    def under_stress(self) -> PartFold | None:
        """The stress itself; None before."""
        return next((part for part in self._parts if part.part == "stress"), None)

    def judged(
        self, limits: Sequence[Limit], others: Mapping[str, float | None]
    ) -> tuple[LimitState, ...]:
        """Each limit beside the stress itself, as far as it is one of requests."""
        part = self.under_stress()
        if part is None:
            return judge(limits, self._counted, Tally(len(self._counted)), 0.0, others)
        return part.judged(limits, self._counted, others)

    def _at(self, from_s: float, until_s: float) -> PartFold | None:
        return next((part for part in self._parts if part.holds(from_s, until_s)), None)


def _changes(before: PartFold, part: PartFold) -> Iterator[Change]:
    if not before.tally.requests:
        spreads = part.health_spread().p95, before.health_spread().p95
        yield from _change(
            "health_p95_ms", part.part, part.health_p95_ms, before.health_p95_ms, *spreads
        )
        return
    now, then = part.load_spread(), before.load_spread()
    yield from _change("p95_ms", part.part, part.p95_ms, before.p95_ms, now.p95, then.p95)
    yield from _change("rps", part.part, part.rps, before.rps, now.rps, then.rps)


def _change(
    metric: Literal["p95_ms", "rps", "health_p95_ms"],
    part: Part,
    value: float | None,
    before: float | None,
    spread: tuple[float, ...],
    before_spread: tuple[float, ...],
) -> Iterator[Change]:
    if value is None or not before:
        return
    low, high = interval_of(value / before, spread, before_spread) or (None, None)
    yield Change(metric, part, value / before, low, high)
