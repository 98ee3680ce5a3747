"""What must be so for longer than one sample: a sensor may slip once."""

from __future__ import annotations

from collections import deque

CONFIRMED = 2
"""Samples in a row."""
_LEAST = 3
_LEAST_WITH_SLIP = 5
"""Samples: among fewer, one that says otherwise is no slip."""


class Confirmed:
    """So in each of the last CONFIRMED samples."""

    def __init__(self) -> None:
        self._times = 0

    def add(self, is_so: bool) -> bool:
        """Whether it is confirmed with this sample."""
        self._times = self._times + 1 if is_so else 0
        return self._times >= CONFIRMED


class Lasting:
    """So for a time; one sample that says otherwise does not count."""

    def __init__(self, for_s: float) -> None:
        self._for_s = for_s
        self._kept: deque[tuple[float, bool]] = deque()

    def add(self, is_so: bool, at_s: float) -> bool:
        """Whether it is now so, and was all that time before."""
        kept = self._kept
        kept.append((at_s, is_so))
        while len(kept) > 1 and kept[1][0] <= at_s - self._for_s:
            kept.popleft()
        since_s, was_so = kept[0]
        if not (is_so and was_so) or at_s - since_s < self._for_s or len(kept) < _LEAST:
            return False
        slips = sum(not one for _, one in kept)
        return slips == 0 or (slips == 1 and len(kept) >= _LEAST_WITH_SLIP)
