"""Keeps what a stress writes, while it writes: whoever is killed in mid-run wrote all the same."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue

from tui.core.problem import InputError
from tui.ports import Clock, Wear

KEEP_S = 2.0
"""How often what was written is kept, at least."""
CLOSE_S = 5.0
"""A device that does not take the last figure within it is not waited for."""


class WearKeeper:
    """Told of running totals; `wear` is None where nothing is written.

    The book lies on a disk, perhaps on the one that is burnt: a thread of its own waits for it.
    """

    def __init__(self, wear: Wear | None, directory: Path, clock: Clock) -> None:
        self._wear = wear
        self._directory = directory
        self._clock = clock
        self._written: dict[str, int] = {}
        self._told_bytes = 0
        self._told_s = 0.0
        self._untold: SimpleQueue[tuple[int, float] | None] = SimpleQueue()
        """Bytes and when, for the thread; None is its end."""
        self._troubles: SimpleQueue[str] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def count(self, burner: str, figures: Mapping[str, float | str]) -> None:
        """What a burner has written since its start, where it says so."""
        written = figures.get("written_bytes")
        if isinstance(written, (int, float)):
            self._written[burner] = max(self._written.get(burner, 0), int(written))

    def keep(self, now_s: float, *, is_last: bool = False) -> None:
        """Have what is new kept, now and then; returns at once."""
        if self._wear is None or not (is_last or now_s - self._told_s >= KEEP_S):
            return
        self._told_s = now_s
        more = sum(self._written.values()) - self._told_bytes
        if more <= 0:
            return
        self._told_bytes += more
        self._untold.put((more, self._clock.utc()))
        if self._thread is None:
            args = (self._wear,)
            self._thread = threading.Thread(target=self._run, args=args, name="wear", daemon=True)
            self._thread.start()

    def trouble(self) -> str:
        """Why nothing is kept any more, once; empty while it is."""
        if self._troubles.empty():
            return ""
        self._wear = None
        return self._troubles.get()

    def close(self) -> None:
        """Wait until all is kept; the second time nothing happens."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._untold.put(None)
            thread.join(CLOSE_S)
            if thread.is_alive():
                self._troubles.put(_not_kept(f"its disk takes over {CLOSE_S:g} s"))

    def _run(self, wear: Wear) -> None:
        try:
            while (untold := self._untold.get()) is not None:
                wear.add(self._directory, *untold)
        except InputError as error:
            self._troubles.put(_not_kept(str(error)))


def _not_kept(why: str) -> str:
    return f"wear: what was written is not kept: {why}"
