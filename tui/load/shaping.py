"""A LoadTestShape of the locustfile, asked once a second for the level that it wants."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gevent

from tui.load.wire import Asked

TICK_S = 1.0


class Shaping:
    """Ticks the shape while the load goes on. Its wishes are taken with the reports.

    The shape sees the users of the worker that it lives in. One that raises is at its end, and
    `describe` says in one line what it raised.
    """

    def __init__(self, shape: Any, describe: Callable[[Exception], str]) -> None:
        self._shape = shape
        self._describe = describe
        self._asked: list[Asked] = []
        self._last: Asked | None = None
        self._is_paused = self._is_held = False
        self._stopped_s: float | None = None

    def begin(self, runner: Any) -> None:
        """Its time starts now."""
        self._shape.runner = runner
        self._shape.reset_time()
        runner.greenlet.spawn(self._tick)

    def pause(self, is_paused: bool) -> None:
        """While the load is paused its time stands still."""
        self._is_paused = is_paused
        self._stop_or_go()

    def hold(self, is_held: bool) -> None:
        """While the level is held its time stands still."""
        self._is_held = is_held
        self._stop_or_go()

    def take(self) -> list[Asked]:
        """What it has asked for since the last call."""
        asked, self._asked = self._asked, []
        return asked

    def _stop_or_go(self) -> None:
        # Locust's shapes count from start_time, by this very clock.
        now_s = time.perf_counter()
        if self._is_paused or self._is_held:
            self._stopped_s = self._stopped_s or now_s
        elif self._stopped_s is not None:
            self._shape.start_time += now_s - self._stopped_s
            self._stopped_s = None

    def _tick(self) -> None:
        while self._last is None or self._last.users is not None:
            if self._stopped_s is None:
                self._ask()
            gevent.sleep(TICK_S)

    def _ask(self) -> None:
        try:
            asked = _asked(self._shape.tick())
        except Exception as error:
            asked = Asked(None, failed=self._describe(error))
        if asked != self._last:
            self._last = asked
            self._asked.append(asked)


def _asked(wish: Any) -> Asked:
    """ValueError for a wish that can't be met; the text says why."""
    if wish is None:
        return Asked(None)
    users, spawn_rate, *classes = wish
    if any(classes):
        raise ValueError("a LoadTestShape that chooses user classes is not supported")
    if int(users) < 0 or not float(spawn_rate) > 0:
        raise ValueError(f"tick() wants {users} users at {spawn_rate} per second")
    return Asked(int(users), float(spawn_rate))
