"""The [load] table of a stress scenario: one level, as long as the stress lasts."""

from __future__ import annotations

import msgspec

from tui.core.duration import MAX_DURATION_S, duration_text
from tui.core.load_table import ArrivalTable, LoadTable, without
from tui.core.mistakes import Mistakes
from tui.core.stress.plan import Stress

MOST_WARM_UP_S = 600.0
"""Beside a stress the load may take this long to reach its level."""


def load_beside(mistakes: Mistakes, table: LoadTable, stress: Stress | None) -> LoadTable:
    """The table as any load has it; what can't be meant is told to `mistakes`, those of [load].

    `stress` is None where that is wrong.
    """
    if table.duration is not None:
        what = "a load beside a stress lasts as long as that does: leave it out"
        mistakes.add("duration", what)
    lasts_s = MAX_DURATION_S if stress is None else stress.total_s + MOST_WARM_UP_S
    return msgspec.structs.replace(_one_level(mistakes, table), duration=duration_text(lasts_s))


def _one_level(mistakes: Mistakes, table: LoadTable) -> LoadTable:
    """The table without what would change its level."""
    keys = ["stages", "pattern", "shape", "search", "operations_per_user"]
    if isinstance(table.arrival_rate, ArrivalTable):
        keys.append("arrival_rate")
    what = "beside a stress there is one level all along: else nobody knows what did it"
    return without(mistakes, table, keys, what)
