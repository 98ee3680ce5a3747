"""One thing that a sample of the board speaks of."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tui.core.events import Level, Reading
from tui.core.incidents import IncidentKind

Readings = Mapping[str, Reading]


class Sign(msgspec.Struct, frozen=True):
    """One thing that a sample speaks of, and whether it is on, off, or in between."""

    key: str
    kind: IncidentKind
    text: str
    label: str
    is_on: bool
    is_off: bool
    """Well back. A sign that is neither leaves everything as it is."""
    level: Level = "warn"
    detail: str = ""
    gauge: str = ""
    value: float | None = None
    limit: float | None = None
    is_floor: bool = False
    """Whether less is worse."""
    on_for_s: float = 0.0
    off_for_s: float = 2.0


class Known(msgspec.Struct, frozen=True):
    """What earlier samples have shown of a board."""

    rates: Mapping[int, float] = {}
    """Over-current events a second in the last two, by the counter's number; empty: unknown."""
    sustained: Mapping[int, float] = {}
    """The same in the last five."""
    five_volt: frozenset[str] = frozenset()
    """Rails that carry 5 V."""
    had: frozenset[str] = frozenset()
    """Gauges that have had a value: only these can be lost."""
