"""What a report needs of a run beside its view: folded from the events in one pass, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from tui.core.board_series import CAPACITY, BoardFold, BoardSeries
from tui.core.events import (
    BoardSampled,
    CameraEvent,
    Event,
    HealthProbed,
    LateRowsArrived,
    PhaseEntered,
    SlowRequest,
    WindowClosed,
    WorkBegan,
)
from tui.core.spans import Spans
from tui.core.tally import MEASURED, Row, Tally
from tui.reports.camera_course import CameraCourse, CameraPoint
from tui.reports.conditions import Conditions, ConditionsFold
from tui.reports.health_course import HealthCourse, HealthPoint

SHARES = (0.50, 0.66, 0.75, 0.80, 0.90, 0.95, 0.98, 0.99, 0.999, 0.9999)
"""The percentiles that Locust reports; its last one, 100 %, is the maximum."""
FINE_CAPACITY = 3600
"""For tables: one second a row in a run of an hour."""


class Totals(msgspec.Struct, frozen=True):
    """All that was measured up to a moment."""

    requests: int
    failures: int
    mean_ms: float | None
    min_ms: float | None
    max_ms: float | None
    percentiles_ms: tuple[float | None, ...]
    """Those of `SHARES`."""


class Step(msgspec.Struct, frozen=True):
    """One row of the history."""

    end_s: float
    """Since the load began."""
    users: int
    rps: float
    """In this step, warm-up and pauses too."""
    failures_per_s: float
    totals: Totals
    """At its end, of the measured phase."""


class Course(msgspec.Struct, frozen=True):
    """A run over time, and its latencies in full."""

    total: Tally
    endpoints: dict[tuple[str, str], Tally]
    """By method and name."""
    steps: tuple[Step, ...]
    board: BoardSeries
    conditions: tuple[Conditions, ...] = ()
    """Of the board, at the end of each slow request that was asked about."""
    health: tuple[HealthPoint, ...] = ()
    cameras: dict[str, tuple[CameraPoint, ...]] = {}
    """By their names."""


class _Slot:
    __slots__ = ("failures", "requests", "seconds", "totals", "users")

    def __init__(self) -> None:
        self.requests = self.failures = self.users = self.seconds = 0
        self.totals: Totals | None = None

    def absorb(self, other: _Slot) -> None:
        self.requests += other.requests
        self.failures += other.failures
        self.users = max(self.users, other.users)
        self.seconds += other.seconds
        self.totals = other.totals


class CourseFold:
    """Apply a run's events in order; ask for its course at the end."""

    def __init__(self, capacity: int = CAPACITY, slow: Sequence[SlowRequest] = ()) -> None:
        self._capacity = capacity
        self._width_s = 1
        self._slots: dict[int, _Slot] = {}
        self._open: int | None = None
        self._total = Tally(0)
        self._endpoints: dict[tuple[str, str], Tally] = {}
        self._spans = Spans()
        self._conditions = ConditionsFold(slow)
        self._board = BoardFold(capacity)
        self._health = HealthCourse()
        self._cameras = CameraCourse(capacity)

    def apply(self, event: Event) -> None:
        """Fold one event in."""
        match event:
            case WindowClosed():
                self._on_window(event)
            case LateRowsArrived():
                self._count(event.rows)
            case PhaseEntered():
                self._spans.enter(event.phase, event.at_s)
                self._board.apply(event)
            case WorkBegan():
                self._spans.began_s = self._health.began_s = event.at_s
                self._cameras.began_s = event.at_s
                self._board.apply(event)
                self._conditions.apply(event)
            case BoardSampled():
                self._board.apply(event)
                self._conditions.apply(event)

            case CameraEvent():
                self._cameras.apply(event)
            case HealthProbed():
                self._health.add(event)

    def course(self) -> Course:
        """The whole of it."""
        self._close()
        steps = tuple(self._step(index) for index in sorted(self._slots))
        board, conditions = self._board.series(), self._conditions.conditions()
        health = self._health.points
        cameras = self._cameras.points
        return Course(self._total, self._endpoints, steps, board, conditions, health, cameras)

    def _on_window(self, event: WindowClosed) -> None:
        if self._spans.is_over(event.second + 1):
            # A part of a second, or the drain: in the totals of the last step, but no step.
            self._count(event.rows)
            return
        while event.second // self._width_s >= self._capacity:
            self._close()
            self._halve()
        index = event.second // self._width_s
        if index != self._open:
            self._close()
            self._open = index
        one = _Slot()
        one.requests = sum(row.requests for row in event.rows)
        one.failures = sum(row.failures for row in event.rows)
        one.users, one.seconds = event.users, 1
        self._slots.setdefault(index, _Slot()).absorb(one)
        self._count(event.rows)

    def _count(self, rows: list[Row]) -> None:
        for row in rows:
            if row.phase == MEASURED:
                # The counts over limits are the view's business.
                bare = msgspec.structs.replace(row, over=[])
                self._total.add(bare)
                self._endpoints.setdefault((row.method, row.name), Tally(0)).add(bare)

    def _close(self) -> None:
        # Percentiles of all so far cost a pass over the buckets: once a step, not once a second.
        if self._open is not None:
            self._slots[self._open].totals = totals_of(self._total)
            self._open = None

    def _halve(self) -> None:
        self._width_s *= 2
        halved: dict[int, _Slot] = {}
        for index in sorted(self._slots):
            halved.setdefault(index // 2, _Slot()).absorb(self._slots[index])
        self._slots = halved

    def _step(self, index: int) -> Step:
        slot = self._slots[index]
        assert slot.totals is not None
        return Step(
            end_s=(index + 1) * self._width_s,
            users=slot.users,
            rps=slot.requests / slot.seconds,
            failures_per_s=slot.failures / slot.seconds,
            totals=slot.totals,
        )


def course(
    events: Iterable[Event], capacity: int = CAPACITY, slow: Sequence[SlowRequest] = ()
) -> Course:
    """The course of a run from its events, in at most `capacity` steps; `events` are read once.

    `slow` are the requests at whose end the board's state is asked for.
    """
    fold = CourseFold(capacity, slow)
    for event in events:
        fold.apply(event)
    return fold.course()


def totals_of(tally: Tally) -> Totals:
    """A tally's figures; latencies are None where nothing was timed."""
    is_timed = tally.timed > 0
    return Totals(
        requests=tally.requests,
        failures=tally.failures,
        mean_ms=tally.mean_ms if is_timed else None,
        min_ms=tally.min_ms if is_timed else None,
        max_ms=tally.max_ms if is_timed else None,
        percentiles_ms=tuple(tally.percentiles_ms(SHARES)),
    )
