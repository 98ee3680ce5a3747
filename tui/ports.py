"""What the engine needs from the world, and what front ends need from the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from tui.core.config import Mix, Target
from tui.core.events import AnyEvent, Event, Level, Reading
from tui.core.limits import Limit
from tui.core.model import Past, Snapshot
from tui.core.scenario import Scenario


class Clock(Protocol):
    """Time, so that tests can own it."""

    def monotonic_s(self) -> float:
        """Seconds that never go back."""

    def utc(self) -> float:
        """Seconds since the epoch, for stamps only."""


class Board(Protocol):
    """The machine's gauges."""

    def read(self) -> dict[str, Reading]:
        """Every gauge now; one that can't be read says why."""


class LoadPlan(msgspec.Struct, frozen=True):
    """All that a load driver must know."""

    url: str
    token: str
    """The secret itself: never logged, never stored."""
    verify_tls: bool
    paths: tuple[str, ...]
    """Paths that the target advertises; empty when it says nothing."""
    locustfile: str
    user_classes: Mapping[str, int]
    users: int
    spawn_rate: float
    timeout_s: float
    slow_ms: float
    mix: Mix
    counted: tuple[Limit, ...]
    """Limits whose violations are counted request by request."""
    workers: int
    bind: str
    port: int
    deadline_s: float
    """No worker outlives this, whatever happens."""

    def worker_names(self) -> list[str]:
        """What the workers are called in events and on screen."""
        return [f"w{number + 1}" for number in range(self.workers)]


class Created(msgspec.Struct, frozen=True):
    """What a run's users made on the target."""

    total: int
    left: tuple[str, ...]
    """Paths that they have not deleted themselves."""


class LoadFailed(Exception):
    """A driver could not start; the text is one line for the user."""

    def __init__(self, what: str, *, is_input: bool) -> None:
        super().__init__(what)
        self.is_input = is_input
        """Whether the user's file is wrong (exit 2) rather than the surroundings (exit 3)."""


Emit = Callable[[Event], None]
"""Stamps an event and hands it on; callable from any thread, never blocks."""


class LoadDriver(Protocol):
    """Puts load on a target. One run at a time; every call comes from one thread."""

    def start(self, plan: LoadPlan, emit: Emit) -> None:
        """Start workers and have them ready; no load yet. Raises LoadFailed."""

    def begin(self) -> None:
        """Start the users."""

    def rescale(self, users: int) -> None:
        """Move to another level; 0 pauses."""

    def set_phase(self, phase: int) -> None:
        """Requests that start from now on belong to this phase of a tally's row."""

    def drain(self, grace_s: float) -> None:
        """No new requests; those in flight may finish within the grace. Emits DrainEnded."""

    def extend(self, deadline_s: float) -> None:
        """The run will take longer than planned."""

    def created(self) -> Created:
        """What the users created on the target."""

    def close(self) -> None:
        """End every worker. Nothing is left: no process, thread or descriptor."""


class Probe(msgspec.Struct, frozen=True):
    """How a target answered."""

    answered: bool
    detail: str
    ms: float | None = None
    paths: tuple[str, ...] = ()
    """From its OpenAPI document; empty without one."""


class Service(Protocol):
    """The target, as the engine itself talks to it: before and after a run."""

    def probe(self, url: str, target: Target, token: str) -> Probe:
        """Ask once whether it is there."""

    def delete(self, url: str, target: Target, token: str, paths: Sequence[str]) -> int:
        """Delete what a run created; how many are gone."""


class EmbeddedTarget(Protocol):
    """The demo service as a child process."""

    def start(self) -> str:
        """Its URL, once it accepts connections; the same one while it runs."""

    def close(self) -> None:
        """End it."""


class Store(Protocol):
    """Keeps runs. Never blocks its caller."""

    def put(self, run_id: str, event: Event, at_utc: float) -> None:
        """Keep one event."""

    def past(self) -> dict[tuple[str, str], Past]:
        """The last ended run of each scenario on each target."""

    def flush(self) -> str:
        """Everything put so far is on disk when this returns; says what went wrong, if it did."""

    def close(self) -> None:
        """Flush and stop."""


class StoredRun(msgspec.Struct, frozen=True):
    """A run as it was kept."""

    run_id: str
    events: Sequence[AnyEvent]


class HostLock(Protocol):
    """One run drives a board at a time."""

    def acquire(self, scenario: str, at_utc: float) -> str:
        """Empty when it is ours now; otherwise who holds it, in words."""

    def release(self) -> None:
        """Let others run."""


class RunRequest(msgspec.Struct, frozen=True):
    """What a front end asks the engine to run."""

    scenario: Scenario
    target: Target
    workers: int
    force: bool = False
    """Go on although the target does not answer."""
    meant: str = ""
    """The protected target's name, typed in full."""


class Engine(Protocol):
    """What front ends may ask. Every call returns at once; the answer is a later snapshot."""

    def start_run(self, request: RunRequest) -> None:
        """Run it; behind the running one if there is one."""

    def stop_run(self, reason: str = "", *, at_once: bool = False) -> None:
        """End the running one now and forget the queue. Requests in flight get two seconds, or
        next to nothing with `at_once`: somebody wants this process gone."""

    def pause(self) -> None:
        """No load, until `resume`."""

    def resume(self) -> None:
        """Back to the level before the pause."""

    def rescale(self, users: int) -> None:
        """Another number of users."""

    def listen(self, callback: Callable[[Snapshot], None]) -> None:
        """Called on an engine thread with a new snapshot: at most twice a second, and at once
        when the state of a run changes. Must not block."""

    def snapshot(self) -> Snapshot:
        """The newest one."""

    def note(self, level: Level, text: str) -> None:
        """Add a line to the log."""

    def close(self) -> None:
        """End the run and every child, flush the store, stop every thread."""
