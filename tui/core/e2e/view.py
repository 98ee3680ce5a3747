"""A workflow as front ends and reports see it."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.core.events.e2e import Exchange

Standing = Literal["waiting", "running", "passed", "failed", "skipped"]


class StepView(msgspec.Struct, frozen=True):
    """One step, over all rounds; `state`, `began_s` and `ms` are of the round that is shown."""

    name: str
    what: str
    """`POST /images`, `picture of gate`."""
    is_cleanup: bool = False
    state: Standing = "waiting"
    began_s: float = 0.0
    """Since that round began."""
    ms: float | None = None
    request_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    most_ms: float | None = None
    overhead_p95_ms: float | None = None
    """What a step takes beyond its requests and the waits between them."""
    passed: int = 0
    failed: int = 0
    requests: int = 0
    why: str = ""
    """Why it failed in the round that is shown."""


class FailedStep(msgspec.Struct, frozen=True):
    """A step that failed, with request, answer and difference."""

    at_s: float
    """Since the work began."""
    round: int
    correlation: str
    name: str
    why: str
    wanted: str = ""
    got: str = ""
    exchange: Exchange | None = None
    is_picture: bool = False
    """Whether it was to take a picture."""


class WorkflowView(msgspec.Struct, frozen=True):
    """All of it."""

    steps: tuple[StepView, ...]
    rounds: int
    """That were asked for."""
    begun: int = 0
    complete: int = 0
    failed: int = 0
    """Rounds that are over and not complete; those under way are neither."""
    shown: int = 0
    """The round whose steps are shown: the newest that failed, else the newest. 0: none yet."""
    correlation: str = ""
    """Of that round."""
    round_ms: float | None = None
    """Of that round; None while it goes on."""
    p50_ms: float | None = None
    """Of complete rounds."""
    p95_ms: float | None = None
    slowest_ms: float | None = None
    hashes: int = 0
    """How many were compared and were right."""
    left: int = 0
    """What is left on the service."""
    maybe_left: int = 0
    """What may be left there: nobody was told what was made."""
    failures: tuple[FailedStep, ...] = ()
    """The first ones, bounded, and those of the round that is shown."""
    labels: tuple[str, ...] = ()
    """`simulated` or `replay`, where pictures were taken by no camera."""

    @property
    def over(self) -> int:
        """How many rounds are over."""
        return self.complete + self.failed

    @property
    def completion_rate(self) -> float | None:
        """Of the rounds that are over; None before one is."""
        return self.complete / self.over if self.over else None
