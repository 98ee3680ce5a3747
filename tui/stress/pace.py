"""When the next bytes may go, so that the mean is the rate that is asked. Pure."""

from __future__ import annotations

BACKLOG_S = 0.05
"""What was held up is made good up to this; the rest is let go, or a stall would end in a burst."""
IDLE_S = 0.1


class Pace:
    """Credit that grows with time and is spent by sending."""

    def __init__(self, now_s: float) -> None:
        self._at_s = now_s
        self._credit = 0.0

    def wait_s(self, now_s: float, per_s: float, amount: float) -> float:
        """How long to wait before `amount` may go at `per_s`; 0: it may, and is spent."""
        most = max(per_s * BACKLOG_S, amount)
        self._credit = min(self._credit + (now_s - self._at_s) * per_s, most)
        self._at_s = now_s
        if self._credit >= amount:
            self._credit -= amount
            return 0.0
        return (amount - self._credit) / per_s if per_s > 0 else IDLE_S
