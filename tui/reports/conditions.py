"""How the board was when a slow request ended: read off the sample nearest to it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from tui.core.events import BoardSampled, Event, SlowRequest, WorkBegan

NEAR_S = 5.0
"""A sample further away says nothing of that moment."""
HEAT = ("tj_c", "hottest_c")
"""The junction, else the hottest zone that is known."""


class Conditions(msgspec.Struct, frozen=True):
    """The board at one moment; None: no sample near it had that gauge."""

    tj_c: float | None = None
    gpu_percent: float | None = None


class _Nearest:
    __slots__ = ("apart_s", "value")

    def __init__(self) -> None:
        self.apart_s = NEAR_S
        self.value: float | None = None


class ConditionsFold:
    """Apply a run's events in order; bounded by the number of requests asked about."""

    def __init__(self, slow: Sequence[SlowRequest]) -> None:
        self._began_s = 0.0
        self._ends_s = sorted({one.ended_s for one in slow})
        self._asked_s = [one.ended_s for one in slow]
        self._found = {ended_s: (_Nearest(), _Nearest()) for ended_s in self._ends_s}

    def apply(self, event: Event) -> None:
        """Fold one event in; all but the board's samples are ignored."""
        if isinstance(event, WorkBegan):
            self._began_s = event.at_s
        elif isinstance(event, BoardSampled) and self._found:
            self._weigh(event)

    def conditions(self) -> tuple[Conditions, ...]:
        """One for each request, in the order given."""
        nearest = (self._found[ended_s] for ended_s in self._asked_s)
        return tuple(Conditions(heat.value, gpu.value) for heat, gpu in nearest)

    def _weigh(self, event: BoardSampled) -> None:
        load_s = event.at_s - self._began_s
        first = bisect_left(self._ends_s, load_s - NEAR_S)
        last = bisect_right(self._ends_s, load_s + NEAR_S)
        values = (_first(event, HEAT), _first(event, ("gpu_percent",)))
        for ended_s in self._ends_s[first:last]:
            apart_s = abs(load_s - ended_s)
            for held, value in zip(self._found[ended_s], values, strict=True):
                if value is not None and apart_s <= held.apart_s:
                    held.apart_s, held.value = apart_s, value


def conditions_of(events: Iterable[Event], slow: Sequence[SlowRequest]) -> tuple[Conditions, ...]:
    """The board at the end of each of those requests; `events` are read once, if at all."""
    fold = ConditionsFold(slow)
    for event in events if slow else ():
        fold.apply(event)
    return fold.conditions()


def _first(event: BoardSampled, names: Sequence[str]) -> float | None:
    readings = (event.readings[name].value for name in names if name in event.readings)
    return next((value for value in readings if value is not None), None)
