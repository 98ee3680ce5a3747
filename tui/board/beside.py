"""Readings that may be slow, or never come: taken on a thread of their own, told with their age."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec

from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading

HUNG_S = 2.0
"""A read that takes longer than this, beside its interval, is a trouble of its source."""
STALE_S = 2.0
STALE_INTERVALS = 3
"""A reading that is older than either is none any more."""
CLOSE_S = 0.5
"""How long a read that goes on may still take when it is closed."""


class _Taken(msgspec.Struct, frozen=True):
    readings: Readings
    at_s: float
    error: str = ""


class Beside:
    """A source around a callable that may block: it is called every `every_s` seconds on one
    daemon thread, and `read` gives at once what it said last.

    What the callable raises becomes the reason of every gauge that it named before, Unreadable
    with its own words. While it hangs, its last readings grow old, and after three intervals they
    are none any more; a second thread is never started.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], Readings],
        every_s: float,
        *,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        """`at_end` is called on the same thread, after the last read."""
        self.name = name
        self._read = read
        self._every_s = every_s
        self._at_end = at_end
        self._taken: _Taken | None = None
        self._since_s = time.monotonic()
        """When the read that goes on began, or when the last one ended."""
        self._is_reading = True
        self._is_closed = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._go, name=f"{name}-beside", daemon=True)
        self._thread.start()

    def read(self) -> Readings:
        """What was read last, as old as it is; nothing before the first read has ended."""
        taken = self._taken
        if taken is None:
            return {}
        passed_s = max(time.monotonic() - taken.at_s, 0.0)
        if passed_s > max(STALE_S, STALE_INTERVALS * self._every_s):
            return self._without_values(taken.readings, self._silence())
        return {
            name: msgspec.structs.replace(reading, age_s=reading.age_s + passed_s)
            for name, reading in taken.readings.items()
        }

    def trouble(self) -> str:
        """What the last read raised, or that the present one does not end."""
        passed_s = time.monotonic() - self._since_s
        if self._is_reading and passed_s > HUNG_S + self._every_s:
            return self._silence()
        taken = self._taken
        return taken.error if taken else ""

    def hurry(self) -> None:
        """Read again now instead of at the end of the interval."""
        self._wake.set()

    def close(self) -> None:
        """End the thread. One that hangs in its read is left to itself."""
        self._is_closed = True
        self._wake.set()
        began_s = self._since_s if self._is_reading else time.monotonic()
        self._thread.join(max(began_s + CLOSE_S - time.monotonic(), 0.0))

    def _go(self) -> None:
        while not self._is_closed:
            self._wake.clear()
            self._since_s, self._is_reading = time.monotonic(), True
            self._taken = self._take()
            self._since_s, self._is_reading = time.monotonic(), False
            if not self._is_closed:
                self._wake.wait(self._every_s)
        self._at_end()

    def _take(self) -> _Taken:
        try:
            return _Taken(self._read(), time.monotonic())
        except Exception as error:  # whatever it is, the gauges tell it
            is_plain = isinstance(error, Unreadable)
            why = str(error) if is_plain else f"{type(error).__name__}: {error}"
            known = self._taken.readings if self._taken else {}
            return _Taken(self._without_values(known, why), time.monotonic(), why)

    def _without_values(self, known: Readings, why: str) -> Readings:
        return {
            name: Reading(None, reading.source or self.name, why) for name, reading in known.items()
        }

    def _silence(self) -> str:
        # A time of day, not a span: every sample of a hang has the same reason.
        began = time.localtime(time.time() - (time.monotonic() - self._since_s))
        return f"has not answered since {time.strftime('%H:%M:%S', began)}"
