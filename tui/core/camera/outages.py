"""How often a camera stopped to deliver, and how long the longest way back took."""

from __future__ import annotations


class Outages:
    """Fed with the ends and beginnings of pictures; times are the run's."""

    def __init__(self) -> None:
        self.number = 0
        self._longest_s: float | None = None
        self._step_s = 0.0
        self._since_s: float | None = None
        self._gone_s = 0.0

    def began(self, at_s: float) -> None:
        """No more pictures after this one."""
        self.number += 1
        self._since_s = self._gone_s = at_s

    def looked(self, at_s: float) -> None:
        """It was seen then that it is still gone."""
        self._gone_s = max(self._gone_s, at_s)

    def ended(self, at_s: float) -> None:
        """Pictures again, or for the first time."""
        if self._since_s is None:
            return
        took_s = max(at_s - self._since_s, 0.0)
        if self._longest_s is None or took_s > self._longest_s:
            self._longest_s, self._step_s = took_s, max(at_s - self._gone_s, 0.0)
        self._since_s = None

    @property
    def longest_s(self) -> float | None:
        """From the last picture to the next one; None without an outage, or while one lasts."""
        return self._longest_s if self._since_s is None else None

    @property
    def step_s(self) -> float | None:
        """How much of the longest nobody looked, at its end: the camera may have been back."""
        return None if self.longest_s is None else self._step_s
