"""What goes on when the console's terminal is gone: the run, to its verdict."""

from __future__ import annotations

import time

from tui.core.verdict import EXIT_CODES
from tui.ports import Engine

LOOK_S = 0.2


def outlast(engine: Engine) -> int:
    """Wait until nothing runs and nothing is queued; the exit code of the last run, 0 without."""
    while True:
        newest = engine.snapshot()
        if not (newest.is_running or newest.preparing or newest.queued):
            break
        time.sleep(LOOK_S)
    judgement = newest.run.judgement if newest.run is not None else None
    return EXIT_CODES[judgement.verdict] if judgement is not None else 0
