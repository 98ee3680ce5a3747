"""A bounded pool of worker threads with a bounded queue before it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Full(Exception):
    """Every worker is busy and every place in the queue is taken."""


class Gate:
    """Admits requests; call it from the event loop only.

    A request takes its place before its body is read: refusing is cheap then, and the memory
    that bodies take has a limit too.
    """

    def __init__(self, name: str, workers: int, queue: int) -> None:
        self.in_flight = 0
        self._places = workers + queue
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=name)

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Hold one place, or raise Full."""
        if self.in_flight >= self._places:
            raise Full
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1

    async def run(self, work: Callable[[], T]) -> T:
        """Do blocking work on the next free worker."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def close(self) -> None:
        """Drop what waits, finish what runs."""
        self._executor.shutdown(wait=True, cancel_futures=True)
