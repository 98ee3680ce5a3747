"""The [load.search] table of a scenario file, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.duration import duration_text
from tui.core.mistakes import Mistakes
from tui.core.search import By, Search

MIN_WINDOW_S, MAX_WINDOW_S = 5.0, 600.0
MAX_SETTLE_S = 600.0
MAX_CONFIRM_S = 3600.0
MIN_FACTOR, MAX_FACTOR = 1.1, 4.0
MIN_PRECISION_PERCENT, MAX_PRECISION_PERCENT = 1.0, 50.0


class SearchTable(msgspec.Struct, forbid_unknown_fields=True):
    to: float
    from_: float = msgspec.field(name="from", default=5.0)
    by: By = "users"
    factor: float = 1.6
    settle: str = "10s"
    window: str = "20s"
    precision_percent: float = 8.0
    confirm: str = "60s"


def read_search(mistakes: Mistakes, table: SearchTable, most: dict[By, int]) -> Search:
    """The search that a table asks for, as far as it is in order.

    `most`: the highest level that there can be, of users and of operations per second.
    """
    _check_levels(mistakes, table, most[table.by])
    percent = table.precision_percent
    mistakes.check("factor", table.factor, MIN_FACTOR, MAX_FACTOR)
    mistakes.check("precision_percent", percent, MIN_PRECISION_PERCENT, MAX_PRECISION_PERCENT)
    return Search(
        to=table.to,
        from_=table.from_,
        by=table.by,
        factor=table.factor,
        settle_s=mistakes.seconds("settle", table.settle, most_s=MAX_SETTLE_S),
        window_s=mistakes.seconds("window", table.window, MIN_WINDOW_S, MAX_WINDOW_S),
        precision=percent / 100,
        confirm_s=_confirm_s(mistakes, table.confirm),
    )


def _check_levels(mistakes: Mistakes, table: SearchTable, most: int) -> None:
    unit = "users" if table.by == "users" else "operations per second"
    # TOML writes nan and inf as numbers, and no comparison holds for nan.
    if not 0 < table.to <= most:
        mistakes.add("to", f"{unit}, above 0 and at most {most}", unless=["by"])
    between = f"{unit}, above 0 and below load.search.to"
    if not table.from_ > 0:
        mistakes.add("from", between)
    elif not table.from_ < table.to:
        mistakes.add("from", between, "to")
    if table.by == "users":
        for key, level in (("from", table.from_), ("to", table.to)):
            if 0 < level <= most and level != int(level):
                mistakes.add(key, f"{level:g} users: there are no parts of one", "by")


def _confirm_s(mistakes: Mistakes, text: str) -> float:
    confirm_s = mistakes.seconds("confirm", text, most_s=MAX_CONFIRM_S)
    if 0 < confirm_s < MIN_WINDOW_S:
        least = duration_text(MIN_WINDOW_S)
        mistakes.add("confirm", f"0s (not at all), or {least} and more")
    return confirm_s
