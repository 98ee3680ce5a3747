"""How late this process itself gets its turn: what it measures meanwhile is late as well."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence

TICK_S = 0.01
REPORT_S = 1.0
MOST_MISSED = 60_000
"""Ticks that one sleep can miss and that are counted each: ten minutes of them."""


def lateness(due_s: float, now_s: float, tick_s: float = TICK_S) -> tuple[list[float], float]:
    """How late in ms every tick is that was due until now, and when the next one is due.

    A long sleep misses many: each is as late as it is, and none moves the ones behind it.
    """
    missed = max(math.floor((now_s - due_s) / tick_s) + 1, 0)
    counted = min(missed, MOST_MISSED)
    late_ms = [(now_s - due_s - number * tick_s) * 1000 for number in range(counted)]
    return late_ms, due_s + missed * tick_s


def summary(late_ms: Sequence[float]) -> tuple[float, float]:
    """The p99 (nearest rank) and the worst; `late_ms` must not be empty."""
    ordered = sorted(late_ms)
    return ordered[math.ceil(len(ordered) * 0.99) - 1], ordered[-1]


class JitterProbe:
    """Wakes a hundred times a second, and tells `emit_second` each second p99 and worst in ms."""

    def __init__(
        self, emit_second: Callable[[float, float], None], *, tick_s: float = TICK_S
    ) -> None:
        self._emit_second = emit_second
        self._tick_s = tick_s
        self._is_ended = False
        self._thread = threading.Thread(target=self._run, name="jitter", daemon=True)

    def start(self) -> None:
        """Tick from now on."""
        self._thread.start()

    def close(self) -> None:
        """Tick no more."""
        self._is_ended = True
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        monotonic, sleep = time.monotonic, time.sleep
        due_s = monotonic() + self._tick_s
        report_s = due_s + REPORT_S
        second: list[float] = []
        while not self._is_ended:
            sleep(max(0.0, due_s - monotonic()))
            late_ms, due_s = lateness(due_s, monotonic(), self._tick_s)
            second += late_ms
            if due_s >= report_s and second:
                self._emit_second(*summary(second))
                second = []
                report_s += (math.floor((due_s - report_s) / REPORT_S) + 1) * REPORT_S
