"""What every event has."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

Level = Literal["info", "ok", "warn", "fail"]
LEVELS: tuple[Level, ...] = ("info", "ok", "warn", "fail")
"""From light to heavy."""


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that happened."""

    at_s: float = 0.0
    """Since the run started (monotonic). The engine stamps it when the event is emitted."""
    is_kept: ClassVar[bool] = True
    """Whether the store keeps it; a stored run must look the same without the others."""
    may_be_dropped: ClassVar[bool] = False
    """Whether a store that can't keep up may lose it, and count that it did."""
    is_urgent: ClassVar[bool] = False
    """Whether front ends show it without waiting for their next turn."""


def tag_of(kind: type[Event]) -> str:
    """What a kind of event is called where it is kept."""
    return str(kind.__struct_config__.tag)
