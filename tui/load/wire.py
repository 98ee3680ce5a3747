"""What the driver and its workers say to each other."""

from __future__ import annotations

import msgspec

from tui.core.config import Mix
from tui.core.events import FailureCount, SlowRequest
from tui.core.limits import Limit
from tui.core.load import Arrival
from tui.core.tally import Row

MESSAGE = "jetproof"
"""Locust's message type for every order of ours."""
CALIBRATE = "jetproof-calibrate"
"""The one order before the load: measure the instrument's floor, say it as a word."""
REPORT_KEY = "jetproof"
"""Where a report travels inside Locust's own report event."""
REPORT_INTERVAL_S = 0.5


class WorkerSpec(msgspec.Struct, frozen=True):
    """The first line on a worker's standard input."""

    name: str
    master_host: str
    master_port: int
    url: str
    token: str
    verify_tls: bool
    paths: list[str]
    locustfile: str
    user_classes: dict[str, int]
    timeout_s: float
    slow_ms: float
    mix: Mix
    counted: list[Limit]
    number: int = 0
    """Which of the workers it is, counted from 0; the first one ticks the shape."""
    workers: int = 1
    duration_s: float = 0.0
    arrival: Arrival | None = None
    operations_per_user: int | None = None
    barrier_s: float | None = None
    shape: str = ""
    tags: list[str] = []
    exclude_tags: list[str] = []
    way_url: str = ""
    responder_port: int = 0
    """Not 0: no run at all, calibrate the clients of the user classes there and end."""


class Window(msgspec.Struct, frozen=True, array_like=True):
    """One second of one worker, or what of it was new since the last report."""

    second: int
    """Since the load began."""
    rows: list[Row]
    failures: list[FailureCount]
    slow: list[SlowRequest]
    lags_ms: list[float]
    """How late each tick of the worker's own timer was."""
    think_s: float = 0.0
    thinks: int = 0
    missed_sends: int = 0
    due: int = 0
    operations: int = 0


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """Another level that the shape wants; None: the end."""

    users: int | None
    spawn_rate: float = 1.0
    failed: str = ""
    """What the shape raised, in one line, when that is why it is at its end."""


class Report(msgspec.Struct, frozen=True, array_like=True):
    """Sent twice a second, and once more at the very end."""

    worker: str
    number: int
    """Counts up from 0: a gap is a lost report."""
    covers_s: float
    """Everything that ended before this moment, since the load began, is in this or an earlier
    report."""
    windows: list[Window]
    users: int
    in_flight: int
    oldest_s: float
    silent_s: float
    cpu_percent: float
    """Of one core, since the last report."""
    created: list[str]
    """Paths created on the target since the last report."""
    deleted: list[str]
    user_errors: list[str]
    """Distinct texts of what the locustfile's own code raised, and how often it did."""
    user_error_count: int
    other_requests: int
    """Requests under `(other)` since the last report."""
    final: bool = False
    unfinished: int = 0
    done: int = 0
    """Of the users that are asked for, how many have finished all their operations."""
    asked_users: int = 0
    """What the master has asked of this worker."""
    asked: list[Asked] = []
    """What the shape wants, since the last report."""
