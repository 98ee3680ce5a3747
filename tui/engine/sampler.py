"""Reads the board twice a second on a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from tui.core.events import Sample
from tui.ports import Board

INTERVAL_S = 0.5
RETRY_S = 3.0
"""How long until a board that could not be put together is tried again."""


class Sampler:
    """Hands each reading to `deliver`, on its own thread. A slow gauge delays only itself."""

    def __init__(self, board: Callable[[], Board], deliver: Callable[[Sample], None]) -> None:
        self._board = board
        self._deliver = deliver
        self._stopping = threading.Event()
        self._process = ""
        """Whose gauges are wanted; another thread says so at any moment."""
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin to sample."""
        self._thread.start()

    def watch(self, process: str) -> None:
        """From the next read on, the `service_` gauges are of these processes."""
        self._process = process

    def close(self) -> None:
        """Stop after the current read, and close the board."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        board = self._found()
        if board is None:
            return
        next_s, watched = time.monotonic(), ""
        while not self._stopping.is_set():
            try:
                process = self._process
                if process != watched:
                    watched = process
                    board.watch(watched)
                self._deliver(board.read())
            except Exception:
                # One gauge that breaks must not end the others for the rest of the day.
                logging.getLogger(__name__).exception("the board could not be read")
            # By the clock, not by the pause between two reads: a slow read moves no later one.
            next_s = max(next_s + INTERVAL_S, time.monotonic())
            self._stopping.wait(next_s - time.monotonic())
        board.close()

    def _found(self) -> Board | None:
        """The board, as soon as it can be put together; None when nobody waits for it any more."""
        told = ""
        while not self._stopping.is_set():
            try:
                return self._board()
            except Exception as error:
                said = error.strerror if isinstance(error, OSError) else None
                why = f"it can't be read: {said or f'{type(error).__name__}: {error}'}"
                if why != told:
                    logging.getLogger(__name__).exception("the board could not be put together")
                    told = why
                self._deliver(Sample({}, {"board": why}))
            self._stopping.wait(RETRY_S)
        return None
