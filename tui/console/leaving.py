"""How the console ends when it is told to from outside: by a signal, or with its terminal."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from tui.child.terminal import let_go_of_terminal
from tui.console.outlast import outlast
from tui.core.verdict import EXIT_CODES
from tui.ports import Engine

HUNG_UP = -1
"""What the console answers when its terminal went: a run may go on."""
LEAVE_S = 0.5
LAST_RESORT_S = 2.0


class Leaving:
    """`leave` takes the console's answer, on its loop's thread."""

    def __init__(self, engine: Engine, leave: Callable[[int], object]) -> None:
        self._engine = engine
        self._leave = leave
        self._loop: asyncio.AbstractEventLoop | None = None
        self._left = threading.Event()
        self.is_hung_up = False
        """Whether the terminal is gone, as far as a signal said so."""

    def heed_signals(self) -> None:
        """From now on; call it on the main thread, in the console's loop."""
        self._loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            # Not the loop's own handlers: with a terminal that nobody reads the loop is blocked.
            signal.signal(number, self._on_signal)

    def has_left(self) -> None:
        """The terminal is as it was before; nothing can hang any more."""
        self._left.set()

    def _on_signal(self, number: int, _: object) -> None:
        name = signal.Signals(number).name
        act = self._hang_up if number == signal.SIGHUP else partial(self._interrupt, name)
        threading.Thread(target=act, name="leaving", daemon=True).start()

    def _hang_up(self) -> None:
        """The terminal is gone: the screen goes, a load goes on, and the caller outlasts it."""
        self.is_hung_up = True
        self._engine.hang_up()
        silent = let_go_of_terminal()
        self._leave_soon(HUNG_UP)
        if silent is not None:
            # The input's thread may have been told of input by the terminal's end, and wait for it.
            self._left.wait(LEAVE_S)
            os.close(silent)
        if not self._left.wait(LAST_RESORT_S):
            code = outlast(self._engine)
            self._engine.close()
            os._exit(code)

    def _interrupt(self, by: str) -> None:
        """Told to go: the run ends and keeps its report, the caller closes the engine."""
        self._engine.stop_run(f"interrupted by {by}", at_once=True)
        self._leave_soon(EXIT_CODES["INTERRUPTED"])
        if not self._left.wait(LAST_RESORT_S):
            self._engine.close()
            os._exit(EXIT_CODES["INTERRUPTED"])

    def _leave_soon(self, code: int) -> None:
        assert self._loop is not None
        # It has ended by itself when the terminal's end was heard first.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._leave, code)
