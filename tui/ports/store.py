"""Where runs are kept, and how screens read them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from tui.core.events import Event
from tui.core.model import Past, Snapshot
from tui.core.timeline import Point


class Store(Protocol):
    """Keeps runs. Never blocks its caller."""

    def put(self, run_id: str, event: Event, at_utc: float) -> None:
        """Keep one event."""

    def past(self) -> dict[tuple[str, str], Past]:
        """The last ended run of each scenario on each target."""

    def flush(self) -> str:
        """Everything put so far is on disk when this returns; says what went wrong, if it did."""

    def close(self) -> None:
        """Flush and stop."""


class Moment(msgspec.Struct, frozen=True):
    """A run as its screen stood at one second, read back from the store."""

    snapshot: Snapshot
    load_s: float
    """Since the load began: the second that was asked for, or the nearest that is kept."""
    last_s: float
    """The last second that is kept."""


GoOn = Callable[[float], bool]
"""Told how much of a long reading is done (0..1); answers False when nobody waits for it."""


class Archive(Protocol):
    """The runs that were kept, for screens. Reads the disk: never call it from a screen's own
    thread, and only from one thread. Raises InputError for what can't be read."""

    def runs(self, limit: int) -> tuple[Past, ...]:
        """Newest first, without the deleted ones."""

    def moment(self, run_id: str, load_s: float, go_on: GoOn) -> Moment | None:
        """The run at that second; None when `go_on` said so. Quick for a second nearby."""

    def points(
        self, run_id: str, from_s: float, to_s: float, go_on: GoOn
    ) -> tuple[Point, ...] | None:
        """The course of that stretch, as fine as a chart can draw; None when `go_on` said so."""

    def delete(self, run_id: str) -> bool:
        """Mark an ended run as deleted; False for one that goes on or is not there."""

    def restore(self, run_id: str) -> bool:
        """Take a mark back; False when the run is gone for good."""

    def purge(self) -> int:
        """Remove for good what was deleted by a process that is gone; how many runs."""
