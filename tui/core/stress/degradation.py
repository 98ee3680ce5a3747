"""How the service fared in each part of a stress, and by how much that differs from before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from tui.core.limits import Limit, LimitState, judge
from tui.core.proof import Shortfall
from tui.core.stress.bootstrap import interval_of
from tui.core.stress.lacks import health_why, lacks_of
from tui.core.stress.part_fold import PartFold
from tui.core.stress.plan import Part
from tui.core.stress.stretches import Stretches
from tui.core.stress.view import Change, PartView
from tui.core.stress.windows import Second
from tui.core.tally import Tally


class DegradationFold(Stretches[PartFold]):
    """Fed with parts and with what lies in them; times are seconds since the work began."""

    def __init__(self, counted: Sequence[Limit]) -> None:
        """`counted` are the limits that the columns of each row's `over` are of."""
        super().__init__()
        self._counted = tuple(counted)

    def enter(self, part: Part, at_s: float) -> None:
        """Another part begins."""
        self.end(at_s)
        self.begin(PartFold(part, at_s, len(self._counted)))

    def parts(self) -> tuple[PartView, ...]:
        """Those that have begun."""
        return tuple(part.view() for part in self)

    def changes(self) -> tuple[Change, ...]:
        """Each later part beside the first: of the load, or where none was of the health check."""
        before = self.of("before")
        if before is None:
            return ()
        later = (part for part in self if part is not before)
        return tuple(change for part in later for change in _changes(before, part))

    def part_of(self, second: Second) -> Part | None:
        """The one that holds it as a whole."""
        found = self.holding(second)
        return None if found is None else found.part

    def under_stress(self) -> PartFold | None:
        """The stress itself; None before."""
        return self.of("stress")

    def of(self, part: Part) -> PartFold | None:
        """That part; None before it began."""
        return next((each for each in self if each.part == part), None)

    def ratios(self) -> dict[str, float | None]:
        """`p95_ratio` and `rps_ratio` of the stress itself, as far as they are known.

        Of checks of which too many had no answer the ratio is not known.
        """
        found = {each.metric: each.ratio for each in self.changes() if each.part == "stress"}
        p95_ratio = found.get("p95_ms")
        part = self.under_stress()
        if p95_ratio is None and part is not None and not health_why(self.of("before"), part):
            p95_ratio = found.get("health_p95_ms")
        return {"p95_ratio": p95_ratio, "rps_ratio": found.get("rps")}

    def lacks(self, *, is_loaded: bool) -> dict[str, Shortfall]:
        """Why limits of requests have no figure under stress, by metric."""
        part = self.under_stress()
        return {} if part is None else lacks_of(self.of("before"), part, is_loaded=is_loaded)

    def judged(
        self, limits: Sequence[Limit], others: Mapping[str, float | None]
    ) -> tuple[LimitState, ...]:
        """Each limit beside the stress itself, as far as it is one of requests."""
        part = self.under_stress()
        if part is None:
            return judge(limits, self._counted, Tally(len(self._counted)), 0.0, others)
        return part.judged(limits, self._counted, others)


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
