"""The service's health check over a stress: how fast it answers, and when it does not."""

from __future__ import annotations

from tui.core.histogram import bucket_of, percentiles_ms
from tui.core.stress.view import HealthView, Outage

MOST_OUTAGES = 50


class HealthFold:
    """Fed with probes in order of their ends; times are seconds since the work began."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._least_ms, self._worst_ms = float("inf"), 0.0
        self._probes = self._answered = 0
        self._last_ms: float | None = None
        self._detail = ""
        self._outages: list[Outage] = []
        """Those that are over."""
        self._over_s = 0.0
        self._open: Outage | None = None

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

    def time(self, ms: float) -> None:
        """How long an answer took, once it is known that the measurement was not disturbed."""
        self._buckets[bucket_of(ms)] = self._buckets.get(bucket_of(ms), 0) + 1
        self._least_ms, self._worst_ms = min(self._least_ms, ms), max(self._worst_ms, ms)

    def view(self) -> HealthView:
        """All probes so far."""
        p50_ms, p95_ms = percentiles_ms(
            self._buckets, (0.50, 0.95), lowest=self._least_ms, highest=self._worst_ms
        )
        still = (self._open,) if self._open is not None else ()
        return HealthView(
            probes=self._probes,
            answered=self._answered,
            ms=self._last_ms,
            p50_ms=p50_ms,
            p95_ms=p95_ms,
            worst_ms=self._worst_ms if self._buckets else None,
            outages=(*self._outages, *still)[-MOST_OUTAGES:],
            outage_s=self._over_s + sum(map(_length_s, still)),
            detail=self._detail,
            gone_since_s=self._open[0] if self._open is not None else None,
        )

    def _close(self, until_s: float) -> None:
        if self._open is None:
            return
        outage = (self._open[0], until_s)
        self._open = None
        self._over_s += _length_s(outage)
        self._outages.append(outage)
        if len(self._outages) > MOST_OUTAGES:
            self._outages.remove(min(self._outages, key=_length_s))


def _length_s(outage: Outage) -> float:
    return outage[1] - outage[0]
