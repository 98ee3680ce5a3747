"""The windows of health checks that slide over a stress, judged by what was before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from math import ceil, floor

from tui.core.histogram import bucket_of, percentile_ms
from tui.core.stress.held_probes import Probe
from tui.core.stress.unjudged import FEW_CHECKS_BEFORE
from tui.core.stress.windows import WINDOW_S, Window
from tui.core.stress.yardstick import allowed_ms

LEAST_PROBES = 3
"""A window holds five, sent once a second; each that it touches counts."""
LEAST_BEFORE = 5
WIDEST_S = 20
"""Where fewer were sent in so long nothing is said."""


class ProbeWindows:
    """Probes in, one after the other; judged windows out, each once and in order.

    A window is good if every probe that it touches was answered and their p95 is no worse than
    before: a probe that hangs spoils all windows of its wait. Memory is bounded.
    """

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._stressed_s: float | None = None
        self._next_s = 0
        """The start of the first window that is not judged yet."""
        self._kept: deque[Probe] = deque()
        self.watched_until_s = 0.0

    def stressed(self, at_s: float) -> None:
        """The stress begins."""
        self._stressed_s = at_s
        self._next_s = max(floor(at_s) - WINDOW_S + 1, 0)

    def add(
        self, sent_s: float, ended_s: float, ms: float | None, *, is_disturbed: bool = False
    ) -> Iterator[Window]:
        """The windows that this probe makes whole: those that end before it was sent.

        A disturbed answer is skipped, as its time is not the service's; none is none all the same.
        """
        self.watched_until_s = ended_s
        if is_disturbed and ms is not None:
            return
        self._kept.append(Probe(sent_s, ended_s, ms))
        if self._stressed_s is None or sent_s < self._stressed_s:
            if ms is not None:
                self._before[bucket_of(ms)] = self._before.get(bucket_of(ms), 0) + 1
            while self._kept[0].ended_s < sent_s - WINDOW_S:
                self._kept.popleft()
            return
        yield from self._judged(sent_s)

    @property
    def why(self) -> str:
        """Why nothing can be judged; empty where it can."""
        few = sum(self._before.values()) < LEAST_BEFORE
        return FEW_CHECKS_BEFORE if few else ""

    @property
    def allowed_ms(self) -> float:
        """The worst p95 that a good window has."""
        return allowed_ms(percentile_ms(self._before, 0.95) or 0.0)

    def _judged(self, until_s: float) -> Iterator[Window]:
        most_ms = self.allowed_ms
        while (end_s := self._next_s + WINDOW_S) <= until_s:
            while self._kept[0].ended_s < self._next_s:
                self._kept.popleft()
            widest_s = self._next_s + WIDEST_S
            while len(held := self._touched(end_s)) < LEAST_PROBES and end_s < widest_s:
                end_s += 1
            if end_s > until_s:
                return
            if len(held) >= LEAST_PROBES or any(probe.ms is None for probe in held):
                yield self._window(held, end_s, most_ms)
            self._next_s += 1

    def _window(self, held: list[Probe], end_s: int, most_ms: float) -> Window:
        p95_ms = _p95_ms(held)
        is_answered = all(probe.ms is not None for probe in held)
        is_good = is_answered and p95_ms is not None and p95_ms <= most_ms
        return Window(self._next_s, end_s - 1, is_good, p95_ms)

    def _touched(self, end_s: float) -> list[Probe]:
        return [probe for probe in self._kept if probe.sent_s < end_s]


def _p95_ms(probes: list[Probe]) -> float | None:
    answers = sorted(probe.ms for probe in probes if probe.ms is not None)
    return answers[ceil(0.95 * len(answers) - 1e-9) - 1] if answers else None
