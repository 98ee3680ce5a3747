"""Stress on a board: what burns it, and faults that are undone."""

from __future__ import annotations

from typing import Protocol

import msgspec

from tui.core.events import BurnerEnded, BurnerSecond, FaultDone, FaultUndone
from tui.core.stress.plan import DiskPlan, Stress
from tui.core.stress.toxics import Toxics
from tui.core.stress.view import FoundLimit


class BurnersPlan(msgspec.Struct, frozen=True):
    """All that burners must know."""

    stress: Stress
    scratch: str
    """The directory on whose device storage is burnt."""
    service: tuple[str, int] | None
    """Numeric address and port of the service, where connections are to be exhausted."""
    allowed_bytes: int | None = None
    """What may be written to that device; None: as much as anybody likes."""


class Burners(Protocol):
    """Burns the board. `halt` may come from any thread, every other call from one."""

    def prepare(self) -> None:
        """A new run: forget the last one, and that it was halted."""

    def start(self, plan: BurnersPlan) -> None:
        """Start every burner at the stress's first level; one that can't burn here says so by
        `ended`. One that waits for something starts as soon as `seconds`, `ended` or `is_over`
        find it there. Nothing starts after a `halt`, until `prepare`."""

    def ask(self, share: float) -> None:
        """So much of each burner's own level from now on."""

    def seconds(self) -> list[BurnerSecond]:
        """What each that burns told last."""

    def limits(self) -> list[FoundLimit]:
        """What was found since the last call."""

    def ended(self) -> list[BurnerEnded]:
        """Those that came to their end since the last call."""

    def release(self) -> None:
        """Have them all stop; those that do not within a second are ended."""

    def halt(self) -> None:
        """End them all at once; none starts any more, until `prepare`."""

    @property
    def is_over(self) -> bool:
        """Whether none burns, and none is left but what the kernel does not let go."""


class FaultFailed(Exception):
    """A fault can't be done here; the text is one line for the user."""


class Faults(Protocol):
    """Does harm that is undone, whatever becomes of us. `undo` may come from any thread and waits
    for none of the others, which come from one."""

    def lead(self, url: str) -> str:
        """A way to the service on which faults can be done: a URL, where the service's own names
        mean nothing (see `LoadPlan.way_url`). Raises FaultFailed."""

    def lost(self) -> str:
        """Why that way leads nowhere any more; empty while it does. The service is not to blame."""

    def suffer(self, toxics: Toxics) -> list[FaultUndone]:
        """What that way suffers from, from now on, and what it does not any more. Raises
        FaultFailed."""

    def fill(self, plan: DiskPlan, directory: str, deadline_s: float) -> None:
        """Begin to take the free space under a directory, one at a time; `filled` tells how that
        goes."""

    def filled(self) -> FaultDone | FaultUndone | BurnerEnded | None:
        """What became of it since the last call: it is full, it is free again (where `undo` could
        not wait for that), or it can't be filled; None: nothing new."""

    def undo(self, *, at_once: bool = False) -> list[FaultUndone]:
        """Undo what holds now. The way to the service stays, without faults; `at_once` it goes
        with them where it does not answer within a moment."""

    def close(self) -> list[FaultUndone]:
        """Undo everything; nothing is left."""
