"""One connection that stores results and asks for them, and what all of them share."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from tui.stress.duty import PERIOD_S, busy_s, owed_s
from tui.stress.pace import Spread
from tui.stress.place import MIB
from tui.stress.results import (
    BY_CAMERA,
    BY_PICTURE,
    CAMERAS,
    DELETE,
    INSERT,
    Block,
    Row,
    row,
    wrong,
)
from tui.stress.results_work import Work

KEPT_ROWS = 100_000
KEPT_BATCHES = 20
"""At least; the oldest rows beyond are deleted."""
QUERIES = 4
"""After each transaction, half of them of each kind."""
REMEMBERED = 64
"""Blocks that a client asks for again."""
_RESERVE_BYTES = 16 * MIB
_ROW_BYTES = 16 * 1024
"""That a row may cost: two pages of each index, in the log and in the database."""


class Shared:
    """Numbers of the rows, the budget and the end, for all clients."""

    def __init__(
        self,
        batch: int,
        budget_bytes: int,
        level: Callable[[], float],
        budget_lasts_s: float = 0.0,
    ) -> None:
        """`budget_lasts_s`: how long the budget is to last; 0: it may be used up before."""
        self.batch = batch
        self.level = level
        self.stopped = threading.Event()
        self.ended_by = ""
        self.kept_from = 0
        """Rows below may be deleted; set before they are."""
        self._budget_bytes = budget_bytes
        self._before_bytes = written_bytes()
        self.spread: Spread | None = None
        if budget_lasts_s:
            # Transactions that were begun together may all go beyond what is due.
            usable = max(budget_bytes - 2 * reserve_bytes(batch), budget_bytes / 2)
            self.spread = Spread(usable, budget_lasts_s, time.monotonic())
        self._was_held_back = self._was_ever_held_back = False
        self._next = 0
        self._lock = threading.Lock()

    def block(self) -> Block:
        """Numbers that nobody else has."""
        with self._lock:
            block = Block(self._next, self.batch)
            self._next += self.batch
        return block

    def oldest_kept(self, block: Block) -> int:
        """Where the rows begin that stay when this block is written."""
        kept = max(KEPT_ROWS, KEPT_BATCHES * self.batch)
        with self._lock:
            self.kept_from = max(self.kept_from, block.first - kept)
            return self.kept_from

    def written_bytes(self) -> int:
        """By this process since the start, as the kernel counts it."""
        return written_bytes() - self._before_bytes

    def is_write_due(self) -> bool:
        """Whether a transaction may begin now, or waits so that the budget lasts."""
        if self.spread is None or not self.spread.wait_s(time.monotonic(), self.written_bytes()):
            return True
        self._was_held_back = self._was_ever_held_back = True
        return False

    def was_held_back(self, *, ever: bool = False) -> bool:
        """Whether a transaction had to wait since the last call, or ever."""
        was, self._was_held_back = self._was_held_back, False
        return self._was_ever_held_back if ever else was

    def may_write(self) -> bool:
        """Whether the budget allows one more transaction, whatever it costs."""
        if self.written_bytes() + reserve_bytes(self.batch) <= self._budget_bytes:
            return True
        self.end(f"the {self._budget_bytes} bytes that may be written are used up")
        return False

    def end(self, why: str) -> None:
        """Nobody goes on."""
        self.ended_by = self.ended_by or why
        self.stop()

    def stop(self) -> None:
        """Nobody goes on; nothing is wrong."""
        self.stopped.set()


class Client:
    """Writes a block of rows, asks for some, and compares."""

    def __init__(self, connection: sqlite3.Connection, shared: Shared, seed: int) -> None:
        self._connection = connection
        self._shared = shared
        self._chance = random.Random(seed)
        self._blocks: deque[Block] = deque(maxlen=REMEMBERED)
        self._work = Work()
        self._lock = threading.Lock()
        self._owed_s = self._busy_s = 0.0

    def work(self) -> None:
        """Until all are stopped, at the level of the moment."""
        try:
            while not self._shared.stopped.is_set():
                self._period()
        except sqlite3.Error as error:
            # A full disk is the machine's state; a malformed database is a fault.
            if not isinstance(error, sqlite3.OperationalError):
                with self._lock:
                    self._work.bad += 1
            self._shared.end(f"the database failed: {error}")

    def take(self) -> Work:
        """What was done since the last call."""
        with self._lock:
            done, self._work = self._work, Work()
        return done

    def close(self) -> None:
        """Let the connection go. Call when `work` has returned."""
        self._connection.close()

    def _period(self) -> None:
        level = self._shared.level()
        began_s, busy_before_s = time.monotonic(), self._busy_s
        ends_s = began_s + PERIOD_S
        until_s = busy_before_s + busy_s(level, self._owed_s)
        while (
            self._busy_s < until_s
            and time.monotonic() < ends_s
            and not self._shared.stopped.is_set()
        ):
            self._turn()
        self._shared.stopped.wait(max(ends_s - time.monotonic(), 0.0))
        wall_s = time.monotonic() - began_s
        self._owed_s = owed_s(self._owed_s, level, wall_s, self._busy_s - busy_before_s)

    def _turn(self) -> None:
        # Without rows of its own a client has nothing to ask for.
        if not self._blocks or self._shared.is_write_due():
            block = self._shared.block()
            if self._insert(block, block.rows()):
                self._blocks.append(block)
        for number in range(QUERIES):
            if not self._blocks or self._shared.stopped.is_set():
                return
            asked = self._chance.choice(self._blocks)
            if number % 2:
                self._ask_picture(asked)
            else:
                self._ask_camera(asked)

    def _insert(self, block: Block, rows: list[Row]) -> bool:
        """Whether they are in."""
        began_s = time.monotonic()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            is_in = self._shared.may_write()
            if is_in:
                self._connection.execute(DELETE, (self._shared.oldest_kept(block),))
                self._connection.executemany(INSERT, rows)
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if not _is_busy(error):
                raise
            self._was_busy(began_s)
            return False
        took_s = time.monotonic() - began_s
        with self._lock:
            self._count(took_s)
            if is_in:
                self._work.inserts.add(took_s * 1e6)
                self._work.rows += len(rows)
        return is_in

    def _ask_camera(self, block: Block) -> None:
        camera = self._chance.randrange(CAMERAS)
        asked, expected = block.of_camera(camera)
        self._ask(block, BY_CAMERA, asked, expected)

    def _ask_picture(self, block: Block) -> None:
        expected = row(block.first + self._chance.randrange(block.count))
        self._ask(block, BY_PICTURE, (expected[-1],), [expected])

    def _ask(
        self, block: Block, query: str, asked: tuple[int | bytes, ...], expected: list[Row]
    ) -> None:
        began_s = time.monotonic()
        try:
            answered = self._connection.execute(query, asked).fetchall()
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            self._was_busy(began_s)
            return
        took_s = time.monotonic() - began_s
        bad = wrong(expected, answered)
        # Read after the answer: what was deleted before it is not missed.
        if bad and block.first < self._shared.kept_from:
            bad, expected = 0, []
        with self._lock:
            self._count(took_s)
            self._work.queries.add(took_s * 1e6)
            self._work.bad += bad
            self._work.verified += max(len(expected) - bad, 0)

    def _was_busy(self, began_s: float) -> None:
        with self._lock:
            self._count(time.monotonic() - began_s)
            self._work.busy_errors += 1

    def _count(self, took_s: float) -> None:
        self._work.busy_s += took_s
        self._busy_s += took_s


def reserve_bytes(batch: int) -> int:
    """What a transaction may cost, with the log that is carried over after it."""
    return _RESERVE_BYTES + batch * _ROW_BYTES


def written_bytes() -> int:
    """By this process since it began. Raises OSError where the kernel does not count it."""
    for line in Path("/proc/self/io").read_text().splitlines():
        name, _, number = line.partition(": ")
        if name == "write_bytes":
            return int(number)
    raise OSError("write_bytes is not in /proc/self/io")


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return "locked" in str(error) or "busy" in str(error)
