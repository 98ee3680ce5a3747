"""What front ends draw: one frozen snapshot, and the views inside it."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.board_series import BoardPoint
from tui.core.camera.view import CameraView
from tui.core.e2e.view import WorkflowView
from tui.core.events import Level, Phase, Reading, RunFacts, SlowRequest
from tui.core.incidents import Incident, Rise
from tui.core.leak import Leak
from tui.core.limits import LimitState
from tui.core.search import BreakingPoint
from tui.core.storage.view import StorageView
from tui.core.stress.view import StressView
from tui.core.telemetry import GaugeStats
from tui.core.timeline import Point
from tui.core.validity import Floor, Validity
from tui.core.verdict import Judgement, Verdict


class LogEntry(msgspec.Struct, frozen=True):
    """One line of the log."""

    at_utc: float
    """Seconds since the epoch."""
    run_s: float | None
    """Since the load began; None outside a run and before its load. Negative never."""
    level: Level
    text: str


class Mark(msgspec.Struct, frozen=True):
    """An event drawn through the charts."""

    at_s: float
    """Since the load began."""
    label: str
    level: Level


class Latency(msgspec.Struct, frozen=True):
    """Latencies in milliseconds; None where nothing was timed."""

    min: float | None = None
    mean: float | None = None
    p50: float | None = None
    p75: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    p999: float | None = None
    max: float | None = None


class Figures(msgspec.Struct, frozen=True):
    """Counts and latencies of one endpoint, or of all, in the measured phase."""

    method: str
    name: str
    requests: int
    failures: int
    error_rate: float
    """A fraction 0..1."""
    rps: float
    latency: Latency
    """All requests."""
    succeeded: Latency
    """The successful ones alone."""
    service: Latency | None = None
    """Open model: from the actual send, where `latency` counts from the intended one."""
    overloaded: int = 0
    """Failures that were a 429 or 503 answer."""


class StageView(msgspec.Struct, frozen=True):
    """One stage of a staged load, so far or at its end."""

    stage: int
    """Counted from 0."""
    users: int
    from_s: float
    """Since the load began: when its level was reached, or asked for until then."""
    measured_s: float
    """From its level on; 0 until it is reached."""
    figures: Figures
    """What ended at its level, the way there left out."""
    passed: bool | None
    """Whether the thresholds hold for it; None before anything could be judged."""


class FailureGroup(msgspec.Struct, frozen=True):
    """Failures of one kind on one endpoint in the measured phase."""

    method: str
    name: str
    failure_class: str
    error: str
    count: int
    first_s: float
    last_s: float
    sample: str


class Now(msgspec.Struct, frozen=True):
    """How the load stands at this moment."""

    users: int = 0
    in_flight: int = 0
    oldest_s: float = 0.0
    silent_s: float = 0.0
    rps: float | None = None
    """Last window, like the three below."""
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    stalled_s: float | None = None
    """Seconds without an answer although requests are in flight; None when answers come."""


class Headline(msgspec.Struct, frozen=True):
    """The one sentence that matters now."""

    level: Level
    strong: str
    """What is drawn bold."""
    rest: str = ""


class CleanUp(msgspec.Struct, frozen=True):
    """What the run created on the target, and what became of it."""

    created: int
    deleted: int
    left: int
    detail: str = ""


class RunView(msgspec.Struct, frozen=True):
    """A run, live or ended."""

    facts: RunFacts
    phase: Phase
    elapsed_s: float
    """Since the load began, pauses left out; 0 before."""
    total_s: float
    """How long the run takes, pauses left out; 0 for a workflow: that takes as long as it takes."""
    paused_s: float
    """All pauses together: what the time axis is longer by."""
    measured_from_s: float | None
    measured_s: float
    """Length of the measured phase so far."""
    users_asked: int
    thresholds: tuple[LimitState, ...]
    goals: tuple[LimitState, ...]
    validity: Validity
    now: Now
    total: Figures
    endpoints: tuple[Figures, ...]
    failures: tuple[FailureGroup, ...]
    slow: tuple[SlowRequest, ...]
    """The slowest, slowest first."""
    points: tuple[Point, ...]
    marks: tuple[Mark, ...]
    headline: Headline
    warnings: tuple[str, ...]
    unmeasured_requests: int
    """Sent in warm-up, pause or drain: counted, but not judged."""
    unmeasured_failures: int
    unfinished: int
    late_rows: int
    workers: tuple[str, ...]
    telemetry: tuple[GaugeStats, ...]
    telemetry_interval_s: float | None
    telemetry_samples: int
    clean_up: CleanUp | None
    judgement: Judgement | None
    """None until the run has ended."""
    ended_s: float | None
    """Since the run started; None while it goes on."""
    began_s: float | None = None
    """When the load began, since the run started; None before."""
    stages: tuple[StageView, ...] = ()
    """Those that have begun; empty unless the scenario has stages."""
    judged_stage: int | None = None
    """The stage that `thresholds` and `goals` speak of; None: they speak of the whole run."""
    floor: Floor | None = None
    offered_rps: float | None = None
    """Operations per second that the users would begin if answers took no time; None: unknown."""
    held_s: float = 0.0
    """How much longer the run is because its level was held."""
    is_holding: bool = False
    incidents: tuple[Incident, ...] = ()
    """In the order in which they began; bounded."""
    rises: tuple[Rise, ...] = ()
    """Each lasting rise of p95 in the measured phase, in order of time; bounded."""
    board_points: tuple[BoardPoint, ...] = ()
    """The course of the few gauges that belong beside the latency (`board_series.CHARTED`)."""
    is_throttled: bool | None = None
    """Whether the board held itself back at any time in the run; None: nothing here can tell."""
    incomparable: tuple[str, ...] = ()
    """Why the run should not be compared with others: clocks or power mode changed in it."""
    search: BreakingPoint | None = None
    """The search for the breaking point; None: there is none."""
    stress: StressView | None = None
    """What was done to the board; None: nothing."""
    cameras: tuple[CameraView, ...] = ()
    """Those that it watches, in the order of the configuration; never with a picture."""
    workflow: WorkflowView | None = None
    """The steps that it goes through; None: it goes through none."""
    storage: StorageView | None = None
    """What it measures of storage; None: nothing."""
    leaks: tuple[Leak, ...] = ()
    """The memory of the service's main process, one after each restart; only once it has ended."""

    @property
    def left_s(self) -> float:
        """Time until the planned end; 0 where none is planned."""
        return max(self.total_s - self.elapsed_s, 0.0)

    @property
    def is_over(self) -> bool:
        """Whether there is a verdict."""
        return self.judgement is not None


class Past(msgspec.Struct, frozen=True):
    """A stored run in one line."""

    run_id: str
    scenario: str
    verdict: Verdict | None
    """None: cut off before its verdict, or still running."""
    started_at: float
    p95_ms: float | None
    rps: float | None
    target: str
    reason: str = ""
    tj_max_c: float | None = None
    """The hottest junction of the run; None where no source tells."""


Trouble = Literal[
    "target-down", "protected", "precondition", "hot", "busy", "input", "failed", "internal"
]

FORCEABLE: tuple[Trouble, ...] = ("target-down", "precondition")
"""What a run can be started in spite of."""


class Refusal(msgspec.Struct, frozen=True):
    """Why a run did not start."""

    trouble: Trouble
    scenario: str
    target: str
    """Empty for a run that asks no service."""
    what: str
    number: int = 0
    """Counts up, so that the same refusal twice is two."""


class Cooling(msgspec.Struct, frozen=True):
    """The wait before a run that follows another."""

    next: str
    """The scenario that waits."""
    left_s: float
    """At most."""
    temperature_c: float | None
    """Hottest zone now; None where the board tells none."""
    wanted_c: float | None
    load_1m: float | None
    wanted_load: float


class Snapshot(msgspec.Struct, frozen=True):
    """All that a screen shows, at one moment."""

    at_utc: float
    device: str
    """Short name of the board or host."""
    target: str
    run: RunView | None
    """The running one, else the last one of this sitting."""
    queued: tuple[str, ...]
    board: dict[str, Reading]
    board_at_utc: float | None
    log: tuple[LogEntry, ...]
    """Newest last, bounded."""
    past: dict[tuple[str, str], Past]
    """The last ended run of each scenario on each target, by their names."""
    preparing: str = ""
    """The scenario whose target is being asked before it starts; empty otherwise."""
    refusal: Refusal | None = None
    cooling: Cooling | None = None
    incidents: tuple[Incident, ...] = ()
    """Those of the board that go on now, the weightiest first; times since the epoch."""
    is_throttled: bool | None = None
    """Whether the board holds itself back now; None: nothing here can tell."""
    lost: dict[str, str] = {}
    """Sources of gauges that should tell something and do not, and why."""
    cameras: tuple[CameraView, ...] = ()
    """Those of the configuration, in its order."""

    @property
    def is_running(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None and not self.run.is_over
