"""Over-current events by the second, from counters that only ever grow."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from tui.core.events import Reading

NUMBERS = (1, 2, 3)
KEPT_S = 8.0
CLOCK = "uptime_s"
STANDS_S = 0.001
LEAST_S = 0.2
"""Over less, one event more would be many a second."""


class Counters:
    """Fed with samples in order of time; keeps some seconds of them."""

    def __init__(self) -> None:
        self._kept: dict[int, deque[tuple[float, float]]] = {}
        self._uptime_s: float | None = None
        self._stands_still = False

    def add(self, readings: Mapping[str, Reading], at_s: float) -> None:
        """One sample."""
        uptime = readings.get(CLOCK)
        if uptime is not None and uptime.value is not None:
            before_s, self._uptime_s = self._uptime_s, uptime.value
            # The board's own clock does not move: these are files, in which nothing ever happens.
            self._stands_still = before_s is not None and uptime.value - before_s < STANDS_S
        for number in NUMBERS:
            reading = readings.get(f"oc{number}_events")
            if reading is None or reading.value is None:
                self._kept.pop(number, None)
                continue
            kept = self._kept.setdefault(number, deque())
            if kept and (reading.value < kept[-1][1] or at_s <= kept[-1][0]):
                kept.clear()  # the board was started again, or another source counts otherwise
            kept.append((at_s, reading.value))
            while len(kept) > 2 and kept[1][0] <= at_s - KEPT_S:
                kept.popleft()

    def rates(self, over_s: float) -> dict[int, float]:
        """Events a second in the last `over_s`, by the counter's number; unknown ones left out."""
        counts = [count for kept in self._kept.values() for _, count in (kept[0], kept[-1])]
        has_moved = counts[::2] != counts[1::2]
        if self._stands_still and not has_moved:
            return {}
        found = {}
        for number, kept in self._kept.items():
            at_s, count = kept[-1]
            # The newest sample that is that old, else the oldest there is.
            since = [one for one in kept if one[0] <= at_s - over_s][-1:] or [kept[0]]
            since_s, before = since[0]
            if at_s - since_s >= LEAST_S:
                found[number] = (count - before) / (at_s - since_s)
        return found
