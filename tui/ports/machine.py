"""The machine that measures: its time, its gauges, its wear, and whose turn it is."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tui.core.events import Sample


class Clock(Protocol):
    """Time, so that tests can own it."""

    def monotonic_s(self) -> float:
        """Seconds that never go back."""

    def utc(self) -> float:
        """Seconds since the epoch, for stamps only."""


class Board(Protocol):
    """The machine's gauges. `read` and `close` come from one thread, `watch` from any."""

    def read(self) -> Sample:
        """Every gauge now; one that can't be read says why. Never waits for a slow source."""

    def watch(self, process: str) -> None:
        """Whose processes the `service_` gauges are of: `port:8000`, `unit:infer.service`,
        `pid:1841`, `name:infer`, `container:infer`; empty: nobody's."""

    def close(self) -> None:
        """End what belongs to it. Nothing is left: no process, thread or descriptor."""


class Wear(Protocol):
    """What was written to the devices of this board, over all sessions."""

    def allowed_bytes(self, directory: Path, now_s: float) -> int | None:
        """What may be written now (UTC) to the device under a directory; None: it does not wear.

        Raises InputError where that is not known.
        """

    def add(self, directory: Path, amount_bytes: int, now_s: float) -> object:
        """So much was written. Raises InputError where it can't be kept."""


class HostLock(Protocol):
    """One run drives a board at a time."""

    def acquire(self, scenario: str, at_utc: float) -> str:
        """Empty when it is ours now; otherwise who holds it, in words."""

    def release(self) -> None:
        """Let others run."""
