"""The way to the terminal: how far its bytes are behind what was written."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TextIO

from tui.core.camera.pace import Sent

BEHIND_S = 0.1
"""What has not left after this long holds back the next frame."""
SLOW_S = 0.5
"""A link that takes longer than this for what it is sent is slow."""
QUICK_TO_RECOVER = 5
"""So many quick ones in a row, and it is not slow any more."""
MOST_QUEUED = 20
"""Writes; Textual's own queue holds 30, and the 31st blocks its event loop."""


class Link:
    """Told of every write by the event loop, and of every flush by the writer thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._queued = 0
        self._since_s: float | None = None
        self._quick = 0
        self._slow = False
        self._missed = False
        self._bytes, self._busy_s, self._asked_s = 0, 0.0, clock()
        self.on_caught_up: Callable[[], None] = lambda: None
        """Called on the writer thread once all has left after a frame was held back."""

    def queued(self) -> None:
        """Something was given to the writer."""
        with self._lock:
            if self._since_s is None:
                self._since_s = self._clock()
            self._queued += 1

    def left(self, writes: int, size: int = 0) -> None:
        """So many writes are out, of so many bytes."""
        with self._lock:
            self._queued -= writes
            self._bytes += size
            if self._queued > 0 or self._since_s is None:
                return
            now_s = self._clock()
            self._busy_s += now_s - max(self._since_s, self._asked_s)
            took_s, self._since_s = now_s - self._since_s, None
            self._judge(took_s)
            missed, self._missed = self._missed, False
        if missed:
            self.on_caught_up()

    def sent(self) -> Sent:
        """What left since this was last asked, and how long something waited meanwhile."""
        with self._lock:
            now_s = self._clock()
            if self._since_s is not None:
                self._busy_s += now_s - max(self._since_s, self._asked_s)
            sent = Sent(self._bytes, self._busy_s, now_s - self._asked_s)
            self._bytes, self._busy_s, self._asked_s = 0, 0.0, now_s
            return sent

    def holds_back(self) -> bool:
        """Whether a frame must wait; the one that is missed is then asked for when it can go."""
        with self._lock:
            self._missed = self._missed or self._is_behind()
            return self._is_behind()

    def is_behind(self) -> bool:
        """Whether what was written before has not left."""
        with self._lock:
            return self._is_behind()

    def is_slow(self) -> bool:
        """Whether the last things written took long to leave."""
        with self._lock:
            if self._since_s is not None and self._clock() - self._since_s > SLOW_S:
                self._slow, self._quick = True, 0
            return self._slow

    def _is_behind(self) -> bool:
        if self._since_s is None:
            return False
        return self._queued >= MOST_QUEUED or self._clock() - self._since_s > BEHIND_S

    def _judge(self, took_s: float) -> None:
        if took_s > SLOW_S:
            self._slow, self._quick = True, 0
        elif self._slow:
            self._quick += 1
            self._slow = self._quick < QUICK_TO_RECOVER


class LinkedFile:
    """The terminal's file, telling a link what has left."""

    def __init__(self, file: TextIO, link: Link) -> None:
        self._file = file
        self._link = link
        self._written = self._size = 0

    def write(self, text: str) -> int:
        """Called by the writer thread alone."""
        self._written += 1
        self._size += len(text.encode(errors="replace"))
        return self._file.write(text)

    def flush(self) -> None:
        """All that was written leaves; blocks as long as the terminal takes nothing."""
        self._file.flush()
        written, size = self._written, self._size
        self._written = self._size = 0
        self._link.left(written, size)

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._file.fileno()
