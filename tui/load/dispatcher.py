"""The open model in a worker: operations begin by the clock, each with a user that is free."""

from __future__ import annotations

import time
from collections import deque
from math import inf
from typing import Any

from gevent.hub import Waiter

from tui.load.alarm import Alarm
from tui.load.recorder import Recorder
from tui.load.schedule import Schedule

EARLY_S = 0.0005
"""The event loop sleeps in whole milliseconds, rounded up: half of one early is half of one late at
most. An operation that begins early counts from its actual send."""


class Dispatcher:
    """Hands arrivals to users. The user that was free for the shortest time comes first, so that
    few connections, all of them warm, carry the load; an arrival that finds none waits in line.

    One timer of the event loop wakes the users: it costs a switch for each arrival and no more.
    """

    def __init__(self, schedule: Schedule, timeout_s: float, recorder: Recorder) -> None:
        self._schedule = schedule
        self._timeout_s = timeout_s
        self._recorder = recorder
        self._free: list[Any] = []
        self._line: deque[float] = deque()
        self._alarm = Alarm(self._ring)

    def begin(self, began_s: float) -> None:
        """The first arrivals are due from here on."""
        self._schedule.begin(began_s)
        self._set_alarm()

    def pause(self, is_paused: bool, at_s: float) -> None:
        """No arrivals until it goes on. Those in line are forgotten, or they would be a burst: that
        nobody took them is no fault of the target, and they don't count as due either."""
        self._schedule.pause(is_paused, at_s)
        if is_paused:
            for due_s in self._line:
                self._recorder.paces.withdraw(due_s)
            self._line.clear()
        self._set_alarm()

    def drain(self, at_s: float) -> None:
        """No arrivals any more. Those in line are missed, and failed if they waited too long."""
        self._schedule.pause(True, at_s)
        self._give_up_stale(at_s)
        while self._line:
            self._recorder.paces.missed(self._line.popleft())
        self._set_alarm()

    def hold(self, is_held: bool, at_s: float) -> None:
        """Keep the present rate, or let it go on changing."""
        self._schedule.hold(is_held, at_s)
        self._set_alarm()

    def rerate(self, rate_rps: float, at_s: float) -> None:
        """Another, constant rate from then on."""
        self._schedule.rerate(rate_rps, at_s)
        self._set_alarm()

    def await_turn(self) -> float:
        """Block the calling user until an operation is its own; returns the intended moment."""
        self._give_up_stale(time.monotonic())
        if self._line:
            return self._line.popleft()
        waiter = Waiter()
        self._free.append(waiter)
        try:
            return float(waiter.get())
        except BaseException:
            # A user that is killed here must not be given an operation.
            if waiter in self._free:
                self._free.remove(waiter)
            raise

    def oldest_s(self, now_s: float) -> float:
        """How long the first in line has waited; 0 for an empty line."""
        return now_s - self._line[0] if self._line else 0.0

    def _ring(self) -> None:
        # Runs in the hub: a user is switched to, and comes back as soon as it blocks.
        schedule, came_due = self._schedule, self._recorder.paces.came_due
        while (due_s := schedule.next_s) <= time.monotonic() + EARLY_S:
            schedule.skip()
            came_due(due_s)
            if self._free:
                self._free.pop().switch(due_s)
            else:
                self._line.append(due_s)
        self._set_alarm()

    def _set_alarm(self) -> None:
        self._give_up_stale(time.monotonic())
        stale_s = self._line[0] + self._timeout_s if self._line else inf
        self._alarm.set(min(self._schedule.next_s - EARLY_S, stale_s))

    def _give_up_stale(self, now_s: float) -> None:
        while self._line and now_s - self._line[0] >= self._timeout_s:
            self._recorder.not_begun(self._line.popleft(), self._timeout_s)
