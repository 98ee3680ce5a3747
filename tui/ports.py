"""What the engine needs from the world, and what front ends need from the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from tui.core.config import Mix, Target
from tui.core.events import (
    BurnerEnded,
    BurnerSecond,
    Event,
    FaultDone,
    FaultUndone,
    Level,
    Sample,
)
from tui.core.limits import Limit
from tui.core.load import Arrival
from tui.core.model import Past, Snapshot
from tui.core.scenario import Scenario
from tui.core.stress.plan import DiskPlan, Stress
from tui.core.stress.toxics import Toxics
from tui.core.stress.view import FoundLimit
from tui.core.timeline import Point


class Clock(Protocol):
    """Time, so that tests can own it."""

    def monotonic_s(self) -> float:
        """Seconds that never go back."""

    def utc(self) -> float:
        """Seconds since the epoch, for stamps only."""


class Board(Protocol):
    """The machine's gauges. `read` and `close` come from one thread, `watch` from any."""

    def read(self) -> Sample:
        """Every gauge now; one that can't be read says why. Never waits for a slow source."""

    def watch(self, process: str) -> None:
        """Whose processes the `service_` gauges are of: `port:8000`, `unit:infer.service`,
        `pid:1841`, `name:infer`, `container:infer`; empty: nobody's."""

    def close(self) -> None:
        """End what belongs to it. Nothing is left: no process, thread or descriptor."""


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
    duration_s: float = 0.0
    """How long the load lasts: what an arrival rate that changes needs to know."""
    arrival: Arrival | None = None
    """The open model: operations begin by the clock, and latency counts from there."""
    operations_per_user: int | None = None
    barrier_s: float | None = None
    shape: str = ""
    """A LoadTestShape class of the locustfile; its wishes arrive as LevelAsked."""
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    way_url: str = ""
    """Where connections to `url` go in its place, such as `http://127.0.0.1:40099`: what users
    send, the Host header too, is the same. Empty: straight there."""

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

    def rescale(self, users: int, spawn_rate: float) -> None:
        """Move to another level at so many users per second; 0 pauses."""

    def rerate(self, rate_rps: float) -> None:
        """Open model: begin so many operations per second from now on; 0: none. What was due before
        stays due, and the users stay as they are."""

    def hold(self, is_held: bool) -> None:
        """Freeze a changing arrival rate, or a shape, where it stands; or let it go on."""

    def set_phase(self, phase: int) -> None:
        """Requests that start from now on belong to this phase of a tally's row."""

    def drain(self, grace_s: float) -> None:
        """No new requests; those in flight may finish within the grace. Emits DrainEnded."""

    def interrupt(self) -> None:
        """Have a start that waits for its workers raise LoadFailed; callable from any thread."""

    def extend(self, deadline_s: float) -> None:
        """The run will take longer than planned."""

    def created(self) -> Created:
        """What the users created on the target."""

    def close(self) -> None:
        """End every worker. Nothing is left: no process, thread or descriptor."""


class BurnersPlan(msgspec.Struct, frozen=True):
    """All that burners must know."""

    stress: Stress
    scratch: str
    """The directory on whose device storage is burnt."""
    service: tuple[str, int] | None
    """Numeric address and port of the service, where connections are to be exhausted."""
    allowed_bytes: int | None = None
    """What may be written to that device; None: as much as anybody likes."""


class Burners(Protocol):
    """Burns the board. `halt` may come from any thread, every other call from one."""

    def prepare(self) -> None:
        """A new run: forget the last one, and that it was halted."""

    def start(self, plan: BurnersPlan) -> None:
        """Start every burner at the stress's first level; one that can't burn here says so by
        `ended`. One that waits for something starts as soon as `seconds`, `ended` or `is_over`
        find it there. Nothing starts after a `halt`, until `prepare`."""

    def ask(self, share: float) -> None:
        """So much of each burner's own level from now on."""

    def seconds(self) -> list[BurnerSecond]:
        """What each that burns told last."""

    def limits(self) -> list[FoundLimit]:
        """What was found since the last call."""

    def ended(self) -> list[BurnerEnded]:
        """Those that came to their end since the last call."""

    def release(self) -> None:
        """Have them all stop; those that do not within a second are ended."""

    def halt(self) -> None:
        """End them all at once; none starts any more, until `prepare`."""

    @property
    def is_over(self) -> bool:
        """Whether none burns, and none is left but what the kernel does not let go."""


class FaultFailed(Exception):
    """A fault can't be done here; the text is one line for the user."""


class Faults(Protocol):
    """Does harm that is undone, whatever becomes of us. `undo` may come from any thread and waits
    for none of the others, which come from one."""

    def lead(self, url: str) -> str:
        """A way to the service on which faults can be done: a URL, where the service's own names
        mean nothing (see `LoadPlan.way_url`). Raises FaultFailed."""

    def lost(self) -> str:
        """Why that way leads nowhere any more; empty while it does. The service is not to blame."""

    def suffer(self, toxics: Toxics) -> list[FaultUndone]:
        """What that way suffers from, from now on, and what it does not any more. Raises
        FaultFailed."""

    def fill(self, plan: DiskPlan, directory: str, deadline_s: float) -> None:
        """Begin to take the free space under a directory, one at a time; `filled` tells how that
        goes."""

    def filled(self) -> FaultDone | FaultUndone | BurnerEnded | None:
        """What became of it since the last call: it is full, it is free again (where `undo` could
        not wait for that), or it can't be filled; None: nothing new."""

    def undo(self) -> list[FaultUndone]:
        """Undo what holds now. The way to the service stays, without faults."""

    def close(self) -> list[FaultUndone]:
        """Undo everything; nothing is left."""


class HealthWatch(Protocol):
    """Asks a service's health check once a second until it is closed."""

    def close(self) -> None:
        """Ask no more. Returns within a second even if the service hangs."""


class Wear(Protocol):
    """What was written to the devices of this board, over all sessions."""

    def allowed_bytes(self, directory: Path, now_s: float) -> int | None:
        """What may be written now (UTC) to the device under a directory; None: it does not wear.

        Raises InputError where that is not known.
        """

    def add(self, directory: Path, amount_bytes: int, now_s: float) -> object:
        """So much was written. Raises InputError where it can't be kept."""


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
    note: str = ""
    """What belongs beside the figures, such as the weather; printed in reports."""
    campaign: str = ""
    """The campaign that this is a rung of: the first that does not pass ends it."""
    rung: int = 0
    """Counted from 1; 0 outside a campaign."""
    rungs: int = 0
    cool_down: bool = False
    """Whether it waits for the board to cool when a run went before it in this sitting."""


def as_rungs(campaign_id: str, requests: Sequence[RunRequest]) -> list[RunRequest]:
    """The requests as one campaign: each waits for the board to cool, one that fails is the last.

    They may be `start_run` one behind the other at once.
    """
    return [
        msgspec.structs.replace(
            request, campaign=campaign_id, rung=number, rungs=len(requests), cool_down=number > 1
        )
        for number, request in enumerate(requests, start=1)
    ]


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

    def hold(self) -> None:
        """Keep the level: the course of the load, and its end, wait until `release`."""

    def release(self) -> None:
        """Let the course go on."""

    def hang_up(self) -> None:
        """Nobody watches any more: what competes with the service and every fault are ended and
        undone at once; load and soak go on."""

    def calm(self) -> None:
        """End the stress and undo every fault now; the run goes on and watches the way back."""

    def skip_cool_down(self) -> None:
        """Start the run that waits for the board to cool, now."""

    def listen(self, callback: Callable[[Snapshot], None]) -> None:
        """Called on an engine thread with a new snapshot: at most twice a second, and at once
        when the state of a run changes. Must not block."""

    def snapshot(self) -> Snapshot:
        """The newest one."""

    def note(self, level: Level, text: str) -> None:
        """Add a line to the log."""

    def close(self) -> None:
        """End the run and every child, flush the store, stop every thread."""


class Moment(msgspec.Struct, frozen=True):
    """A run as its screen stood at one second, read back from the store."""

    snapshot: Snapshot
    load_s: float
    """Since the load began: the second that was asked for, or the nearest that is kept."""
    last_s: float
    """The last second that is kept."""


GoOn = Callable[[float], bool]
"""Told how much of a long reading is done (0..1); answers False when nobody waits for it."""


class Archive(Protocol):
    """The runs that were kept, for screens. Reads the disk: never call it from a screen's own
    thread, and only from one thread. Raises InputError for what can't be read."""

    def runs(self, limit: int) -> tuple[Past, ...]:
        """Newest first, without the deleted ones."""

    def moment(self, run_id: str, load_s: float, go_on: GoOn) -> Moment | None:
        """The run at that second; None when `go_on` said so. Quick for a second nearby."""

    def points(
        self, run_id: str, from_s: float, to_s: float, go_on: GoOn
    ) -> tuple[Point, ...] | None:
        """The course of that stretch, as fine as a chart can draw; None when `go_on` said so."""

    def delete(self, run_id: str) -> bool:
        """Mark an ended run as deleted; False for one that goes on or is not there."""

    def restore(self, run_id: str) -> bool:
        """Take a mark back; False when the run is gone for good."""

    def purge(self) -> int:
        """Remove for good what was deleted by a process that is gone; how many runs."""
