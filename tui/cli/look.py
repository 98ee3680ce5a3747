"""A board that is looked at: each look is a scene, with what goes on by all the looks so far."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui.board.detect import Detected, detect_device
from tui.cli.scene import Scene
from tui.core.alerts import unheard_alerts
from tui.core.board_watch import BoardWatch
from tui.core.events import Reading, Sample
from tui.core.incidents import shifted
from tui.core.memory_watch import MemoryWatch

if TYPE_CHECKING:
    from tui.cli.health_watch import HealthWatch
    from tui.core.alerts import AlertRule
    from tui.core.incidents import Incident
    from tui.core.leak import Leak

BETWEEN_S = 0.5
"""Shares and rates are over the time between two reads."""
LONGEST_S = 4.0
"""For a source that has neither told anything nor said why."""
SLOW = "jtop"
"""It has to start a process first."""


class Look:
    """One board, what was seen of it, and the target beside it."""

    def __init__(
        self,
        detected: Detected,
        root: str,
        alerts: Sequence[AlertRule] = (),
        health: HealthWatch | None = None,
        *,
        is_watching: bool = False,
    ) -> None:
        """`root` is where the board's tree stands; empty: it is this machine's own.

        `is_watching`: the board was told whose processes the `service_` gauges are of.
        """
        self._board = detected.board
        self._chosen = detected.chosen
        self._device = detect_device(Path(root or "/"))
        self._alerts = alerts
        self._watch = BoardWatch(alerts)
        self._memory = MemoryWatch()
        self._began_s = time.monotonic()
        self.is_watching = is_watching
        self.health = health
        self.news: list[Incident] = []
        """What began or ended with the last sample."""

    def scene(self) -> Scene:
        """The board now."""
        # What lasts is counted by a clock that nobody sets; people are told by the other.
        sample, now_s, at_s = self._board.read(), time.monotonic(), time.time()
        if self.health is not None and self.health.reading is not None:
            sample = Sample({**sample.readings, "health_ms": self.health.reading}, sample.lost)
        self._memory.add(sample.readings, now_s)
        # What only alerts look at is no gauge of the board.
        judged = {**sample.readings, **self._uptime()}
        found = self._watch.sample(judged, sample.lost, now_s)
        self.news = [shifted(one, at_s - now_s) for one in found]
        return Scene(
            device=self._device,
            sample=sample,
            chosen=self._chosen,
            is_throttled=self._watch.is_throttled,
            incidents=tuple(shifted(one, at_s - now_s) for one in self._watch.open),
            at_s=at_s,
            watched=self.health.watched if self.health else None,
        )

    def steady(self) -> Scene:
        """The second scene or, while a slow source is still to be heard, a later one."""
        scene = self.scene()
        while True:
            time.sleep(BETWEEN_S)
            scene = self.scene()
            if self.is_heard(scene):
                return scene

    def is_heard(self, scene: Scene) -> bool:
        """Whether every source has had its chance to tell something."""
        return not _is_awaited(scene) or time.monotonic() - self._began_s >= LONGEST_S

    def unheard_alerts(self, scene: Scene) -> list[str]:
        """A line for each alert of the user's own for which the board has no figure."""
        return unheard_alerts(self._alerts, scene.sample.readings)

    def leaks(self) -> tuple[Leak, ...]:
        """Whether the service's memory leaks, by all the looks so far. Costly: for the end."""
        return self._memory.leaks()

    def _uptime(self) -> dict[str, Reading]:
        known = [
            each.percent
            for each in (self.health.watched.uptimes if self.health else ())
            if each.percent is not None
        ]
        # The longest period that is known: a moment's outage is the health check's own news.
        return {"uptime_percent": Reading(known[-1], "health")} if known else {}


def _is_awaited(scene: Scene) -> bool:
    is_used = any(choice.name == SLOW and choice.used for choice in scene.chosen)
    is_heard = any(reading.source == SLOW for reading in scene.sample.readings.values())
    return is_used and not is_heard and SLOW not in scene.sample.lost
