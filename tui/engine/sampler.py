"""Reads the board once a second on a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from tui.core.events import Reading
from tui.ports import Board

INTERVAL_S = 1.0


class Sampler:
    """Hands each reading to `deliver`, on its own thread. A slow gauge delays only itself."""

    def __init__(
        self, board: Callable[[], Board], deliver: Callable[[dict[str, Reading]], None]
    ) -> None:
        self._board = board
        self._deliver = deliver
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin to sample."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the current read."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        board = self._board()
        while not self._stopping.is_set():
            try:
                self._deliver(board.read())
            except Exception:
                # One gauge that breaks must not end the others for the rest of the day.
                logging.getLogger(__name__).exception("the board could not be read")
            self._stopping.wait(INTERVAL_S)
