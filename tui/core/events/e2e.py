"""What happens in a workflow."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from tui.core.events.event import Event

StepState = Literal["passed", "failed", "skipped", "omitted"]
"""`skipped`: one before it failed, or the run was stopped. `omitted`: it does not apply here."""


class Exchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last request of a step and its answer: bounded, and without secrets."""

    method: str = ""
    url: str = ""
    """Path and query alone."""
    sent: str = ""
    """What was sent, in words: `form, file of 52 310 bytes`, or the JSON itself."""
    status: int | None = None
    """None: nothing was answered."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of the answer."""
    answer: str = ""
    """Its first characters where it is text, else what it is: `image/jpeg, 52 310 bytes`."""


class RoundBegan(Event, frozen=True, kw_only=True):
    """A round of the workflow goes on."""

    number: int
    """From 1."""
    correlation: str
    """Sent with each of its requests, as `X-Correlation-Id` and `X-Request-Id`."""


class StepBegan(Event, frozen=True, kw_only=True):
    """A step is being done."""

    round: int
    step: int
    """Its place among all steps, from 0, the clean-up last."""


class StepMoved(Event, frozen=True, kw_only=True):
    """A step of many items goes on; at most four a second are told."""

    is_kept: ClassVar[bool] = False
    round: int
    step: int
    done: int
    """Items that are over, the failed ones counted in."""
    of: int
    failed: int = 0


class StepEnded(Event, frozen=True, kw_only=True):
    """A step was done, failed, or was left out: one before it failed, or the run was stopped."""

    round: int
    step: int
    state: StepState
    began_s: float = 0.0
    """Since its round began."""
    ms: float = 0.0
    """All of it."""
    request_ms: float = 0.0
    """Of that, in requests, or until the camera gave its picture; waits between polls left out."""
    wait_ms: float = 0.0
    """Of that, waiting between polls."""
    requests: int = 0
    why: str = ""
    """What is wrong, in a clause: `status 500, not 200`."""
    wanted: str = ""
    """Of a comparison that failed: what was wanted, and what came."""
    got: str = ""
    hashes: int = 0
    """How many were compared and were right."""
    exchange: Exchange | None = None
    """Of a step that failed."""
    note: str = ""
    """What it found or would have done, in words: `valid for 80 days`, `simulated: gate opened`."""
    items: int = 0
    """How many it did one after the other, or beside each other; 0: it is a single one."""
    items_failed: int = 0
    item_p50_ms: float | None = None
    """Of those that passed; None where it has none."""
    item_p95_ms: float | None = None
    records: int = 0
    """How many should have been in a list."""
    records_complete: int = 0
    """How many of them were there, with all their fields."""
    label: str = ""
    """`simulated` or `replay` where a picture was taken by no camera."""


class RoundEnded(Event, frozen=True, kw_only=True):
    """A round is over, its clean-up too."""

    number: int
    is_complete: bool
    """Whether all its steps passed, the clean-up too."""
    ms: float
    """From its first step to the last before the clean-up."""
    left: int = 0
    """What it made on the service and could not be cleaned up."""
    maybe_left: int = 0
    """What it may have made there: the answer that would have told was lost."""
    left_named: tuple[str, ...] = ()
    """The first few of `left`, by their paths or by their names in a list, without secrets."""


class WorkflowEnded(Event, frozen=True, kw_only=True):
    """No more rounds are to come."""
