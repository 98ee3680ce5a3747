"""What undoes a fault: facts for a journal, never a command line."""

from __future__ import annotations

from typing import Literal

import msgspec

from tui.faults.target import Target


class Continue(msgspec.Struct, frozen=True, tag="sigcont"):
    """Let a frozen process run."""

    target: Target


class Unlink(msgspec.Struct, frozen=True, tag="unlink"):
    """Delete a file of ours that fills a disk."""

    path: str


class StartUnit(msgspec.Struct, frozen=True, tag="start_unit"):
    """Start a systemd service, unless it came back by itself."""

    unit: str
    is_user: bool = False
    """Of the user's own manager."""


Undo = Continue | Unlink | StartUnit

Cause = Literal["asked", "deadline", "owner gone", "guardian gone", "left over"]


class Undone(msgspec.Struct, frozen=True):
    """An undo that was tried."""

    id: str
    undo: Undo | None
    """None: the journal's line could not be understood."""
    cause: Cause
    trouble: str = ""
    """Why it is not undone; empty when that was verified."""


class FaultRefused(Exception):
    """A fault was not done; the text is one line for the user."""


class UndoFailed(Exception):
    """A fault is still there; the text is one line for the user."""
