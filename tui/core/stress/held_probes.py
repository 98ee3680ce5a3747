"""Health checks that wait until it is known whether the measurement of them was disturbed.

A slow answer touches more seconds than a quick one: were it left out for any of them that was
late, a service would look the faster the worse it is. So it is left out only for what counts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec

from tui.core.stress.jitter import JitterFold
from tui.core.stress.windows import late_limit_ms

LONGEST_S = 2.5
"""The engine's clock is reported on once a second: what is not told of by then never will be."""


class Probe(msgspec.Struct, frozen=True):
    """One health check; times are seconds since the work began."""

    sent_s: float
    ended_s: float
    ms: float | None
    """None without a proper answer."""


class HeldProbes:
    """Checks in, in order of their ends; out in the same order, each once."""

    def __init__(self, jitter: JitterFold) -> None:
        self._jitter = jitter
        self._held: deque[Probe] = deque()

    def add(self, probe: Probe) -> None:
        """One that has just ended."""
        self._held.append(probe)

    def due(self, at_s: float) -> Iterator[tuple[Probe, bool]]:
        """Those of which it is known by then, or never will be; and whether their time is wrong.

        Infinite is the end of the run.
        """
        while self._held and self._is_due(self._held[0], at_s):
            probe = self._held.popleft()
            late_ms = self._jitter.late_ms(probe.sent_s, probe.ended_s)
            # That there was none is no matter of a clock.
            yield probe, probe.ms is not None and late_ms > late_limit_ms(probe.ms)

    def _is_due(self, probe: Probe, at_s: float) -> bool:
        is_told = self._jitter.told_until_s >= probe.ended_s
        return is_told or at_s - probe.ended_s >= LONGEST_S
