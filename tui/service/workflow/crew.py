"""Threads that do the items of a step beside each other, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from tui.service.workflow.step import Steps

Work = Callable[[Steps], None]


class Crew:
    """One thread leads it, and works itself; the others are kept from batch to batch."""

    def __init__(self, make: Callable[[], Steps]) -> None:
        self._make = make
        self._hands: list[_Hand] = []
        self.own = make()
        """Of the thread that leads."""

    def go(self, at_once: int, work: Work) -> None:
        """Returns once so many have worked to the end. The first error of one is raised."""
        name = threading.current_thread().name
        while len(self._hands) < at_once - 1:
            self._hands.append(_Hand(f"{name}-{len(self._hands) + 2}", self._make))
        hands = self._hands[: at_once - 1]
        for hand in hands:
            hand.begin(work)
        try:
            work(self.own)
        finally:
            errors = [hand.ended() for hand in hands]
        for error in errors:
            if error is not None:
                raise error

    def close(self) -> None:
        """End the threads, and leave the service."""
        for hand in self._hands:
            hand.leave()
        self._hands = []
        self.own.close()


class _Hand:
    def __init__(self, name: str, make: Callable[[], Steps]) -> None:
        self._make = make
        self._work: SimpleQueue[Work | None] = SimpleQueue()
        self._ends: SimpleQueue[Exception | None] = SimpleQueue()
        threading.Thread(target=self._go, name=name, daemon=True).start()

    def begin(self, work: Work) -> None:
        self._work.put(work)

    def ended(self) -> Exception | None:
        return self._ends.get()

    def leave(self) -> None:
        self._work.put(None)

    def _go(self) -> None:
        steps: Steps | None = None
        while (work := self._work.get()) is not None:
            error = None
            try:
                steps = steps or self._make()
                work(steps)
            except Exception as raised:
                error = raised
            self._ends.put(error)
        if steps is not None:
            steps.close()
