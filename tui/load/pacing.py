"""What decides the course of one worker's load beside Locust: arrivals, volleys, a shape."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from tui.core.tally import UNMEASURED
from tui.load.barrier import Barrier
from tui.load.dispatcher import Dispatcher
from tui.load.operations import Operations
from tui.load.recorder import Recorder
from tui.load.schedule import Schedule
from tui.load.shaping import Shaping
from tui.load.wire import Asked, WorkerSpec


class Pacing:
    """Takes the orders that concern it: begin, phase, hold, rate, barrier."""

    def __init__(
        self,
        spec: WorkerSpec,
        recorder: Recorder,
        shape: Any,
        describe: Callable[[Exception], str],
    ) -> None:
        self._dispatcher: Dispatcher | None = None
        self._barrier: Barrier | None = None
        self._shaping: Shaping | None = None
        # One of the workers is enough: a wish is for the load as a whole.
        if shape is not None and spec.number == 0:
            self._shaping = Shaping(shape, describe)
        if spec.arrival is not None:
            schedule = Schedule(spec.arrival, spec.duration_s, spec.number, spec.workers)
            self._dispatcher = Dispatcher(schedule, spec.timeout_s, recorder)
        elif spec.barrier_s is not None:
            self._barrier = Barrier(spec.barrier_s)
        starter = self._dispatcher or self._barrier
        self._operations = Operations(recorder, starter, spec.operations_per_user)
        self._operations.patch()

    def attach(self, runner: Any) -> None:
        """The runner that starts the users."""
        self._runner = runner
        self._operations.keep_finished(runner)

    def on_order(self, order: Mapping[str, Any]) -> None:
        """React to the driver; orders that concern others are ignored."""
        match order:
            case {"do": "begin", "began_s": began_s}:
                self._begin(began_s)
            case {"do": "phase", "phase": phase, "at_s": at_s}:
                self._pause(phase == UNMEASURED, at_s)
            case {"do": "hold", "is_held": is_held, "at_s": at_s}:
                self._hold(is_held, at_s)
            case {"do": "rate", "rate_rps": rate_rps, "at_s": at_s}:
                if self._dispatcher is not None:
                    self._dispatcher.rerate(rate_rps, at_s)
            case {"do": "barrier", "first": first}:
                if self._barrier is not None:
                    self._barrier.open(first)
            case {"do": "drain"}:
                self._drain(time.monotonic())

    def oldest_s(self, now_s: float) -> float:
        """How long the first arrival without a user has waited; 0 without any."""
        return self._dispatcher.oldest_s(now_s) if self._dispatcher else 0.0

    @property
    def done(self) -> int:
        """How many of the users that are asked for now have finished all their operations."""
        return self._operations.done

    @property
    def asked_users(self) -> int:
        """How many users the master has asked this worker for."""
        return self._operations.asked.total()

    def take_asked(self) -> list[Asked]:
        """What the shape has asked for since the last call."""
        return self._shaping.take() if self._shaping else []

    def _begin(self, began_s: float) -> None:
        for clocked in (self._dispatcher, self._barrier):
            if clocked is not None:
                clocked.begin(began_s)
        if self._shaping is not None:
            self._shaping.begin(self._runner)

    def _drain(self, at_s: float) -> None:
        if self._dispatcher is not None:
            self._dispatcher.drain(at_s)
        if self._shaping is not None:
            self._shaping.pause(True)

    def _pause(self, is_paused: bool, at_s: float) -> None:
        if self._dispatcher is not None:
            self._dispatcher.pause(is_paused, at_s)
        if self._shaping is not None:
            self._shaping.pause(is_paused)

    def _hold(self, is_held: bool, at_s: float) -> None:
        if self._dispatcher is not None:
            self._dispatcher.hold(is_held, at_s)
        if self._shaping is not None:
            self._shaping.hold(is_held)
