"""What a guardian and its owner say to each other: one JSON object a line."""

from __future__ import annotations

import msgspec

from tui.faults.undo import Cause, Undo


class Spec(msgspec.Struct, frozen=True):
    """The first line to a guardian."""

    state: str
    """The state directory."""
    silence_s: float
    """An owner that says nothing for so long is as good as dead."""


class Arm(msgspec.Struct, frozen=True, tag="arm"):
    """Write down what undoes a fault; answered by IsArmed or IsRefused."""

    id: str
    undo: Undo
    deadline_s: float
    """Seconds from now after which it is undone, asked or not."""


class Disarm(msgspec.Struct, frozen=True, tag="disarm"):
    """Undo it now; answered by IsUndone."""

    id: str


class Assure(msgspec.Struct, frozen=True, tag="assure"):
    """Answered by IsArmed when it still is, else by IsRefused."""

    id: str


Order = Arm | Disarm | Assure


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="type"):
    """The first line from a guardian."""

    journal: str


class IsArmed(msgspec.Struct, frozen=True, tag="armed", tag_field="type"):
    """It is on the disk: the fault may be done."""

    id: str


class IsRefused(msgspec.Struct, frozen=True, tag="refused", tag_field="type"):
    """It is not armed: the fault must not be done."""

    id: str
    why: str


class IsUndone(msgspec.Struct, frozen=True, tag="undone", tag_field="type"):
    """An undo was tried, asked or not."""

    id: str
    undo: Undo
    cause: Cause
    trouble: str


Answer = Ready | IsArmed | IsRefused | IsUndone
