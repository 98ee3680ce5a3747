"""The service's health check over a stress: how fast it answers, and when it does not."""

from __future__ import annotations

from math import inf

from tui.core.histogram import bucket_of, percentiles_ms
from tui.core.stress.view import HealthView, Outage

MOST_OUTAGES = 50


class HealthFold:
    """Fed with probes in order of their ends; times are seconds since the work began."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._least_ms, self._most_ms = inf, 0.0
        """Of those whose time is known."""
        self._worst_ms: float | None = None
        self._probes = self._answered = 0
        self._last_ms: float | None = None
        self._detail = ""
        self._stressed_s = inf
        self._outages: list[Outage] = []
        """Those that are over."""
        self._over_s = self._over_before_s = 0.0
        """What those took since the stress began, and before it."""
        self._open: Outage | None = None

    def stressed(self, at_s: float) -> None:
        """The stress begins: what was lacking before is none of its doing."""
        self._stressed_s = at_s

    def add(self, sent_s: float, ended_s: float, ms: float | None, detail: str = "") -> None:
        """One probe; `ms` is None without a proper answer, and `detail` says what was wrong."""
        self._probes += 1
        if ms is None:
            self._detail = detail
            # Whatever was asked and not answered is part of it, the whole wait.
            from_s = sent_s if self._open is None else self._open[0]
            self._open = (from_s, ended_s)
            return
        self._close(ended_s)
        self._answered += 1
        self._last_ms = ms
        # Were late ones left out here, the slowest would go first: they wait the longest.
        self._worst_ms = max(self._worst_ms or 0.0, ms)

    def time(self, ms: float) -> None:
        """How long an answer took, once it is known that the measurement was not disturbed."""
        self._buckets[bucket_of(ms)] = self._buckets.get(bucket_of(ms), 0) + 1
        self._least_ms, self._most_ms = min(self._least_ms, ms), max(self._most_ms, ms)

    @property
    def outage_s(self) -> float | None:
        """How long nothing was answered since the stress began, all together.

        None before it, and without a probe.
        """
        if not self._probes or self._stressed_s == inf:
            return None
        return self._over_s + self._split_s(self._open)[1]

    def view(self) -> HealthView:
        """All probes so far."""
        p50_ms, p95_ms = percentiles_ms(
            self._buckets, (0.50, 0.95), lowest=self._least_ms, highest=self._most_ms
        )
        still = (self._open,) if self._open is not None else ()
        return HealthView(
            probes=self._probes,
            answered=self._answered,
            ms=self._last_ms,
            p50_ms=p50_ms,
            p95_ms=p95_ms,
            worst_ms=self._worst_ms,
            outages=(*self._outages, *still)[-MOST_OUTAGES:],
            outage_s=self.outage_s or 0.0,
            outage_before_s=self._over_before_s + self._split_s(self._open)[0],
            detail=self._detail,
            gone_since_s=self._open[0] if self._open is not None else None,
        )

    def _close(self, until_s: float) -> None:
        if self._open is None:
            return
        outage = (self._open[0], until_s)
        self._open = None
        before_s, since_s = self._split_s(outage)
        self._over_before_s += before_s
        self._over_s += since_s
        self._outages.append(outage)
        if len(self._outages) > MOST_OUTAGES:
            self._outages.remove(min(self._outages, key=_length_s))

    def _split_s(self, outage: Outage | None) -> tuple[float, float]:
        """How much of it lies before the stress, and how much since."""
        if outage is None:
            return 0.0, 0.0
        before_s = max(min(outage[1], self._stressed_s) - outage[0], 0.0)
        return before_s, _length_s(outage) - before_s


def _length_s(outage: Outage) -> float:
    return outage[1] - outage[0]
