"""What must not wait for the engine's thread, which a disk or a process may keep waiting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue


class Urgent:
    """A thread of its own. `put` may be called from any, from a signal handler too: it never
    blocks."""

    def __init__(self) -> None:
        self._acts: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="urgent", daemon=True)

    def start(self) -> None:
        """What was put before is done as well."""
        self._thread.start()

    def put(self, act: Callable[[], None]) -> None:
        """Have it done at once."""
        self._acts.put(act)

    def close(self) -> None:
        """Do what is left, and stop; nothing where it never started."""
        if self._thread.is_alive():
            self._acts.put(None)
            self._thread.join()

    def _loop(self) -> None:
        while (act := self._acts.get()) is not None:
            try:
                act()
            except Exception:
                # The order itself is on its way to the engine, and the next one may be the last.
                logging.getLogger(__name__).exception("what was urgent failed")
