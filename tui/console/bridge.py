"""From the engine's threads to the console: state changes at once, figures at the next tick."""

from __future__ import annotations

from collections.abc import Callable

from tui.core.model import Snapshot


def state_key(snapshot: Snapshot) -> tuple[object, ...]:
    """What must be painted at once when it changes."""
    run = snapshot.run
    refusal = snapshot.refusal.number if snapshot.refusal else 0
    cools = snapshot.cooling.next if snapshot.cooling else ""
    # What begins on the board is told within the second.
    board = tuple(incident.key for incident in snapshot.incidents)
    # There are pictures only while the screen asks for them.
    cameras = tuple((view.state, view.picture) for view in snapshot.cameras)
    outside = (snapshot.queued, snapshot.preparing, refusal, cools, board, cameras)
    if run is None:
        return outside
    verdict = run.judgement.verdict if run.judgement else None
    stalled = run.now.stalled_s is not None
    return (
        *outside, run.facts.id, run.phase, verdict, stalled, run.users_asked, run.is_holding
    )  # fmt: skip


class Bridge:
    """Called on an engine thread; `post` must be safe there and must not block."""

    def __init__(self, post: Callable[[Snapshot], object]) -> None:
        self._post = post
        self._key: tuple[object, ...] | None = None
        self.is_open = True

    def __call__(self, snapshot: Snapshot) -> None:
        key = state_key(snapshot)
        if self.is_open and key != self._key:
            self._key = key
            self._post(snapshot)
