"""The store's write side: one thread, a commit a second, and nobody ever waits for the disk."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import Counter, deque
from pathlib import Path

from tui.core.events import (
    Event,
)
from tui.core.model import Past
from tui.core.problem import InputError
from tui.store.history import read_past
from tui.store.journal import Entry, Journal
from tui.store.owner import Owner
from tui.store.paths import DATABASE
from tui.store.recovery import close_cut_off_runs
from tui.store.schema import Opened, open_database

COMMIT_S = 1.0
QUEUE_LIMIT = 5_000
"""Over half an hour of a run's events."""
FLUSH_S = 10.0


class SqliteStore:
    """Keeps the runs of this process. `put` may be called from any thread."""

    def __init__(
        self, state_dir: Path, *, commit_s: float = COMMIT_S, queue_limit: int = QUEUE_LIMIT
    ) -> None:
        """Raises InputError when there is no way to keep anything in `state_dir`."""
        self._path = state_dir / DATABASE
        opened = open_database(self._path)
        self.notices = opened.notices + close_cut_off_runs(opened.connection)
        """What was found amiss at the start, a line each."""
        self._commit_s = commit_s
        self._queue_limit = queue_limit
        self._changed = threading.Condition()
        self._waiting: deque[Entry] = deque()
        self._dropped: Counter[str] = Counter()
        self._unsaid_drops = 0
        self._problem = ""
        self._flush_asked = 0
        self._flush_done = 0
        self._closing = False
        self._use(opened)
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Events that were not kept since the start."""
        with self._changed:
            return self._dropped.total()

    def put(self, run_id: str, event: Event, at_utc: float) -> None:
        """Keep one event. Returns at once; a full queue drops what comes again and again."""
        if not event.is_kept:
            return
        with self._changed:
            if len(self._waiting) >= self._queue_limit and event.may_be_dropped:
                self._count_drop(run_id)
            elif not self._closing:
                self._waiting.append(Entry(run_id, event, at_utc))

    def past(self) -> dict[tuple[str, str], Past]:
        """The last ended run of each scenario on each target; empty when the disk does not say."""
        try:
            return read_past(self._path)
        except InputError as error:
            with self._changed:
                self._problem = self._problem or str(error)
            return {}

    def flush(self) -> str:
        """Everything put so far is on disk when this returns; says what went wrong, once."""
        with self._changed:
            if self._closing:
                return ""
            self._flush_asked += 1
            ticket = self._flush_asked
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._flush_done >= ticket, FLUSH_S):
                return f"store: {self._path} did not take the run within {FLUSH_S:.0f} s"
            return self._take_problem()

    def close(self) -> None:
        """Flush and stop; what can't be written within some seconds is given up."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(FLUSH_S)

    def _use(self, opened: Opened) -> None:
        self._connection: sqlite3.Connection | None = opened.connection
        self._journal = Journal(opened.connection, Owner.this())
        self._identity = _identity(self._path)

    def _work(self) -> None:
        last_round = False
        while not last_round:
            with self._changed:
                self._changed.wait_for(self._is_wanted, self._commit_s)
                last_round = self._closing
                asked = self._flush_asked
                batch = list(self._waiting)
            self._write(batch)
            with self._changed:
                self._flush_done = asked
                self._changed.notify_all()
        if self._connection is not None:
            self._connection.close()

    def _is_wanted(self) -> bool:
        return self._closing or self._flush_asked > self._flush_done

    def _write(self, batch: list[Entry]) -> None:
        if not batch:
            return
        problem = ""
        try:
            self._reopen_if_gone()
            ended, alien = self._journal.write(batch)
        except (sqlite3.Error, InputError, OSError) as error:
            # It stays in the queue: locks go away, and disks are emptied.
            self._remember(f"store: {self._path}: {error}")
            return
        except Exception as error:
            # The thread must outlive our own mistakes too.
            problem = f"store: {error!r}"
            ended, alien = [], batch
        with self._changed:
            for _ in batch:
                self._waiting.popleft()
            for entry in alien:
                self._count_drop(entry.run_id)
        self._remember(problem)
        for view in ended:
            try:
                self._journal.close_run(view, self._dropped[view.facts.id])
            except sqlite3.Error as error:
                # The next start finds the end among the events and fills the summary in.
                self._remember(f"store: {self._path}: {error}")

    def _reopen_if_gone(self) -> None:
        """SQLite goes on writing into a deleted file without a word."""
        if self._connection is not None and _identity(self._path) == self._identity:
            return
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._use(open_database(self._path))
        self._remember(f"store: {self._path} vanished: what it held of this run is lost")

    def _count_drop(self, run_id: str) -> None:
        self._dropped[run_id] += 1
        self._unsaid_drops += 1

    def _remember(self, problem: str) -> None:
        with self._changed:
            self._problem = self._problem or problem

    def _take_problem(self) -> str:
        said = [self._problem] if self._problem else []
        if self._unsaid_drops:
            said.append(f"store: {self._unsaid_drops} events could not be kept")
        self._problem, self._unsaid_drops = "", 0
        return "; ".join(said)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
