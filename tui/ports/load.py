"""Load on a target: what a driver must know, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from tui.core.config import Mix
from tui.core.events import Event
from tui.core.limits import Limit
from tui.core.load import Arrival


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
