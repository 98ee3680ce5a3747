"""One part of a stress: what the service did in it, and how warm the board was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf

import msgspec

from tui.core.events import Reading
from tui.core.histogram import bucket_of, percentile_ms
from tui.core.limits import Limit, LimitState, judge
from tui.core.rails import whole_rail
from tui.core.stress.blocks import Blocks
from tui.core.stress.bootstrap import Spread, spread_of
from tui.core.stress.heat import fresh, heat_c
from tui.core.stress.plan import PARTS, Part
from tui.core.stress.view import PartView
from tui.core.stress.windows import LATENCY_METRICS, Second
from tui.core.tally import MEASURED, Row, Tally


class PartFold:
    """Fed with what lies in the part; memory is bounded however long it is."""

    def __init__(self, part: Part, from_s: float, counted: int) -> None:
        self.part = part
        self.from_s = from_s
        self.until_s = inf
        self.tally = Tally(counted)
        """Without disturbed seconds."""
        self.seconds = 0
        """Of load that count."""
        self._whole = Tally(counted)
        """Counts alone, no latencies; of disturbed seconds and late rows too."""
        self._disturbed_s = 0
        self._load = Blocks()
        self._health = Blocks()
        self._answers: dict[int, int] = {}
        self._tj_max_c: float | None = None
        self._power_sum_mw = 0.0
        self._powers = 0
        self._spreads: dict[str, tuple[tuple[int, int], Spread]] = {}

    def holds(self, from_s: float, until_s: float) -> bool:
        """Whether that stretch lies in the part as a whole."""
        return self.from_s <= from_s and until_s <= self.until_s

    def add(self, second: Second) -> None:
        """One second of load."""
        self._whole.add(_counts(second.row))
        if second.is_disturbed:
            self._disturbed_s += 1
            return
        self.seconds += 1
        self.tally.add(second.row)
        self._load.add(second.row.buckets, second.requests)

    def late(self, rows: Iterable[Row]) -> None:
        """Results of seconds that were told of before."""
        for row in rows:
            if row.phase == MEASURED:
                self._whole.add(_counts(row))

    def answer(self, ms: float) -> None:
        """An answered health check."""
        bucket = bucket_of(ms)
        self._answers[bucket] = self._answers.get(bucket, 0) + 1
        self._health.add({bucket: 1}, 1)

    def sample(self, readings: Mapping[str, Reading]) -> None:
        """The board, at one moment."""
        hottest = heat_c(readings)
        if hottest is not None:
            self._tj_max_c = max(self._tj_max_c or hottest, hottest)
        power = fresh(readings, f"{whole_rail(readings)}_mw")
        if power is not None:
            self._power_sum_mw += power
            self._powers += 1

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
        return float(self.seconds + self._disturbed_s)

    @property
    def p95_ms(self) -> float | None:
        """Of the load's requests."""
        return self.tally.percentile_ms(0.95)

    @property
    def rps(self) -> float | None:
        """None without a second that counts."""
        return self.tally.requests / self.seconds if self.seconds else None

    @property
    def health_p95_ms(self) -> float | None:
        """Of the answered health checks."""
        return percentile_ms(self._answers, 0.95)

    def load_spread(self) -> Spread:
        """How sure the load's figures are."""
        return self._spread("load", self._load)

    def health_spread(self) -> Spread:
        """How sure the health check's are."""
        return self._spread("health", self._health)

    def view(self) -> PartView:
        """The part so far."""
        return PartView(
            part=self.part,
            from_s=self.from_s,
            until_s=None if self.until_s == inf else self.until_s,
            seconds=self.seconds,
            disturbed_s=self._disturbed_s,
            requests=self._whole.requests,
            p95_ms=self.p95_ms,
            rps=self.rps,
            error_rate=self._whole.error_rate if self._whole.requests else None,
            health_p95_ms=self.health_p95_ms,
            tj_max_c=self._tj_max_c,
            power_mean_mw=self._power_sum_mw / self._powers if self._powers else None,
        )

    def _judged(self, limit: Limit) -> Tally:
        return self.tally if limit.metric in LATENCY_METRICS else self._whole

    def _spread(self, name: str, blocks: Blocks) -> Spread:
        # It costs some milliseconds and changes only with a block: screens ask twice a second.
        stand = (blocks.width_s, len(blocks.whole))
        known = self._spreads.get(name)
        if known is None or known[0] != stand:
            known = self._spreads[name] = (stand, spread_of(blocks.whole, PARTS.index(self.part)))
        return known[1]


def _counts(row: Row) -> Row:
    """The same without its latencies."""
    return msgspec.structs.replace(
        row,
        sum_ms=0.0,
        min_ms=inf,
        max_ms=0.0,
        buckets={},
        failed_buckets={},
        over=[],
        service_buckets={},
    )
