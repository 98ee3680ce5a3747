"""How long something was done, whatever went on beside it, and how often in that time."""

from __future__ import annotations


class Busy:
    """Fed with beginnings and ends, in order of time; seconds on any one clock."""

    def __init__(self) -> None:
        self.requests = 0
        self._open = 0
        self._since_s = self._busy_s = 0.0

    def begin(self, at_s: float) -> None:
        """One more goes on."""
        self.advance(at_s)
        self._open += 1

    def advance(self, at_s: float, requests: int = 0) -> None:
        """Up to here what goes on went on, with so many requests."""
        if self._open:
            self._busy_s += max(at_s - self._since_s, 0.0)
        self._since_s = at_s
        self.requests += requests

    def end(self) -> None:
        """One goes on no more since the last advance."""
        self._open = max(self._open - 1, 0)

    @property
    def per_s(self) -> float | None:
        """Requests a second; None before any time has passed."""
        return self.requests / self._busy_s if self._busy_s > 0 else None
