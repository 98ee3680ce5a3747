"""The board's gauges over a run, in a bounded number of steps: they fold by two when full."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from tui.core.events import BoardSampled, Event, PhaseEntered, WorkBegan
from tui.core.rails import WHOLE
from tui.core.spans import Spans

CAPACITY = 240
CHARTED = frozenset(
    {
        *("tj_c", "hottest_c", "gpu_percent", "cpu_percent", "ram_used_mb"),
        *(f"{rail}_mw" for rail in WHOLE),
    }
)
"""What belongs on one axis with latency and throughput."""


class Spread(msgspec.Struct, frozen=True):
    """One gauge over one step, in the unit that its name ends with."""

    min: float
    mean: float
    max: float


class BoardPoint(msgspec.Struct, frozen=True):
    """One step of the time axis; a gauge without a value in it is not there."""

    start_s: float
    """Since the load began, or since the run started where none did."""
    width_s: float
    gauges: dict[str, Spread]


class BoardSeries(msgspec.Struct, frozen=True):
    """Every gauge that had a value, over the run."""

    names: tuple[str, ...]
    sources: dict[str, str]
    points: tuple[BoardPoint, ...]


class _Sum:
    __slots__ = ("max", "min", "number", "sum")

    def __init__(self) -> None:
        self.min, self.max = float("inf"), float("-inf")
        self.sum, self.number = 0.0, 0

    def add(self, value: float) -> None:
        self.min, self.max = min(self.min, value), max(self.max, value)
        self.sum += value
        self.number += 1

    def absorb(self, other: _Sum) -> None:
        self.min, self.max = min(self.min, other.min), max(self.max, other.max)
        self.sum += other.sum
        self.number += other.number


class BoardFold:
    """Samples in, at most `capacity` steps of whole seconds out."""

    def __init__(self, capacity: int = CAPACITY, only: Collection[str] | None = None) -> None:
        """`only` are the gauges that are wanted; None: all."""
        self._capacity = capacity
        self._only = only
        self._points: dict[int, BoardPoint] = {}
        """Made once for each step: a screen asks twice a second."""
        self._width_s = 1
        self._slots: dict[int, dict[str, _Sum]] = {}
        self._sources: dict[str, str] = {}
        self._began_s = 0.0
        self._spans = Spans()

    def apply(self, event: Event) -> None:
        """Fold one event in; only samples of the board count, from the load's start to its end."""
        if isinstance(event, WorkBegan):
            # The charts begin with the load; what was before it is on no axis.
            self._began_s = self._spans.began_s = event.at_s
            self._slots.clear()
            self._points.clear()
        elif isinstance(event, PhaseEntered):
            self._spans.enter(event.phase, event.at_s)
        elif self._spans.is_over(event.at_s - self._began_s):
            return
        elif isinstance(event, BoardSampled):
            values = {
                name: reading.value
                for name, reading in event.readings.items()
                if reading.value is not None and (self._only is None or name in self._only)
            }
            self._sources |= {name: event.readings[name].source for name in values}
            self._add(event.at_s, values)

    def series(self) -> BoardSeries:
        """The course so far, in order of time."""
        return BoardSeries(tuple(sorted(self._sources)), self._sources, self.points())

    def points(self) -> tuple[BoardPoint, ...]:
        """The same without the sources."""
        return tuple(self._point(index) for index in sorted(self._slots))

    def _point(self, index: int) -> BoardPoint:
        point = self._points.get(index)
        if point is None:
            point = self._points[index] = BoardPoint(
                start_s=index * self._width_s,
                width_s=self._width_s,
                gauges={
                    name: Spread(held.min, held.sum / held.number, held.max)
                    for name, held in self._slots[index].items()
                },
            )
        return point

    def _add(self, at_s: float, values: dict[str, float]) -> None:
        second = max(int(at_s - self._began_s), 0)
        while second // self._width_s >= self._capacity:
            self._halve()
        index = second // self._width_s
        self._points.pop(index, None)
        slot = self._slots.setdefault(index, {})
        for name, value in values.items():
            slot.setdefault(name, _Sum()).add(value)

    def _halve(self) -> None:
        self._width_s *= 2
        self._points.clear()
        halved: dict[int, dict[str, _Sum]] = {}
        for index, slot in self._slots.items():
            into = halved.setdefault(index // 2, {})
            for name, held in slot.items():
                into.setdefault(name, _Sum()).absorb(held)
        self._slots = halved


def board_series(events: Iterable[Event], capacity: int = CAPACITY) -> BoardSeries:
    """The board over a run, from its events, in at most `capacity` steps."""
    fold = BoardFold(capacity)
    for event in events:
        fold.apply(event)
    return fold.series()
