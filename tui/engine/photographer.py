"""Pictures for a run, of cameras that are open as long as it lasts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue

from tui.engine.camera_desk import CameraDesk
from tui.engine.camera_seat import NOT_WATCHED
from tui.ports import NoStill, Still

PATIENCE_S = 60.0
"""For a camera that opens for the first time on a small board, its own limit included."""
AGAIN_S = 0.05
LATE = NoStill(f"no picture came within {PATIENCE_S:.0f} s")
NONE_KNOWN = NoStill("no camera is configured")


class Photographer:
    """`take` may be called from any thread, the rest from one."""

    def __init__(self, desk: CameraDesk, known: Sequence[str]) -> None:
        """`known`: the names of the site's cameras; the first is meant where none is named."""
        self._desk = desk
        self._known = tuple(known)

    def open(self, names: Sequence[str]) -> None:
        """The run needs these; an empty name means the first."""
        wanted = {self._named(name) for name in names}
        if wanted:
            self._desk.need(sorted(wanted))

    def take(self, name: str) -> Still | NoStill:
        """The next picture of one; waits while it opens, for a bounded time."""
        if not name and not self._known:
            return NONE_KNOWN
        answers: SimpleQueue[Still | NoStill] = SimpleQueue()
        ends_s = time.monotonic() + PATIENCE_S
        while (left_s := ends_s - time.monotonic()) > 0:
            self._desk.still(self._named(name), answers.put)
            try:
                answer = answers.get(timeout=left_s)
            except Empty:
                break
            # Its process is being started: nobody watches it yet.
            if answer is not NOT_WATCHED:
                return answer
            time.sleep(AGAIN_S)
        return LATE

    def close(self) -> None:
        """The run needs none any more."""
        self._desk.release()

    def _named(self, name: str) -> str:
        return name or (self._known[0] if self._known else "")
