"""The most that was answered under stress."""

from __future__ import annotations

from collections import deque

from tui.core.format import counted
from tui.core.stress.view import FoundLimit
from tui.core.stress.windows import Second

WINDOW_S = 5
"""A single second may be an accident."""


class BestRps:
    """Fed with the seconds of load under stress."""

    def __init__(self) -> None:
        self._recent: deque[int] = deque(maxlen=WINDOW_S)
        self._last: int | None = None
        self._most = 0.0

    def add(self, second: Second) -> None:
        """One second; those that ended in failure are no answers."""
        if second.is_disturbed or self._last != second.second - 1:
            self._recent.clear()
        self._last = second.second
        if second.is_disturbed:
            return
        self._recent.append(second.requests - second.failures)
        if len(self._recent) == WINDOW_S:
            self._most = max(self._most, sum(self._recent) / WINDOW_S)

    @property
    def limits(self) -> tuple[FoundLimit, ...]:
        """One at most."""
        if not self._most:
            return ()
        by = f"best {counted(WINDOW_S, 'second')} under this load"
        return (FoundLimit("RPS", self._most, "requests/s", by, is_own_cap=True),)
