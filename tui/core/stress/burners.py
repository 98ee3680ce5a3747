"""What each burner was asked for and reached, second by second."""

from __future__ import annotations

from tui.core.events import BurnerEnded, BurnerSecond
from tui.core.stress.view import BurnerView, StressPoint

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
        self.verified = self.bad = 0
        self.end: BurnerEnded | None = None

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

    def __init__(self) -> None:
        self._burners: dict[str, _Burner] = {}
        self._points: list[_Point] = []
        self._width_s = 1.0

    def second(self, burners: list[BurnerSecond], at_s: float) -> None:
        """One second of every burner; `at_s` since the work began."""
        point = _Point(at_s)
        for each in burners:
            burner = self._burner(each.name)
            burner.unit, burner.now = each.unit, each
            burner.seconds += 1
            burner.asked += each.asked
            burner.reached += each.reached
            burner.verified, burner.bad = each.verified, each.bad
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

    def _burner(self, name: str) -> _Burner:
        return self._burners.setdefault(name, _Burner(name))

    def _widen(self) -> None:
        self._width_s *= 2
        for even, odd in zip(self._points[::2], self._points[1::2], strict=False):
            even.absorb(odd)
        self._points = self._points[::2]
