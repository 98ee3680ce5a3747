"""The events of one run on their way to the supervisor's thread."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui.core.events import Event
from tui.ports import Clock


class Emitter:
    """Stamps what happens by the run's own clock, which starts now. Callable from any thread.

    What a run tells after its end must not be taken for the next one's: `deliver` hears of whom
    each event is.
    """

    def __init__(self, clock: Clock, deliver: Callable[[Event, Emitter], None]) -> None:
        self._clock = clock
        self._deliver = deliver
        self.started_s = clock.monotonic_s()
        """Monotonic."""

    def at_s(self) -> float:
        """Since the run started."""
        return self._clock.monotonic_s() - self.started_s

    def emit(self, event: Event) -> None:
        """It happened now. Never blocks."""
        self._deliver(msgspec.structs.replace(event, at_s=self.at_s()), self)
