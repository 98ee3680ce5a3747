"""The terminal as a bare screen: taken over without an echo, and given back as it was."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator

WAIT_S = 0.1
LEAVING_S = 1.0
"""What a terminal that takes nothing is waited for at the end."""
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"


class BareScreen:
    """Standard input and output, a terminal both. A write that can't leave blocks no way out."""

    def __init__(self, terminal: int) -> None:
        """`terminal` is a descriptor of it that does not block."""
        self._terminal = terminal
        self.is_gone = False
        """Whether it hung up."""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        try:
            found = os.get_terminal_size(self._terminal)
        except OSError:
            return 80, 24
        # One that was never told its size says 0.
        return found.columns or 80, found.lines or 24

    def write(self, text: str, go_on: Callable[[], bool]) -> tuple[int, float]:
        """How many bytes left, and for how long they waited; `go_on` ends the wait."""
        rest = text.encode(sys.stdout.encoding or "utf-8", "replace")
        whole, began_s = len(rest), time.monotonic()
        while rest and not self.is_gone and go_on():
            try:
                if select.select([], [self._terminal], [], WAIT_S)[1]:
                    rest = rest[os.write(self._terminal, rest) :]
            except BlockingIOError:
                pass
            except OSError:
                self.is_gone = True
        return whole - len(rest), time.monotonic() - began_s

    def keys(self) -> str:
        """What was typed since the last call; `q` when nothing can be typed any more."""
        try:
            if not select.select([0], [], [], 0)[0]:
                return ""
            return os.read(0, 64).decode("ascii", "replace") or "q"
        except OSError:
            return "q"


@contextlib.contextmanager
def bare_screen() -> Iterator[BareScreen]:
    """Take it over; however the block ends, the terminal is as it was."""
    terminal, before = _own_descriptor(), termios.tcgetattr(0)
    screen = BareScreen(terminal)
    try:
        tty.setcbreak(0, termios.TCSANOW)
        _without_suspend()
        screen.write(_ENTER, lambda: True)
        yield screen
    finally:
        until_s = time.monotonic() + LEAVING_S
        screen.write(_LEAVE, lambda: time.monotonic() < until_s)
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, before)
        os.close(terminal)


def _own_descriptor() -> int:
    """One of our own: what does not block here would not block for the shell either, else."""
    try:
        return os.open(os.ttyname(1), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return os.dup(1)  # in a container the terminal may have no name


def _without_suspend() -> None:
    # Suspended, it would leave the shell on the wrong screen.
    mode = termios.tcgetattr(0)
    mode[6][termios.VSUSP] = b"\0"
    termios.tcsetattr(0, termios.TCSANOW, mode)
