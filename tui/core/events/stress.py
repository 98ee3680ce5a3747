"""The stress of a run: its parts, its burners, its faults, and who feels them."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from tui.core.events.event import Event
from tui.core.stress.plan import Part
from tui.core.stress.view import Cut, FoundLimit, HeldBy


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
    figures: dict[str, float | str] = msgspec.field(default_factory=dict)
    """Its own, with the unit in the name."""
    held_by: HeldBy = ""


class BurnersReported(Event, frozen=True, kw_only=True):
    """One second of every burner."""

    may_be_dropped: ClassVar[bool] = True
    burners: list[BurnerSecond]


class BurnerEnded(Event, frozen=True, kw_only=True):
    """A burner is at its end, or never began."""

    name: str
    totals: dict[str, float | str] = msgspec.field(default_factory=dict)
    verified: int = 0
    bad: int = 0
    ended_by: str = ""
    """Why before its time; empty: it was told to."""
    why_not: str = ""
    """Why it can't burn on this board; empty: it did."""
    is_early: bool = False
    """Whether it ended before it was told to, and had not done all that it was asked."""
    advice: str = ""
    """What helps against `ended_by` or `why_not`, where that is known."""
    held_by: HeldBy = ""


class LimitsFound(Event, frozen=True, kw_only=True):
    """How far something could be taken; a later one of the same name replaces it."""

    limits: list[FoundLimit]


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
