"""How often a step asks again, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.e2e.workflow import Poll
from tui.core.mistakes import Mistakes

LEAST_EVERY_S, MOST_POLL_S = 0.05, 3600.0


class PollTable(msgspec.Struct, forbid_unknown_fields=True):
    within: str
    every: str = "1s"


def read_poll(mistakes: Mistakes, table: PollTable) -> Poll:
    """The poll; `mistakes` are those of the step's `poll`."""
    every_s = mistakes.seconds("every", table.every, LEAST_EVERY_S, MOST_POLL_S)
    within_s = mistakes.seconds("within", table.within, LEAST_EVERY_S, MOST_POLL_S)
    if every_s > within_s:
        what = "longer than within: it would be asked but once"
        mistakes.add("every", what, "within")
    return Poll(every_s, within_s)
