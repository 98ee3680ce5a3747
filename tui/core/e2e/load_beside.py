"""The [load] table of a workflow: it lasts until the rounds are over."""

from __future__ import annotations

import msgspec

from tui.core.duration import MAX_DURATION_S, duration_text
from tui.core.format import duration, load_level, load_plan
from tui.core.load import Load
from tui.core.load_table import ArrivalTable, LoadTable, read_load, without
from tui.core.mistakes import Mistakes


def read_load_beside(mistakes: Mistakes, table: LoadTable) -> Load | None:
    """The load that it asks for; what can't be meant is told to `mistakes`, those of [load]."""
    what = "beside a workflow the rounds say when the load ends: leave it out"
    table = without(mistakes, table, ("shape", "search", "operations_per_user"), what)
    # These need a length of their own: the pattern, the stages, and a rate that changes.
    has_course = bool(table.stages or table.pattern) or isinstance(table.arrival_rate, ArrivalTable)
    has_length = has_course or table.duration is not None
    if not has_length:
        table = msgspec.structs.replace(table, duration=duration_text(MAX_DURATION_S))
    load = read_load(mistakes, table)
    if load is None:
        return None
    least_s = load.duration_s if has_length else 0.0
    return msgspec.structs.replace(load, duration_s=least_s, goes_on=True)


def beside_text(load: Load) -> str:
    """`5 users`, `19 to 30 users in 10 stages, 5 min or longer`, `5 users for 1 min or longer`."""
    return f"{load_plan(load)} or longer" if load.duration_s else load_level(load)


def least_text(load: Load) -> str:
    """How long it lasts: `until the rounds are over, at least 5 min`."""
    least = f", at least {duration(load.duration_s)}" if load.duration_s else ""
    return f"until the rounds are over{least}"
