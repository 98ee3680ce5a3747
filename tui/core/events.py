"""What has happened in a run: the only thing that changes a session, and what the store keeps."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from tui.core.alerts import AlertRule
from tui.core.config import Mix, Site, Target
from tui.core.failure import FailureClass
from tui.core.scenario import Scenario
from tui.core.stress.plan import Part
from tui.core.stress.view import Cut, FoundLimit
from tui.core.tally import MEASURED, Row

Level = Literal["info", "ok", "warn", "fail"]
LEVELS: tuple[Level, ...] = ("info", "ok", "warn", "fail")
"""From light to heavy."""
Phase = Literal["preparing", "warm-up", "measuring", "paused", "draining", "cleaning", "ended"]
EndReason = Literal[
    "completed", "stopped", "threshold", "guard", "workers-lost", "shape-failed", "crashed"
]


class Device(msgspec.Struct, frozen=True):
    """The machine that measures, and as a rule is measured."""

    model: str
    cpu_count: int
    memory_mb: int
    python: str
    source: str
    l4t: str | None = None
    power_mode: str | None = None
    jetpack: str | None = None
    """As JetPack versions are written, such as `6.2`; None where L4T is unknown or absent."""


class RunFacts(msgspec.Struct, frozen=True):
    """What is known of a run before it starts."""

    id: str
    session_id: str
    scenario: Scenario
    target: Target
    url: str
    """The target's real address; differs from `target.url` for the embedded demo."""
    mix: Mix
    workers: int
    device: Device
    version: str
    config_sha256: str
    started_at: float
    """UTC, seconds since the epoch."""
    forced: bool = False
    """Whether it was started although something spoke against it."""
    overridden: str = ""
    """What spoke against it."""
    site: Site = Site()
    note: str = ""
    """What whoever started it had to say."""
    campaign: str = ""
    """The campaign that it is a rung of; empty: none."""
    rung: int = 0
    """Counted from 1; 0 outside a campaign."""
    rungs: int = 0
    alerts: tuple[AlertRule, ...] = ()
    """What warns in it."""


STALE_S = 15.0
"""A value older than this is no longer one: what is read most rarely is read every ten seconds."""


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One gauge at one moment; its name ends with the unit (`_mb` is MiB, `_kbps` kilobits)."""

    value: float | None
    source: str
    why: str = ""
    """Why there is no value."""
    text: str = ""
    """What the gauge says beside the number: a power mode's name, an interface, `off`."""
    age_s: float = 0.0
    """How old the value was when it was sampled."""
    limit: float | None = None
    """Its upper limit in its own unit: passive trip, highest clock, size, warning current."""
    critical: float | None = None
    """Beyond `limit`: where the board acts by itself, such as a critical trip."""


class Sample(msgspec.Struct, frozen=True):
    """The board at one moment."""

    readings: dict[str, Reading]
    lost: dict[str, str] = {}
    """Sources that should tell something and do not: their names, and why in words."""


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


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that happened."""

    at_s: float = 0.0
    """Since the run started (monotonic). The engine stamps it when the event is emitted."""
    is_kept: ClassVar[bool] = True
    """Whether the store keeps it; a stored run must look the same without the others."""
    may_be_dropped: ClassVar[bool] = False
    """Whether a store that can't keep up may lose it, and count that it did."""
    is_urgent: ClassVar[bool] = False
    """Whether front ends show it without waiting for their next turn."""


class RunStarted(Event, frozen=True, kw_only=True):
    is_urgent: ClassVar[bool] = True
    facts: RunFacts


class TargetProbed(Event, frozen=True, kw_only=True):
    answered: bool
    detail: str
    ms: float | None = None


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


class WorkBegan(Event, frozen=True, kw_only=True, tag="LoadBegan"):
    """The run's own clock starts: the first user, or the first look at a board to be stressed.

    Windows count from here. Its tag is what runs in store call it.
    """


class PhaseEntered(Event, frozen=True, kw_only=True):
    is_urgent: ClassVar[bool] = True
    phase: Phase


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


class BoardSampled(Event, frozen=True, kw_only=True):
    may_be_dropped: ClassVar[bool] = True
    readings: dict[str, Reading]
    lost: dict[str, str] = {}
    """Sources that should tell something and do not: their names, and why in words."""


class StressEntered(Event, frozen=True, kw_only=True):
    """Another part of a stress begins."""

    is_urgent: ClassVar[bool] = True
    part: Part
    why: str = ""
    """Why the part before ended before its time."""
    cut: Cut = ""
    """Whether that time was still needed, and why it was not given: what was to be shown was not.

    `asked`: somebody wanted it so; `lost`: something of ours failed.
    """


class StressStepped(Event, frozen=True, kw_only=True):
    """Another step of the stress begins."""

    step: int
    """Counted from 0."""


class BurnerSecond(msgspec.Struct, frozen=True):
    """What one burner, all its processes together, told of a second."""

    name: str
    unit: str
    asked: float
    reached: float
    """Shares 0..1 of the unit."""
    verified: int = 0
    bad: int = 0
    """Since its start."""
    figures: dict[str, float | str] = {}
    """Its own, with the unit in the name."""


class BurnersReported(Event, frozen=True, kw_only=True):
    """One second of every burner."""

    may_be_dropped: ClassVar[bool] = True
    burners: list[BurnerSecond]


class BurnerEnded(Event, frozen=True, kw_only=True):
    """A burner is at its end, or never began."""

    name: str
    totals: dict[str, float | str] = {}
    verified: int = 0
    bad: int = 0
    ended_by: str = ""
    """Why before its time; empty: it was told to."""
    why_not: str = ""
    """Why it can't burn on this board; empty: it did."""
    is_early: bool = False
    """Whether it ended before it was told to, and had not done all that it was asked."""


class LimitsFound(Event, frozen=True, kw_only=True):
    """How far something could be taken; a later one of the same name replaces it."""

    limits: list[FoundLimit]


class GuardsBlind(Event, frozen=True, kw_only=True):
    """Guards that could not watch here, and why: a line each."""

    lines: list[str]


class FaultDone(Event, frozen=True, kw_only=True):
    """A fault holds from now on; an earlier one of the same name is over."""

    is_urgent: ClassVar[bool] = True
    name: str
    text: str


class FaultUndone(Event, frozen=True, kw_only=True):
    is_urgent: ClassVar[bool] = True
    name: str
    cause: str = ""
    """Who undid it; empty: it ended as planned."""
    trouble: str = ""
    """Why it could not be undone."""


class HealthProbed(Event, frozen=True, kw_only=True):
    """The service's health check, asked beside the run."""

    may_be_dropped: ClassVar[bool] = True
    sent_s: float
    """Since the run started: `at_s` is when the answer was there, or was given up."""
    ms: float | None = None
    """None: no proper answer."""
    detail: str = ""
    """What was wrong."""
    is_ours: bool = False
    """Whether it never reached the service, by a fault of ours: it says nothing of it then."""


class JitterMeasured(Event, frozen=True, kw_only=True):
    """How late the engine's own clock was in one second."""

    may_be_dropped: ClassVar[bool] = True
    p99_ms: float
    worst_ms: float


class DrainEnded(Event, frozen=True, kw_only=True):
    unfinished: int
    """Requests that had neither an answer nor a time-out when the users were stopped."""


class CleanedUp(Event, frozen=True, kw_only=True):
    created: int
    deleted: int
    left: int
    detail: str = ""


class RunEnded(Event, frozen=True, kw_only=True):
    is_urgent: ClassVar[bool] = True
    reason: EndReason
    detail: str = ""
    guard: str = ""
    """Which guard ended it, where one did: `heat`, `memory`, …"""


def tag_of(kind: type[Event]) -> str:
    """What a kind of event is called where it is kept."""
    return str(kind.__struct_config__.tag)


AnyEvent = (
    RunStarted
    | TargetProbed
    | InstrumentCalibrated
    | WorkersJoined
    | WorkBegan
    | PhaseEntered
    | LevelReached
    | StageEntered
    | LevelSought
    | LevelAsked
    | HoldChanged
    | UsersRequested
    | LoadReported
    | WindowClosed
    | LateRowsArrived
    | ReportsCounted
    | WorkerLost
    | UserCodeFailed
    | BoardSampled
    | StressEntered
    | StressStepped
    | BurnersReported
    | BurnerEnded
    | LimitsFound
    | GuardsBlind
    | FaultDone
    | FaultUndone
    | HealthProbed
    | JitterMeasured
    | DrainEnded
    | CleanedUp
    | RunEnded
)
"""Every event; what the store decodes to."""
