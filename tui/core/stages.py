"""What each stage of a staged load measured by itself."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from statistics import fmean, pstdev

from tui.core.events import WindowClosed
from tui.core.figures import figures_of
from tui.core.format import counted, rate
from tui.core.limits import Limit, LimitState, judge
from tui.core.model import StageView
from tui.core.tally import MEASURED, Tally

LEAST_REQUESTS = 20
"""A p95 of fewer says nothing of how steady the target is."""


class _Stage:
    def __init__(self, number: int, users: int, from_s: float, counted: int) -> None:
        self.number = number
        self.users = users
        self.from_s = from_s
        self.level_s: float | None = None
        self.until_s = inf
        """Somebody changed the level by hand then: what follows is none of its own."""
        self.seconds = 0
        self.tally = Tally(counted)
        self.states: tuple[LimitState, ...] | None = None
        """The thresholds as they stood at its last window."""
        self.view: StageView | None = None


class StagesFold:
    """Fed with stages, levels and windows; all times are seconds since the load began."""

    def __init__(self, thresholds: Sequence[Limit], counted: Sequence[Limit]) -> None:
        self._thresholds = tuple(thresholds)
        self._counted = tuple(counted)
        self._stages: list[_Stage] = []

    def enter(self, number: int, users: int, at_s: float) -> None:
        """Another stage begins."""
        self._stages.append(_Stage(number, users, at_s, len(self._counted)))

    def reach(self, users: int, at_s: float) -> None:
        """So many users run now."""
        if self._stages and self._stages[-1].users == users and self._stages[-1].level_s is None:
            self._stages[-1].level_s = at_s
            self._stages[-1].view = None

    def leave(self, at_s: float) -> None:
        """Somebody changed the level by hand."""
        if self._stages:
            self._stages[-1].until_s = min(self._stages[-1].until_s, at_s)

    def add(self, window: WindowClosed) -> None:
        """Count a window for the stage that it lies in as a whole; others lie on the way."""
        ends_s = inf
        for stage in reversed(self._stages):
            begins_s, behind_s = stage.level_s, min(ends_s, stage.until_s)
            ends_s = stage.from_s
            if begins_s is None or not begins_s <= window.second <= behind_s - 1:
                continue
            stage.seconds += 1
            stage.states = stage.view = None
            for row in window.rows:
                if row.phase == MEASURED:
                    stage.tally.add(row)

    def limits(self, limits: Sequence[Limit]) -> tuple[LimitState, ...]:
        """`limits` beside the judged stage."""
        stage = self._judged()
        if stage is None:
            return judge(limits, self._counted, Tally(len(self._counted)), 0.0)
        return judge(limits, self._counted, stage.tally, float(stage.seconds))

    @property
    def judged(self) -> int | None:
        """The first stage that breaks a threshold, else the newest one; None before any counts."""
        stage = self._judged()
        return None if stage is None else stage.number

    def place(self) -> str:
        """` at 150 users; 120 users were within the limits at 61 rps`; empty if all hold."""
        broken = self._broken()
        if broken is None:
            return ""
        at = f" at {counted(broken.users, 'user')}"
        before = self._stages[: self._stages.index(broken)]
        good = [stage for stage in before if stage.users and stage.tally.requests]
        if not good:
            return f"{at}; no level was within the limits"
        best = max(good, key=lambda stage: stage.users)
        rps = best.tally.requests / best.seconds
        return f"{at}; {counted(best.users, 'user')} were within the limits at {rate(rps)} rps"

    def breach(self) -> str:
        """The threshold that a stage which is over has broken; empty when none has."""
        broken = self._broken()
        if broken is None or broken is self._stages[-1]:
            return ""
        states = self._judge(broken)
        return next(
            f"{state.limit.metric} {state.limit.text}" for state in states if state.passed is False
        )

    def _judged(self) -> _Stage | None:
        counting = (stage for stage in reversed(self._stages) if stage.tally.requests)
        return self._broken() or next(counting, None)

    def _broken(self) -> _Stage | None:
        for stage in self._stages:
            if stage.users and any(state.passed is False for state in self._judge(stage)):
                return stage
        return None

    def p95_variation(self) -> float | None:
        """Standard deviation of the stages' p95 over their mean; None with fewer than two."""
        known = [
            p95
            for stage in self._stages
            if stage.tally.timed >= LEAST_REQUESTS
            and (p95 := stage.tally.percentile_ms(0.95)) is not None
        ]
        if len(known) < 2 or not fmean(known):
            return None
        return pstdev(known) / fmean(known)

    def views(self) -> tuple[StageView, ...]:
        """Every stage that has begun."""
        return tuple(self._view(stage) for stage in self._stages)

    def _view(self, stage: _Stage) -> StageView:
        if stage.view is None:
            stage.view = self._made(stage)
        return stage.view

    def _made(self, stage: _Stage) -> StageView:
        judged = [state.passed for state in self._judge(stage)]
        known = [passed for passed in judged if passed is not None]
        return StageView(
            stage=stage.number,
            users=stage.users,
            from_s=stage.from_s if stage.level_s is None else stage.level_s,
            measured_s=float(stage.seconds),
            figures=figures_of("", "all", stage.tally, float(stage.seconds)),
            passed=all(known) if known and stage.users else None,
        )

    def _judge(self, stage: _Stage) -> tuple[LimitState, ...]:
        if stage.states is None:
            seconds = float(stage.seconds)
            stage.states = judge(self._thresholds, self._counted, stage.tally, seconds)
        return stage.states
