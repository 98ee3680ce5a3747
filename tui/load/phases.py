"""To which phase of its run a moment belongs."""

from __future__ import annotations

from math import inf

from tui.core.tally import UNMEASURED, WARM_UP

KEPT = 20


class Phases:
    """In order of their start."""

    def __init__(self) -> None:
        self._starts: list[tuple[float, int]] = [(-inf, WARM_UP)]

    def enter(self, phase: int, since_s: float) -> None:
        """What begins from that moment of the monotonic clock on belongs to `phase`."""
        self._starts.append((since_s, phase))
        del self._starts[:-KEPT]

    def at(self, moment_s: float) -> int:
        """Unmeasured for a moment that is older than all that is remembered."""
        for since_s, phase in reversed(self._starts):
            if moment_s >= since_s:
                return phase
        return UNMEASURED
