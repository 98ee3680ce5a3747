"""One part of a stress: a stretch that is compared with others, and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.core.histogram import bucket_of
from tui.core.limits import Limit, LimitState, judge
from tui.core.stress.blocks import Blocks
from tui.core.stress.bootstrap import Spread, spread_of
from tui.core.stress.plan import PARTS, Part
from tui.core.stress.stretch import Stretch
from tui.core.stress.windows import LATENCY_METRICS, Second
from tui.core.tally import Tally


class PartFold(Stretch):
    """Fed with what lies in the part; memory is bounded however long it is."""

    def __init__(self, part: Part, from_s: float, counted: int) -> None:
        super().__init__(part, from_s, counted)
        self._load = Blocks()
        self._health = Blocks()
        self._spreads: dict[str, tuple[tuple[int, int], Spread]] = {}

    def add(self, second: Second) -> None:
        """One second of load."""
        super().add(second)
        if not second.is_disturbed:
            self._load.add(second.row.buckets, second.requests)

    def answer(self, ms: float) -> None:
        """An answered health check."""
        super().answer(ms)
        self._health.add({bucket_of(ms): 1}, 1)

    def judged(
        self,
        limits: Sequence[Limit],
        counted: Sequence[Limit],
        others: Mapping[str, float | None],
    ) -> tuple[LimitState, ...]:
        """Each limit beside the part; `counted` and `others` as for `judge`.

        A request that failed or was answered while the measurement was late did so all the same:
        errors and the rate are of all seconds. How long it took is not known then.
        """
        return tuple(
            state
            for limit in limits
            for state in judge([limit], counted, self._judged(limit), self.told_s, others)
        )

    @property
    def told_s(self) -> float:
        """Seconds of load that it holds, disturbed ones too."""
        return float(self.seconds + self.disturbed_s)

    def load_spread(self) -> Spread:
        """How sure the load's figures are."""
        return self._spread("load", self._load)

    def health_spread(self) -> Spread:
        """How sure the health check's are."""
        return self._spread("health", self._health)

    def _judged(self, limit: Limit) -> Tally:
        return self.tally if limit.metric in LATENCY_METRICS else self.whole

    def _spread(self, name: str, blocks: Blocks) -> Spread:
        # It costs some milliseconds and changes only with a block: screens ask twice a second.
        stand = (blocks.width_s, len(blocks.whole))
        known = self._spreads.get(name)
        if known is None or known[0] != stand:
            known = self._spreads[name] = (stand, spread_of(blocks.whole, PARTS.index(self.part)))
        return known[1]
