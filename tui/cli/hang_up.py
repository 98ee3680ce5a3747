"""The terminal is gone (SIGHUP): what burns against the service ends, a load goes on without it."""

from __future__ import annotations

import signal
from collections.abc import Callable

from tui.child.terminal import let_go_of_terminal


def on_hang_up(act: Callable[[], None]) -> None:
    """Have `act` called when the terminal goes, from a signal handler; not under nohup."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return

    def heed(number: int, frame: object) -> None:
        let_go_of_terminal()
        act()

    signal.signal(signal.SIGHUP, heed)
