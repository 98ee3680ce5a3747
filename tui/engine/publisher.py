"""The newest snapshot, and when front ends are told of another one."""

from __future__ import annotations

import logging
from collections.abc import Callable

from tui.core.events import Event, LoadReported
from tui.core.model import Snapshot
from tui.core.run_fold import RunFold

PUBLISH_S = 0.5
REST_PUBLISH_S = 1.0
Listener = Callable[[Snapshot], None]


class Publisher:
    """Publishes on the supervisor's thread; `listen` and `newest` are for all."""

    def __init__(self, first: Snapshot) -> None:
        self.newest = first
        self._listeners: list[Listener] = []
        self._is_behind = True
        self._published_s = 0.0
        self._was_stalled = False

    def listen(self, listener: Listener) -> None:
        """Tell it of every snapshot from now on."""
        self._listeners.append(listener)

    def fall_behind(self) -> None:
        """Something has changed since the newest one."""
        self._is_behind = True

    def is_due(self, now_s: float) -> bool:
        """Whether it is time for another one."""
        # At rest too: the age of a gauge that hangs must be seen to grow.
        wait_s = PUBLISH_S if self._is_behind else REST_PUBLISH_S
        return now_s - self._published_s >= wait_s

    def is_urgent(self, event: Event, run: RunFold | None) -> bool:
        """Whether front ends must hear of it at once; `run` has heard of it already."""
        if event.is_urgent or run is None or not isinstance(event, LoadReported):
            return event.is_urgent
        was, self._was_stalled = self._was_stalled, run.is_stalled
        return was != self._was_stalled

    def publish(self, snapshot: Snapshot, now_s: float, *, goes_on: bool) -> None:
        """Tell everybody. `goes_on`: time itself makes it old."""
        self._published_s, self._is_behind = now_s, goes_on
        self.newest = snapshot
        for listener in list(self._listeners):
            try:
                listener(snapshot)
            except Exception:
                # A front end that broke hears no more; the run goes on.
                logging.getLogger(__name__).exception("a front end broke")
                self._listeners.remove(listener)
