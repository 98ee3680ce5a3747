"""How long at least one request was under way, and how long all that went on was waiting."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator


class UnderWay:
    """From any thread. What is beside each other counts once; a wait beside a request is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asking = 0
        self._waiting = 0
        self._turned_s = time.perf_counter()
        self._request_s = 0.0
        self._wait_s = 0.0

    @property
    def request_ms(self) -> float:
        """So far, since `reset`."""
        return self._request_s * 1000

    @property
    def wait_ms(self) -> float:
        """So far, since `reset`."""
        return self._wait_s * 1000

    def reset(self) -> None:
        """From now on. Nothing is under way then."""
        with self._lock:
            self._turned_s = time.perf_counter()
            self._request_s = self._wait_s = 0.0

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """A request is under way in the block."""
        self._turn(asking=1)
        try:
            yield
        finally:
            self._turn(asking=-1)

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Nothing is done in the block."""
        self._turn(waiting=1)
        try:
            yield
        finally:
            self._turn(waiting=-1)

    def _turn(self, asking: int = 0, waiting: int = 0) -> None:
        with self._lock:
            now_s = time.perf_counter()
            if self._asking:
                self._request_s += now_s - self._turned_s
            elif self._waiting:
                self._wait_s += now_s - self._turned_s
            self._turned_s = now_s
            self._asking += asking
            self._waiting += waiting
