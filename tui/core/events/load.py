"""The load of a run: its level, its results, its workers."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from tui.core.events.event import Event
from tui.core.failure import FailureClass
from tui.core.tally import MEASURED, Row


class FailureCount(msgspec.Struct, frozen=True, array_like=True):
    """Failures of one kind in one window."""

    method: str
    name: str
    failure_class: FailureClass
    error: str
    phase: int
    count: int
    sample: str = ""
    """One answer as it came, bounded and printable; only now and then."""


class SlowRequest(msgspec.Struct, frozen=True, array_like=True):
    """A request slower than the scenario's `slow_ms`."""

    method: str
    name: str
    ms: float
    ended_s: float
    """Since the load began."""
    phase: int = MEASURED
    """As in a tally's row: when it was sent."""


class InstrumentCalibrated(Event, frozen=True, kw_only=True):
    """The run's own client measured a responder of known latencies before the run."""

    p50_ms: float | None = None
    """How much more than the truth it read, the worst worker; None: not known."""
    p99_ms: float | None = None
    requests: int = 0
    why: str = ""
    """Why it is not known."""


class WorkersJoined(Event, frozen=True, kw_only=True):
    names: list[str]


class LevelReached(Event, frozen=True, kw_only=True):
    users: int


class StageEntered(Event, frozen=True, kw_only=True):
    """Another stage of a staged load begins."""

    stage: int
    """Counted from 0."""
    users: int


class LevelSought(Event, frozen=True, kw_only=True):
    """A search for the breaking point asks for a level: users, or operations per second."""

    level: float


class LevelAsked(Event, frozen=True, kw_only=True):
    """A LoadTestShape of the locustfile wants another level; None: it wants the end."""

    users: int | None
    spawn_rate: float = 1.0
    failed: str = ""
    """What the shape raised, when that is why it is at its end."""


class HoldChanged(Event, frozen=True, kw_only=True):
    """Somebody froze the course of the load at its level, or let it go on."""

    is_held: bool


class UsersRequested(Event, frozen=True, kw_only=True):
    """Somebody changed the level by hand."""

    is_urgent: ClassVar[bool] = True
    users: int


class LoadReported(Event, frozen=True, kw_only=True):
    """How the load stands now; too short-lived to be stored."""

    is_kept: ClassVar[bool] = False
    users: int
    in_flight: int
    oldest_s: float
    """Age of the oldest request without an answer."""
    silent_s: float
    """Since the last answer, or since the load began."""
    done: int = 0
    """Users that have finished all their operations."""


class WindowClosed(Event, frozen=True, kw_only=True):
    """One second of results, from all workers."""

    may_be_dropped: ClassVar[bool] = True
    second: int
    """Since the load began."""
    rows: list[Row]
    failures: list[FailureCount]
    slow: list[SlowRequest]
    users: int
    in_flight: int
    oldest_s: float
    lag_p99_ms: float
    """How late the worker's own timers were: the generator's share of the latencies."""
    generator_cpu_percent: float | None
    """Of one core, the busiest worker; None when none said."""
    other_endpoints: int = 0
    """Requests counted under `(other)` because there were too many names."""
    think_s: float = 0.0
    """Intended intervals between operations, all users together: the pace where users keep one,
    else the time for which they waited."""
    thinks: int = 0
    """How many such intervals ended."""
    missed_sends: int = 0
    """Arrivals of the measured phase, by their due time, that no free user took in time."""
    due: int = 0
    """Open model: arrivals of the measured phase that came due."""
    operations: int = 0
    """Tasks of users that ended."""


class LateRowsArrived(Event, frozen=True, kw_only=True):
    """Results for a window that had closed: they count in the totals alone."""

    may_be_dropped: ClassVar[bool] = True
    rows: list[Row]
    failures: list[FailureCount]
    slow: list[SlowRequest]


class ReportsCounted(Event, frozen=True, kw_only=True):
    """How many of the workers' reports came through, since the load began."""

    received: int
    lost: int


class WorkerLost(Event, frozen=True, kw_only=True):
    is_urgent: ClassVar[bool] = True
    name: str
    reason: str
    users: int


class UserCodeFailed(Event, frozen=True, kw_only=True):
    """The locustfile's own code raised outside a request."""

    may_be_dropped: ClassVar[bool] = True
    error: str
    times: int = 1


class DrainEnded(Event, frozen=True, kw_only=True):
    unfinished: int
    """Requests that had neither an answer nor a time-out when the users were stopped."""
