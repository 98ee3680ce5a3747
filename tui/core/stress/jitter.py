"""Seconds in which the engine itself was late: what it measured in them says little."""

from __future__ import annotations

from collections import deque

from tui.core.histogram import add_into, bucket_of, percentile_ms
from tui.core.stress.view import Jitter

DISTURBED_MS = 10.0
"""A second whose ticks' p99 is later is disturbed."""
EDGE_S = 0.05
"""A stretch that only grazes a second says nothing of it."""
REMEMBERED = 600
"""Disturbed stretches; of the older ones only the count is left."""


class JitterFold:
    """JitterMeasured in, in order of time; which seconds were disturbed, and how bad it was."""

    def __init__(self) -> None:
        self._seconds = 0
        self._disturbed_s = 0
        self._p99s: dict[int, int] = {}
        self._least_p99_ms = self._most_p99_ms = self._worst_ms = 0.0
        self._disturbed: deque[tuple[float, float, float]] = deque(maxlen=REMEMBERED)
        """From, until, and how late the ticks were in ms (p99)."""
        self.told_until_s = float("-inf")
        """Up to then it is known what was disturbed."""

    def add(self, at_s: float, p99_ms: float, worst_ms: float) -> None:
        """One report, at `at_s`, of the second before; of more when nothing came for longer."""
        is_first = not self._seconds
        self.told_until_s = at_s
        self._least_p99_ms = p99_ms if is_first else min(self._least_p99_ms, p99_ms)
        self._most_p99_ms = max(self._most_p99_ms, p99_ms)
        self._worst_ms = max(self._worst_ms, worst_ms)
        is_disturbed = p99_ms > DISTURBED_MS
        # A process that slept for five seconds has a single report for them.
        length_s = max(1.0, worst_ms / 1000) if is_disturbed else 1.0
        seconds = round(length_s)
        self._seconds += seconds
        add_into(self._p99s, {bucket_of(p99_ms): seconds})
        if is_disturbed:
            self._disturbed_s += seconds
            self._disturbed.append((at_s - length_s, at_s, p99_ms))

    def is_disturbed(self, second_s: float) -> bool:
        """Whether the second that begins then, on the clock of `at_s`, was disturbed.

        Only the recent past is remembered, and a second is known about when it is over.
        """
        until_s = second_s + 1 - EDGE_S
        return any(
            begin_s < until_s and end_s > second_s + EDGE_S for begin_s, end_s, _ in self._disturbed
        )

    def late_ms(self, from_s: float, until_s: float) -> float:
        """How late it was at worst in a disturbed second of that stretch; 0: in none.

        Only what is told of and remembered counts.
        """
        return max(
            (
                late_ms
                for begin_s, end_s, late_ms in self._disturbed
                if begin_s < until_s and end_s > from_s
            ),
            default=0.0,
        )

    def view(self) -> Jitter:
        """So far."""
        if not self._seconds:
            return Jitter()
        middle_ms = percentile_ms(
            self._p99s, 0.5, lowest=self._least_p99_ms, highest=self._most_p99_ms
        )
        return Jitter(self._seconds, self._disturbed_s, middle_ms, self._worst_ms)
