"""The [load.search] table of a scenario file, read and checked."""

from __future__ import annotations

import msgspec

from tui.core.duration import parse_duration_s
from tui.core.problem import Problem
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


def read_search(
    where: str, table: SearchTable, problems: list[Problem], most: dict[By, int]
) -> Search | None:
    """The search that a table asks for; None when `problems` has grown.

    `most`: the highest level that there can be, of users and of operations per second.
    """
    reading = _Reading(where, table)
    search = reading.search(most[table.by])
    problems += reading.problems
    return None if reading.problems else search


class _Reading:
    """One table on its way to a Search, and what is wrong with it."""

    def __init__(self, where: str, table: SearchTable) -> None:
        self.problems: list[Problem] = []
        self._where = where
        self._table = table

    def search(self, most: int) -> Search:
        table = self._table
        self._check_levels(most)
        self._in("factor", table.factor, MIN_FACTOR, MAX_FACTOR)
        percent = table.precision_percent
        self._in("precision_percent", percent, MIN_PRECISION_PERCENT, MAX_PRECISION_PERCENT)
        return Search(
            to=table.to,
            from_=table.from_,
            by=table.by,
            factor=table.factor,
            settle_s=self._seconds("settle", table.settle, 0, MAX_SETTLE_S),
            window_s=self._seconds("window", table.window, MIN_WINDOW_S, MAX_WINDOW_S),
            precision=percent / 100,
            confirm_s=self._confirm_s(),
        )

    def _check_levels(self, most: int) -> None:
        table = self._table
        unit = "users" if table.by == "users" else "operations per second"
        # TOML writes nan and inf as numbers, and no comparison holds for nan.
        if not 0 < table.to <= most:
            self._wrong("to", f"{unit}, above 0 and at most {most}")
        elif not 0 < table.from_ < table.to:
            self._wrong("from", f"{unit}, above 0 and below load.search.to", "to")
        elif table.by == "users":
            for key, level in (("from", table.from_), ("to", table.to)):
                if level != int(level):
                    self._wrong(key, f"{level:g} users: there are no parts of one", "by")

    def _confirm_s(self) -> float:
        text = self._table.confirm
        confirm_s = self._seconds("confirm", text, 0, MAX_CONFIRM_S)
        if 0 < confirm_s < MIN_WINDOW_S:
            self._wrong("confirm", f"0s (not at all), or {MIN_WINDOW_S:g} s and more")
        return confirm_s

    def _seconds(self, key: str, text: str, least_s: float, most_s: float) -> float:
        try:
            seconds = parse_duration_s(text)
        except ValueError as error:
            self._wrong(key, str(error))
            return 0.0
        if not least_s <= seconds <= most_s:
            self._wrong(key, f"from {least_s:g} s to {most_s:g} s")
        return seconds

    def _in(self, key: str, value: float, least: float, most: float) -> None:
        if not least <= value <= most:
            self._wrong(key, f"from {least:g} to {most:g}")

    def _wrong(self, key: str, what: str, *beside: str) -> None:
        whole = tuple(f"load.search.{each}" for each in beside)
        self.problems.append(Problem(self._where, f"load.search.{key}", what, whole))
