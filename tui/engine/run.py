"""What the supervisor knows of a run, of whichever kind it is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tui.core import events as ev
from tui.core.guards import Halt
from tui.core.run_fold import RunFold


class Run(Protocol):
    """Driven by the supervisor: `begin` once, then `tick` and `on_event` until RunEnded.

    What only some kinds can do is a protocol of its own below.
    """

    facts: ev.RunFacts

    def begin(self) -> None:
        """The work starts now."""

    def tick(self, fold: RunFold, at_s: float) -> None:
        """Move on if it is time to; `fold` is what is known of it, `at_s` since it started."""

    def on_event(self, event: ev.Event) -> bool:
        """React to an event; False when nobody else needs to know of it."""

    def stop(self, detail: str, *, at_once: bool) -> None:
        """End it now, by hand or, without a grace to speak of, by a signal."""

    def abort(self, halt: Halt) -> None:
        """End it now, to protect the board."""

    def close(self) -> None:
        """Whatever it holds is given back; also after a mistake of ours."""


@runtime_checkable
class Pausable(Protocol):
    """A run whose course can stand still."""

    def pause(self) -> None:
        """No load until `resume`."""

    def resume(self) -> None:
        """Back to the level."""

    def hold(self) -> None:
        """Keep the level until `release`."""

    def release(self) -> None:
        """Let the course go on."""


@runtime_checkable
class Scalable(Protocol):
    """A run with users."""

    def rescale(self, users: int) -> None:
        """Another number of users."""


@runtime_checkable
class Harmful(Protocol):
    """A run that hurts the board or the service on purpose."""

    def halt(self) -> None:
        """Take away at once whatever hurts the board; from any thread, before `abort` or `stop`."""

    def calm(self) -> None:
        """End the stress and undo every fault; the run goes on."""

    def hang_up(self) -> None:
        """Nobody watches any more: end at once what competes with the service, and every fault;
        from any thread."""
