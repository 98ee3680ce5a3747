"""A stress that does not end."""

from __future__ import annotations

from tui.core.format import duration
from tui.core.guards.halt import Halt, Readings, halt

GRACE_S = 15.0
"""So much longer than planned is no reason yet."""


class Deadline:
    """Counts from its first sample."""

    def __init__(self, limit_s: float) -> None:
        """`limit_s`: as long as the stress is planned to burn."""
        self._limit_s = limit_s
        self._began_s: float | None = None

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        if self._began_s is None:
            self._began_s = at_s
        burnt_s = at_s - self._began_s
        if burnt_s <= self._limit_s + GRACE_S:
            return None
        planned = f"{duration(round(self._limit_s))} were planned"
        return halt("deadline", f"the stress goes on after {duration(round(burnt_s))}, {planned}")
