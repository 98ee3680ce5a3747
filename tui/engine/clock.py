"""The real clock."""

from __future__ import annotations

import time


class SystemClock:
    """Implements `ports.Clock`."""

    def monotonic_s(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def utc(self) -> float:
        """Seconds since the epoch."""
        return time.time()
