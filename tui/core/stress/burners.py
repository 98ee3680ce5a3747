"""What each burner was asked for and reached, second by second."""

from __future__ import annotations

from tui.core.events import BurnerEnded, BurnerSecond
from tui.core.format import counted
from tui.core.stress.plan import Stress, name_of
from tui.core.stress.view import BurnerView, HeldBy, Level, StressPoint

SETTLED_S = 2.0
"""What is told sooner after a step's begin may be of the step before: a burner tells once a second
of the second before."""
SAME = 0.001
"""Levels that differ by less are one: they are rounded on their way."""
MAX_POINTS = 600
"""Beyond that, neighbours are merged: a chart has fewer columns."""


class _Burner:
    def __init__(self, name: str) -> None:
        self.name = name
        self.unit = ""
        self.now: BurnerSecond | None = None
        self.seconds = 0
        self.asked = 0.0
        self.reached = 0.0
        self.excused = 0.0
        self.held_s = 0
        self.held_by: HeldBy = ""
        self.verified = self.bad = 0
        self.end: BurnerEnded | None = None
        self._levels: dict[int, tuple[float, float, float, int]] = {}
        """Sums of asked, reached and excused, and of how many, by step."""
        self._cores = 0.0

    def add(self, second: BurnerSecond, step: int | None) -> None:
        """`step` is the one that the second lies in as a whole; None: in none."""
        self.now = second
        self.unit = self._unit(second)
        self.seconds += 1
        self.asked += second.asked
        self.reached += second.reached
        excused = max(second.asked - second.reached, 0.0) if second.held_by else 0.0
        self.excused += excused
        self.held_s += bool(second.held_by)
        self.held_by = second.held_by or self.held_by
        self.verified, self.bad = second.verified, second.bad
        if step is not None:
            sums = self._levels.get(step, (0.0, 0.0, 0.0, 0))
            self._levels[step] = (
                sums[0] + second.asked,
                sums[1] + second.reached,
                sums[2] + excused,
                sums[3] + 1,
            )

    def _unit(self, second: BurnerSecond) -> str:
        """The share of a core is one of so many: a process of the burner knows but its own."""
        told = second.figures.get("cores")
        if not isinstance(told, (int, float)):
            return self.unit or second.unit
        self._cores = max(self._cores, told)
        return f"share of {counted(round(self._cores), 'core')}"

    def view(self) -> BurnerView:
        now, end = self.now, self.end
        is_over = end is not None or now is None
        return BurnerView(
            name=self.name,
            unit=self.unit,
            asked=None if is_over or now is None else now.asked,
            reached=None if is_over or now is None else now.reached,
            mean_asked=self.asked / self.seconds if self.seconds else None,
            mean_reached=self.reached / self.seconds if self.seconds else None,
            verified=self.verified,
            bad=self.bad,
            figures=now.figures if now is not None else {},
            totals=end.totals if end is not None else {},
            ended_by=end.ended_by if end is not None else "",
            is_early=end is not None and end.is_early,
            why_not=end.why_not if end is not None else "",
            advice=end.advice if end is not None else "",
            held_by=self.held_by or (end.held_by if end is not None else ""),
            told_s=self.seconds,
            held_s=self.held_s,
            mean_excused=self.excused / self.seconds if self.seconds else 0.0,
            levels=tuple(
                Level(step, asked / count, reached / count, excused / count)
                for step, (asked, reached, excused, count) in self._levels.items()
            ),
        )


class _Point:
    """A stretch of time: means of its seconds."""

    def __init__(self, at_s: float) -> None:
        self.at_s = at_s
        self._sums: dict[str, tuple[float, float, int]] = {}

    def add(self, second: BurnerSecond) -> None:
        asked, reached, count = self._sums.get(second.name, (0.0, 0.0, 0))
        self._sums[second.name] = (asked + second.asked, reached + second.reached, count + 1)

    def absorb(self, later: _Point) -> None:
        for name, (asked, reached, count) in later._sums.items():
            before = self._sums.get(name, (0.0, 0.0, 0))
            self._sums[name] = (before[0] + asked, before[1] + reached, before[2] + count)

    def view(self) -> StressPoint:
        return StressPoint(
            self.at_s,
            {name: asked / count for name, (asked, _, count) in self._sums.items()},
            {name: reached / count for name, (_, reached, count) in self._sums.items()},
        )


class BurnersFold:
    """Fed with seconds and ends; bounded, however long the stress is."""

    def __init__(self, stress: Stress) -> None:
        self._steps = stress.steps
        self._planned = {name_of(plan): plan.level for plan in stress.burners}
        self._burners: dict[str, _Burner] = {}
        self._points: list[_Point] = []
        self._width_s = 1.0
        self._step = 0
        self._step_from_s = 0.0

    def step(self, number: int, at_s: float) -> None:
        """Another step of the stress begins."""
        self._step, self._step_from_s = number, at_s

    def second(self, burners: list[BurnerSecond], at_s: float) -> None:
        """One second of every burner; `at_s` since the work began."""
        point = _Point(at_s)
        is_settled = at_s - self._step_from_s >= SETTLED_S
        for each in burners:
            is_of_step = is_settled and self._is_asked_by_step(each)
            self._burner(each.name).add(each, self._step if is_of_step else None)
            point.add(each)
        last = self._points[-1] if self._points else None
        if last is not None and at_s - last.at_s < self._width_s - 0.5:
            last.absorb(point)
        else:
            self._points.append(point)
        if len(self._points) > MAX_POINTS:
            self._widen()

    def end(self, event: BurnerEnded) -> None:
        """A burner is at its end, or never began."""
        burner = self._burner(event.name)
        burner.end = event
        if not event.why_not:
            burner.verified, burner.bad = event.verified, event.bad

    @property
    def views(self) -> tuple[BurnerView, ...]:
        """In the order in which they were first heard of."""
        return tuple(burner.view() for burner in self._burners.values())

    @property
    def points(self) -> tuple[StressPoint, ...]:
        """In order of time."""
        return tuple(point.view() for point in self._points)

    def _is_asked_by_step(self, second: BurnerSecond) -> bool:
        """Whether it is at the step's level: it may be on its way there, or slow to hear of it."""
        level = self._planned.get(second.name)
        return level is None or abs(second.asked - level * self._steps[self._step].share) < SAME

    def _burner(self, name: str) -> _Burner:
        return self._burners.setdefault(name, _Burner(name))

    def _widen(self) -> None:
        self._width_s *= 2
        for even, odd in zip(self._points[::2], self._points[1::2], strict=False):
            even.absorb(odd)
        self._points = self._points[::2]
