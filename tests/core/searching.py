"""A search and a target made of rules: what one asks for, the other answers, second by second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from tests.core import script
from tui.core import events as ev
from tui.core.limits import Limit, counted_limits
from tui.core.search import BreakingPoint, Search, SearchStep
from tui.core.search_fold import SearchFold
from tui.core.tally import Row

P95 = Limit("p95_ms", "<", 2000.0)
ERRORS = Limit("error_rate", "<", 0.05)
SEARCH = Search(to=200.0)
QUICK_MS, SLOW_MS = 100.0, 4000.0
PATIENCE_S = 20_000

Answers = Callable[[float, int], Row | None]
"""One second at that level, so many seconds after it was reached; None: no answer."""


def second_of(
    *latencies_ms: float, failed: int = 0, limits: Sequence[Limit] = (P95,), **more: Any
) -> Row:
    """One second with these answers; failures are as quick as an answer can be."""
    return script.row(latencies_ms, failed_ms=[1.0] * failed, limits=limits, **more)


def knee_at(level: float, *, slow_ms: float = SLOW_MS) -> Answers:
    """Quick up to that level, slow above; each user asks once a second."""

    def answers(asked: float, _: int) -> Row:
        ms = QUICK_MS if asked <= level else slow_ms
        return second_of(*[ms] * max(round(asked), 1))

    return answers


class Searched:
    """A search on its way, with the time that it takes."""

    def __init__(
        self,
        search: Search,
        answers: Answers,
        *,
        limits: Sequence[Limit] = (P95, ERRORS),
        users_per_s: float = 4.0,
    ) -> None:
        self.fold = SearchFold(search, limits, counted_limits(limits))
        self.search = search
        self.answers = answers
        self.now_s = 0
        self.level = 0.0
        self.asked: list[float] = []
        """Every level that it asked for."""
        self.changes: dict[str, Any] = {}
        """What every second has beside its answers."""
        self.is_disturbed: Callable[[int], bool] = lambda _: False
        self.before_second: Callable[[], None] = lambda: None
        self._reached_s = 0
        self._users_per_s = users_per_s
        self._number = -1

    def go(self, until: Callable[[SearchFold], bool] = lambda fold: fold.wish is None) -> Searched:
        """On and on, until it is over or as told."""
        while not until(self.fold):
            assert self.now_s < PATIENCE_S, "it never ends"
            self.follow()
            self.pass_s()
        return self

    def follow(self) -> None:
        """Go where it wants the load to be."""
        wish = self.fold.wish
        if wish is None or wish.number == self._number:
            return
        self._number = wish.number
        self.asked.append(wish.level)
        self.fold.enter(wish.level, float(self.now_s))
        if self.search.by == "users" and wish.level != self.level:
            for _ in range(max(round(abs(wish.level - self.level) / self._users_per_s), 1)):
                self.pass_s()
            self.fold.reach(float(self.now_s), wish.level)
        self.level = wish.level
        self._reached_s = self.now_s

    def pass_s(self, seconds: int = 1) -> None:
        """So many seconds close."""
        for _ in range(seconds):
            self.before_second()
            row = self.answers(self.level, self.now_s - self._reached_s) if self.level else None
            usual = {"in_flight": 3 if self.level else 0, "oldest_s": 0.1 if self.level else 0.0}
            self.fold.add(
                window_of(self.now_s, row, {**usual, **self.changes}),
                is_disturbed=self.is_disturbed(self.now_s),
            )
            self.now_s += 1

    @property
    def found(self) -> BreakingPoint:
        """What it knows by now."""
        return self.fold.view()

    @property
    def good(self) -> float:
        """The last good level; 0 without one."""
        step = self.found.last_good
        return step.level if step else 0.0

    @property
    def bad(self) -> float:
        """The first bad level; 0 without one."""
        step = self.found.first_bad
        return step.level if step else 0.0

    def step(self, level: float) -> SearchStep:
        """The step of that level."""
        return next(step for step in self.found.steps if step.level == level)


def window_of(second: int, row: Row | None, changes: dict[str, Any]) -> ev.WindowClosed:
    """A second with those fields changed."""
    made = script.window(second, *([] if row is None else [row]))
    return msgspec.structs.replace(made, **changes)
