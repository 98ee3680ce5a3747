"""Restarts the service under test for a run that goes on, and sees it come back."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from tui.core.config import Target
from tui.engine.parts import Parts
from tui.engine.starting import Asked
from tui.ports import Probe

COMMAND_S = 60.0
"""What the command may take; the embedded target takes less."""
ANSWER_S = 60.0
"""What the service may take from then on, until it answers."""
LOOK_S = 0.05
AGAIN_S = 0.25
STUCK_S = 1.0
OVER = "the run is over"

Way = Callable[[threading.Event], str]
"""Restarts it in bounded time: why not, empty where it did. Gives up once the event is set."""


class Restarter:
    """Implements `ports.Restarts`. `close` may be called from any thread, too."""

    def __init__(self, way: Way, probe: Callable[[], Probe]) -> None:
        self._way = way
        self._probe = probe
        self._closed = threading.Event()

    def __call__(self) -> str:
        return self._way(self._closed) or self._await_answer()

    def close(self) -> None:
        """Restart nothing any more; a command that has not ended by now is ended."""
        self._closed.set()

    def _await_answer(self) -> str:
        ends_s = time.monotonic() + ANSWER_S
        while not (probe := self._probe()).answered:
            if time.monotonic() >= ends_s:
                return f"no answer within {ANSWER_S:.0f} s of its restart: {probe.detail}"
            if self._closed.wait(AGAIN_S):
                return OVER
        return ""


def restarter_of(
    parts: Parts, target: Target, asked: Asked, put: Callable[[Callable[[], None]], None]
) -> Restarter | None:
    """None where nobody said how. `put` has something done on the engine's thread."""
    if target.is_demo:
        way = _on_thread(parts.embedded.restart, put)
    elif target.restart:
        way = _by_command(target.restart)
    else:
        return None
    return Restarter(way, lambda: parts.service.probe(asked.url, target, asked.token))


def _on_thread(restart: Callable[[], None], put: Callable[[Callable[[], None]], None]) -> Way:
    """The embedded target's: the kernel ends it with the thread that started it, and the
    engine's lives as long as it does."""

    def way(closed: threading.Event) -> str:
        answers: SimpleQueue[str] = SimpleQueue()
        late = threading.Event()

        def act() -> None:
            if closed.is_set() or late.is_set():
                return answers.put(OVER)
            try:
                restart()
            except OSError as error:
                return answers.put(str(error))
            answers.put("")

        put(act)
        try:
            return answers.get(timeout=COMMAND_S)
        except Empty:
            late.set()
            return f"the engine had no time for it within {COMMAND_S:.0f} s"

    return way


def _by_command(command: Sequence[str]) -> Way:
    """The user's own command, without a shell. It runs on this machine wherever the service is: for
    one elsewhere it has to reach it, by ssh for example. What it prints is dropped, and what it
    leaves behind when it ends is its own affair, as the service may be."""

    def way(closed: threading.Event) -> str:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"the restart command can't be run: {_cause(error)}"
        ends_s = time.monotonic() + COMMAND_S
        while (status := process.poll()) is None:
            if time.monotonic() >= ends_s:
                _end(process)
                return f"the restart command did not end within {COMMAND_S:.0f} s"
            if closed.wait(LOOK_S):
                _end(process)
                return OVER
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return f"the restart command ended with {how}" if status else ""

    return way


def _cause(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and all that it started; what runs as another user stays."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STUCK_S)
