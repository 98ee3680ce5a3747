"""Who asks a command to end: ctrl-c, and SIGTERM."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.headless import StopRequest


def stop_on_signals() -> StopRequest:
    """What both set from now on, by the name of the first that came."""
    from tui.headless import StopRequest

    stop = StopRequest()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: stop.request_stop(signal.Signals(got).name))
    return stop
