"""A stored run, played again up to any second: quickly to one that lies near the last."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator

from tui.core.events import AnyEvent, CameraEvent, LoadReported, RunStarted, WindowClosed
from tui.core.model import Snapshot
from tui.core.session import Session
from tui.ports import GoOn
from tui.store.bodies import event_of

LOG_LINES = 2_000
BATCH = 500
"""Events between two questions whether anybody still waits."""
MOST_CHECKPOINTS = 32
NEAR_S = 30.0
"""A step back by less than this folds no more than twice as many seconds again."""


class _Player:
    """A sitting that holds one run alone, and how far it was played."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.seq = 0
        self.at_s = 0.0
        self.at_utc = 0.0
        self.answered_s = 0.0

    def apply(self, event: AnyEvent, seq: int, at_utc: float) -> None:
        if isinstance(event, RunStarted):
            facts = event.facts
            self.session = Session(
                facts.device.model,
                facts.target.name,
                log_lines=LOG_LINES,
                alerts=facts.alerts,
                cameras=facts.cameras,
                references=facts.references,
            )
        self.seq, self.at_s, self.at_utc = seq, event.at_s, at_utc
        if self.session is None:
            return
        self.session.apply(event, at_utc)
        if isinstance(event, WindowClosed):
            self.session.apply(self._reported(event), at_utc)
        if isinstance(event, CameraEvent):
            self.session.see(event, at_utc, event.at_s, event.at_s)

    def _reported(self, window: WindowClosed) -> LoadReported:
        # Live reports are not stored: the window says nearly the same.
        if any(row.requests for row in window.rows):
            self.answered_s = window.at_s
        return LoadReported(
            at_s=window.at_s,
            users=window.users,
            in_flight=window.in_flight,
            oldest_s=window.oldest_s,
            silent_s=window.at_s - self.answered_s,
        )


class Replay:
    """Plays one run. Bounded however long the run is: some checkpoints, evenly spread."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._player = _Player()
        self._every = BATCH
        self._marked = 0
        self._checkpoints: list[tuple[float, int, bytes]] = []
        """`(at_s, seq, pickled player)`: C copies a fold far quicker than Python does."""
        self._near: tuple[float, int, bytes] | None = None

    def seek(self, connection: sqlite3.Connection, at_s: float, go_on: GoOn) -> bool:
        """Play up to `at_s` seconds after the run's start; False when `go_on` said so."""
        self._jump(at_s)
        start_s = self._player.at_s
        near_at_s = at_s - NEAR_S
        for number, (seq, at_utc, event) in enumerate(self._events(connection)):
            if event.at_s > at_s:
                break
            if self._player.at_s < near_at_s <= event.at_s:
                self._near = self._checkpoint()
            self._player.apply(event, seq, at_utc)
            if seq - self._marked >= self._every:
                self._mark()
            if number % BATCH == BATCH - 1:
                share = (event.at_s - start_s) / max(at_s - start_s, 1e-9)
                if not go_on(min(share, 1.0)):
                    return False
        return True

    def snapshot(self) -> Snapshot | None:
        """The screen at the point that was reached; None before the run's first event."""
        player = self._player
        return player.session.snapshot(player.at_s, player.at_utc) if player.session else None

    def _jump(self, at_s: float) -> None:
        """To the nearest point before `at_s` that is known."""
        here = self._player.at_s if self._player.at_s <= at_s else -1.0
        known = [*self._checkpoints, *([self._near] if self._near else [])]
        best = max((mark for mark in known if mark[0] <= at_s), default=None)
        if best is not None and best[0] > here:
            self._player = pickle.loads(best[2])
        elif here < 0:
            self._player = _Player()

    def _checkpoint(self) -> tuple[float, int, bytes]:
        player = self._player
        return player.at_s, player.seq, pickle.dumps(player, pickle.HIGHEST_PROTOCOL)

    def _mark(self) -> None:
        self._marked = self._player.seq
        self._checkpoints.append(self._checkpoint())
        if len(self._checkpoints) > MOST_CHECKPOINTS:
            self._checkpoints = self._checkpoints[1::2]
            self._every *= 2

    def _events(self, connection: sqlite3.Connection) -> Iterator[tuple[int, float, AnyEvent]]:
        statement = "SELECT seq, at_utc, body FROM events WHERE run_id = ? AND seq > ? ORDER BY seq"
        for row in connection.execute(statement, (self.run_id, self._player.seq)):
            yield row["seq"], row["at_utc"], event_of(row["body"])
