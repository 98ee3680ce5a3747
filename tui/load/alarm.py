"""One moment at which the event loop calls a function: cheaper than a greenlet that sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import Any

import gevent

LONGEST_SLEEP_S = 60.0


class Alarm:
    """Set it again as often as needed; `ring` runs in the hub and must not block.

    It rings early when the moment is far away, so `ring` looks at the clock and sets it again.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._loop = gevent.get_hub().loop
        self._timer: Any = None

    def set(self, at_s: float) -> None:
        """At this moment of the monotonic clock; infinity for never."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.close()
            self._timer = None
        if at_s < inf:
            after_s = min(max(at_s - time.monotonic(), 0.0), LONGEST_SLEEP_S)
            self._timer = self._loop.timer(after_s)
            # The loop's own idea of now may be as old as the last ring took.
            self._timer.start(self._ring, update=True)
