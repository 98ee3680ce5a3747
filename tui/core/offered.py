"""How much load was offered, and whether the target took even half of it."""

from __future__ import annotations

from tui.core.events import WindowClosed
from tui.core.format import percent, rate

LEAST_OPERATIONS = 20
"""A mean interval of fewer is no figure."""
LEAST_INTERVAL_S = 0.001
"""Users that wait for less do not wait: they offer as much as they get answers for."""
SATURATED_BELOW = 0.5


class OfferedFold:
    """Fed with the measured windows. An operation is one task of a user."""

    def __init__(self, *, is_open: bool) -> None:
        self._is_open = is_open
        self._windows = 0
        self._operations = 0
        self._due = 0
        self._interval_s = 0.0
        self._intervals = 0
        self._user_s = 0.0

    def add(self, window: WindowClosed) -> None:
        """One measured window."""
        self._windows += 1
        self._operations += window.operations
        self._due += window.due
        self._interval_s += window.think_s
        self._intervals += window.thinks
        self._user_s += window.users

    @property
    def rps(self) -> float | None:
        """Operations per second if answers took no time; None where users never wait."""
        if not self._windows:
            return None
        if self._is_open:
            return self._due / self._windows
        few = self._intervals < LEAST_OPERATIONS
        if few or self._interval_s < LEAST_INTERVAL_S * self._intervals:
            return None
        return self._user_s / self._windows * self._intervals / self._interval_s

    def warning(self) -> str:
        """What to say when the target took less than half of it; empty otherwise."""
        offered = self.rps
        if not offered or self._operations < LEAST_OPERATIONS:
            return ""
        achieved = self._operations / self._windows
        if achieved >= SATURATED_BELOW * offered:
            return ""
        return (
            f"saturated: {rate(achieved)} of {rate(offered)} operations/s offered were done, "
            f"{percent(achieved / offered)} %"
        )
