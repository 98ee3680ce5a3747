"""What front ends may ask of the engine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from tui.core.climb import CLIMB_DIGITS, Resumption
from tui.core.config import Target
from tui.core.events import Level
from tui.core.finding import Finding
from tui.core.model import Snapshot
from tui.core.scenario import Scenario
from tui.ports.camera import NoStill, PictureAsk, Still
from tui.ports.service import Prediction


class RunRequest(msgspec.Struct, frozen=True):
    """What a front end asks the engine to run."""

    scenario: Scenario
    target: Target
    workers: int
    force: bool = False
    """Go on although the target does not answer."""
    meant: str = ""
    """The protected target's name, typed in full."""
    note: str = ""
    """What belongs beside the figures, such as the weather; printed in reports."""
    campaign: str = ""
    """The campaign that this is a rung of: the first that does not pass ends it."""
    rung: int = 0
    """Counted from 1; 0 outside a campaign."""
    rungs: int = 0
    climb: str = ""
    """What the rungs of one campaign have in common."""
    preflight: tuple[Finding, ...] = ()
    """What was found before the first of them."""
    cool_down: bool = False
    """Whether it waits for the board to cool when a run went before it in this sitting."""


def as_rungs(
    campaign_id: str, requests: Sequence[RunRequest], resumed: Resumption | None = None
) -> list[RunRequest]:
    """The requests as one campaign: each waits for the board to cool, one that fails is the last.

    Without those that `resumed` has passed. They may be `start_run` one behind the other at once.
    """
    climb = resumed.climb if resumed else f"{campaign_id}-{secrets.token_hex(CLIMB_DIGITS // 2)}"
    done = len(resumed.passed) if resumed else 0
    return [
        msgspec.structs.replace(
            request,
            campaign=campaign_id,
            rung=number,
            rungs=len(requests),
            climb=climb,
            cool_down=number > done + 1,
        )
        for number, request in enumerate(requests, start=1)
        if number > done
    ]


class Engine(Protocol):
    """What front ends may ask. Every call returns at once; the answer is a later snapshot."""

    def start_run(self, request: RunRequest) -> None:
        """Run it; behind the running one if there is one."""

    def stop_run(self, reason: str = "", *, at_once: bool = False) -> None:
        """End the running one now and forget the queue. Requests in flight get two seconds, or
        next to nothing with `at_once`: somebody wants this process gone."""

    def pause(self) -> None:
        """No load, until `resume`."""

    def resume(self) -> None:
        """Back to the level before the pause."""

    def rescale(self, users: int) -> None:
        """Another number of users."""

    def hold(self) -> None:
        """Keep the level: the course of the load, and its end, wait until `release`."""

    def release(self) -> None:
        """Let the course go on."""

    def hang_up(self) -> None:
        """Nobody watches any more: what competes with the service and every fault are ended and
        undone at once; load and soak go on."""

    def calm(self) -> None:
        """End the stress and undo every fault now; the run goes on and watches the way back."""

    def skip_cool_down(self) -> None:
        """Start the run that waits for the board to cool, now."""

    def look_at(self, cameras: Sequence[str]) -> None:
        """Watch these cameras, by their names, and of the others none that no run needs."""

    def show_camera(self, camera: str, ask: PictureAsk | None) -> None:
        """Pictures of a camera that is watched, in later snapshots; None: no more."""

    def reset_focus(self, camera: str) -> None:
        """Begin the search for the best focus anew."""

    def take_still(self, camera: str, done: Callable[[Still | NoStill], None]) -> None:
        """The next picture of a camera that is watched; `done` is called on an engine thread."""

    def try_picture(
        self, camera: str, target: Target, done: Callable[[Prediction | NoStill], None]
    ) -> None:
        """Send the next picture of a camera that is watched to a target's `/predict`.

        It writes to the service: whoever calls has asked first, for a protected one by its name.
        `done` is called once, on an engine thread.
        """

    def listen(self, callback: Callable[[Snapshot], None]) -> None:
        """Called on an engine thread with a new snapshot: at most twice a second, and at once
        when the state of a run changes. Must not block."""

    def snapshot(self) -> Snapshot:
        """The newest one."""

    def note(self, level: Level, text: str) -> None:
        """Add a line to the log."""

    def close(self) -> None:
        """End the run and every child, flush the store, stop every thread."""
