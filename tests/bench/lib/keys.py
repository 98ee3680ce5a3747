"""How long the console takes from a key to its picture."""

from __future__ import annotations

import time

from tests.bench.lib.terminal import Terminal
from tui.console.glyphs import CURSOR

INTERVAL_S = 0.5
LOST_MS = 2000.0


def key_to_paint_ms(terminal: Terminal, seconds: float) -> list[float]:
    """The cursor goes down and up twice a second; a key without a picture counts as 2 s."""
    taken_ms = []
    ends_s = time.monotonic() + seconds
    key = 0
    while time.monotonic() < ends_s:
        due_s = time.monotonic() + INTERVAL_S
        taken_s = terminal.press("jk"[key % 2], CURSOR, LOST_MS / 1000)
        taken_ms.append(LOST_MS if taken_s is None else taken_s * 1000)
        key += 1
        time.sleep(max(due_s - time.monotonic(), 0.0))
    return taken_ms
