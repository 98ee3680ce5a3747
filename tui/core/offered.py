"""How much load was offered, and whether the target took even half of it."""

from __future__ import annotations

from tui.core.format import percent, rate
from tui.core.load import Load

LEAST_THINKS = 20
"""A mean think time of fewer waits is no figure."""
LEAST_THINK_S = 0.001
"""Users that think for less are not waiting: they offer as much as they get answers for."""
SATURATED_BELOW = 0.5


class OfferedFold:
    """Fed with the measured windows. An operation is one task of a user."""

    def __init__(self, load: Load) -> None:
        self._arrival = load.arrival
        self._duration_s = load.duration_s
        self._think_s = 0.0
        self._thinks = 0
        self._user_s = 0.0
        self._windows = 0
        self._due = 0.0

    def add(self, second: int, users: int, think_s: float, thinks: int) -> None:
        """One measured window."""
        self._windows += 1
        self._user_s += users
        self._think_s += think_s
        self._thinks += thinks
        if self._arrival is not None:
            due = self._arrival.due
            self._due += due(second + 1, self._duration_s) - due(second, self._duration_s)

    @property
    def rps(self) -> float | None:
        """Operations per second if answers took no time; None where users never wait."""
        if not self._windows:
            return None
        if self._arrival is not None:
            return self._due / self._windows
        if self._thinks < LEAST_THINKS or self._think_s < LEAST_THINK_S * self._thinks:
            return None
        users = self._user_s / self._windows
        return users * self._thinks / self._think_s

    def warning(self, achieved_rps: float) -> str:
        """What to say when the target took less than half of it; empty otherwise."""
        offered = self.rps
        if offered is None:
            return ""
        if self._arrival is not None:
            taken = achieved_rps / offered if offered else 1.0
        else:
            # A user who gets answers at once does nothing but think.
            taken = self._think_s / self._user_s if self._user_s else 1.0
        if taken >= SATURATED_BELOW:
            return ""
        return (
            f"saturated: {rate(achieved_rps)} requests/s of {rate(offered)} operations/s offered, "
            f"{percent(taken)} %"
        )
