"""Volleys: the users of all workers begin an operation at the same instants."""

from __future__ import annotations

import time
from math import inf
from typing import Any

from gevent.hub import Waiter

from tui.load.alarm import Alarm


class Barrier:
    """Opens at multiples of its period since the load began, once it was told the first of them."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._began_s = 0.0
        self._next: int | None = None
        self._waiting: list[Any] = []
        self._alarm = Alarm(self._ring)

    def begin(self, began_s: float) -> None:
        """Instants count from here."""
        self._began_s = began_s

    def open(self, first: int | None) -> None:
        """Let users go from that multiple of the period on; None: hold them back."""
        self._next = first
        self._set_alarm()

    def await_turn(self) -> None:
        """Block the calling user until the next instant."""
        waiter = Waiter()
        self._waiting.append(waiter)
        try:
            waiter.get()
        except BaseException:
            # A user that is killed here begins nothing.
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            raise

    def _ring(self) -> None:
        if time.monotonic() >= self._next_s:
            waiting, self._waiting = self._waiting, []
            for waiter in waiting:
                waiter.switch(None)
            # A volley that was sent late swallows the instants that it took.
            gone = int((time.monotonic() - self._began_s) / self._period_s)
            assert self._next is not None
            self._next = max(gone, self._next) + 1
        self._set_alarm()

    @property
    def _next_s(self) -> float:
        return inf if self._next is None else self._began_s + self._next * self._period_s

    def _set_alarm(self) -> None:
        self._alarm.set(self._next_s)
