"""Loss, order and jitter of numbered datagrams. Pure."""

from __future__ import annotations

MAX_MISSING = 4096
"""Numbers that may still come; older ones count as lost for good."""
_JITTER_SHARE = 16
"""Of a new difference in the mean: RFC 3550, section 6.4.1."""


class Arrivals:
    """Folds datagrams as they come; bounded however many there are."""

    def __init__(self) -> None:
        self.expected = 0
        """One more than the highest number seen."""
        self.received = 0
        """Each number once."""
        self.reordered = 0
        self.doubled = 0
        self.jitter_us: float | None = None
        """Mean change of the time on the way; None before the second datagram."""
        self._missing: dict[int, None] = {}
        self._way_ns: int | None = None

    def add(self, number: int, sent_ns: int, at_ns: int) -> None:
        """One datagram; the two clocks need not agree."""
        if number >= self.expected:
            self._miss(self.expected, number)
            self.expected = number + 1
        elif number in self._missing:
            del self._missing[number]
            self.reordered += 1
        else:
            self.doubled += 1
            return
        self.received += 1
        way_ns = at_ns - sent_ns
        if self._way_ns is not None:
            before_us = self.jitter_us or 0.0
            change_us = abs(way_ns - self._way_ns) / 1e3
            self.jitter_us = before_us + (change_us - before_us) / _JITTER_SHARE
        self._way_ns = way_ns

    def _miss(self, first: int, beyond: int) -> None:
        # A number out of thin air must not take the memory.
        for number in range(max(first, beyond - MAX_MISSING), beyond):
            self._missing[number] = None
        while len(self._missing) > MAX_MISSING:
            del self._missing[next(iter(self._missing))]


def lost_percent(expected: int, received: int, sent: int) -> float | None:
    """0..100, of what a window expected by the numbers it saw; None when nothing was sent.

    Where nothing came at all there are no numbers, and what was sent is lost.
    """
    if expected > 0:
        # A late one of the window before may make more come than was expected.
        return 100.0 * max(0, expected - received) / expected
    return 100.0 if sent and not received else 0.0 if received else None
