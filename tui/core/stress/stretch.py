"""A stretch of a stress: what the service did in it, and how warm the board was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

import msgspec

from tui.core.events import Reading
from tui.core.histogram import bucket_of, percentile_ms
from tui.core.rails import whole_rail
from tui.core.stress.heat import fresh, heat_c
from tui.core.stress.plan import Part
from tui.core.stress.unjudged import DISTURBED, UNANSWERED
from tui.core.stress.view import PartView
from tui.core.stress.windows import Second
from tui.core.tally import MEASURED, Row, Tally

UNANSWERED_SHARE = 0.05
"""Where more checks have no answer, the 95th of a hundred has none either."""
TOLERATED = 1
"""One in vain spoils no stretch, however short."""


class Stretch:
    """Fed with what lies in it; times are seconds since the work began. Memory is bounded."""

    def __init__(self, part: Part, from_s: float, counted: int) -> None:
        """`part` is the one that it lies in; `counted` the number of columns of a row's `over`."""
        self.part = part
        self.from_s = from_s
        self.until_s = inf
        self.tally = Tally(counted)
        """Without disturbed seconds."""
        self.whole = Tally(counted)
        """Counts alone, no latencies; of disturbed seconds and late rows too."""
        self.seconds = 0
        """Of load that count."""
        self.disturbed_s = 0
        self._checks = self._unanswered = 0
        """Health checks."""
        self._answers: dict[int, int] = {}
        self._tj_max_c: float | None = None
        self._power_sum_mw = 0.0
        self._powers = 0
        self._view: PartView | None = None
        """Kept until something is added: screens ask twice a second."""

    def end(self, at_s: float) -> None:
        """It ends here, if it has not ended before."""
        self.until_s = min(self.until_s, max(at_s, self.from_s))
        self._view = None

    def holds(self, from_s: float, until_s: float) -> bool:
        """Whether that time lies in it as a whole."""
        return self.from_s <= from_s and until_s <= self.until_s

    def add(self, second: Second) -> None:
        """One second of load."""
        self._view = None
        self.whole.add(_counts(second.row))
        if second.is_disturbed:
            self.disturbed_s += 1
            return
        self.seconds += 1
        self.tally.add(second.row)

    def late(self, rows: Iterable[Row]) -> None:
        """Results of seconds that were told of before."""
        self._view = None
        for row in rows:
            if row.phase == MEASURED:
                self.whole.add(_counts(row))

    def probe(self, ms: float | None, *, is_disturbed: bool) -> None:
        """One health check; without a proper answer `ms` is None."""
        self._view = None
        self._checks += 1
        if ms is None:
            self._unanswered += 1
        elif not is_disturbed:
            self.answer(ms)

    def answer(self, ms: float) -> None:
        """An answered health check whose time is known."""
        bucket = bucket_of(ms)
        self._answers[bucket] = self._answers.get(bucket, 0) + 1

    def sample(self, readings: Mapping[str, Reading]) -> None:
        """The board, at one moment."""
        self._view = None
        hottest = heat_c(readings)
        if hottest is not None:
            self._tj_max_c = max(self._tj_max_c or hottest, hottest)
        power = fresh(readings, f"{whole_rail(readings)}_mw")
        if power is not None:
            self._power_sum_mw += power
            self._powers += 1

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
        """Of the answered health checks alone."""
        return percentile_ms(self._answers, 0.95)

    @property
    def health_why(self) -> str:
        """Why the answered checks do not stand for the service; empty where they do."""
        if self._unanswered > max(TOLERATED, UNANSWERED_SHARE * self._checks):
            return f"{self._unanswered} of {self._checks} {UNANSWERED}"
        if sum(self._answers.values()) * 2 < self._checks - self._unanswered:
            return DISTURBED
        return ""

    def view(self) -> PartView:
        """It so far."""
        if self._view is None:
            self._view = self._told()
        return self._view

    def _told(self) -> PartView:
        return PartView(
            part=self.part,
            from_s=self.from_s,
            until_s=None if self.until_s == inf else self.until_s,
            seconds=self.seconds,
            disturbed_s=self.disturbed_s,
            requests=self.whole.requests,
            p95_ms=self.p95_ms,
            rps=self.rps,
            error_rate=self.whole.error_rate if self.whole.requests else None,
            health_p95_ms=self.health_p95_ms,
            tj_max_c=self._tj_max_c,
            power_mean_mw=self._power_sum_mw / self._powers if self._powers else None,
            p50_ms=self.tally.percentile_ms(0.50),
            p99_ms=self.tally.percentile_ms(0.99),
        )


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
