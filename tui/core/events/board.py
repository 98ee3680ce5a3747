"""The board: what it is, and what its gauges tell."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from tui.core.events.event import Event


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
    lost: dict[str, str] = msgspec.field(default_factory=dict)
    """Sources that should tell something and do not: their names, and why in words."""


class BoardSampled(Event, frozen=True, kw_only=True):
    may_be_dropped: ClassVar[bool] = True
    readings: dict[str, Reading]
    lost: dict[str, str] = msgspec.field(default_factory=dict)
    """Sources that should tell something and do not: their names, and why in words."""
