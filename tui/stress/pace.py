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


PACED = "paced to the wear budget"
"""The state of a burner that may write on only when its budget allows it."""
_MIB = 1024 * 1024


class Spread:
    """A budget that is to last: what is written by now is no more than its share of the time."""

    def __init__(self, budget_bytes: float, lasts_s: float, began_s: float) -> None:
        self._budget_bytes = max(budget_bytes, 0.0)
        self._lasts_s = lasts_s
        self._began_s = began_s

    @property
    def bytes_per_s(self) -> float:
        """The mean that it allows."""
        return self._budget_bytes / self._lasts_s

    @property
    def figures(self) -> dict[str, object]:
        """What a burner tells that had to wait for it."""
        return {
            "state": PACED,
            "held_by": "wear",
            "paced_to_mb_per_s": self.bytes_per_s / _MIB,
        }

    def wait_s(self, now_s: float, written_bytes: int) -> float:
        """How long before anything more may be written; 0: now. One piece may go beyond."""
        if written_bytes >= self._budget_bytes:
            return IDLE_S
        due_s = self._lasts_s * written_bytes / self._budget_bytes
        return max(self._began_s + due_s - now_s, 0.0)
