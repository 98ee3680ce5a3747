"""A run as a whole: what it is, how it goes on, how it ends."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from tui.core.alerts import AlertRule
from tui.core.camera.camera import Camera
from tui.core.camera.reference import Reference
from tui.core.config import Mix, Site, Target
from tui.core.events.board import Device
from tui.core.events.event import Event
from tui.core.finding import Finding
from tui.core.scenario import Scenario

Phase = Literal["preparing", "warm-up", "measuring", "paused", "draining", "cleaning", "ended"]
EndReason = Literal[
    "completed", "stopped", "threshold", "guard", "workers-lost", "shape-failed", "crashed"
]


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
    climb: str = ""
    """What the rungs have in common that were climbed as one, also after it was cut off."""
    preflight: tuple[Finding, ...] = ()
    """What was found before the first rung."""
    alerts: tuple[AlertRule, ...] = ()
    """What warns in it."""
    cameras: tuple[Camera, ...] = ()
    """Those that it watches, never with a secret."""
    references: tuple[Reference, ...] = ()
    """Theirs, without pictures."""

    @property
    def is_demo(self) -> bool:
        """Whether its figures are of the embedded target."""
        return self.scenario.asks_service and self.target.is_demo


class RunStarted(Event, frozen=True, kw_only=True):
    is_urgent: ClassVar[bool] = True
    facts: RunFacts


class TargetProbed(Event, frozen=True, kw_only=True):
    answered: bool
    detail: str
    ms: float | None = None


class WorkBegan(Event, frozen=True, kw_only=True, tag="LoadBegan"):
    """The run's own clock starts: the first user, or the first look at a board to be stressed.

    Windows count from here. Its tag is what runs in store call it.
    """


class PhaseEntered(Event, frozen=True, kw_only=True):
    is_urgent: ClassVar[bool] = True
    phase: Phase


class GuardsBlind(Event, frozen=True, kw_only=True):
    """Guards that could not watch here, and why: a line each."""

    lines: list[str]


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
