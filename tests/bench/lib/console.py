"""The console in a terminal, driven by keys as a user would."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing

from tests.bench.lib.process import engine_of
from tests.bench.lib.terminal import Terminal
from tests.bench.lib.workplace import TARGET, Workplace
from tui.store.paths import DATABASE

WORD = "jetproof"
"""What the first painted row begins with."""
ANSWERS = {"▌cancel    run it": "\x1b[C", "▌run it": "\r"}
"""Keys for the question before a stress that competes with the service, by where its cursor is."""
SETTLE_S = 1.5
"""Locust is imported right after the first paint."""


def console_command(place: Workplace, target: str = TARGET) -> list[str]:
    """What starts the console."""
    return [sys.executable, "-m", "tui", *place.options, "--target", target]


class Console:
    """Open until `close`. Use it as a context."""

    def __init__(
        self, place: Workplace, *, columns: int = 120, rows: int = 36, target: str = TARGET
    ) -> None:
        self._place = place
        self.terminal = Terminal(
            console_command(place, target),
            columns=columns,
            rows=rows,
            env=place.env,
            cwd=str(place.root),
        )
        try:
            painted_s = self.terminal.await_text(WORD)
        except BaseException:
            self.terminal.close()
            raise
        self.first_paint_s = painted_s - self.terminal.started_s
        time.sleep(SETTLE_S)
        self.engine_pid = engine_of(self.terminal.pid)

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, scenario_id: str) -> None:
        """Find the scenario and press enter; returns when the run has begun."""
        self.terminal.send("/")
        time.sleep(0.1)
        self.terminal.send(scenario_id)
        time.sleep(0.2)
        self.terminal.send("\r")
        time.sleep(0.1)
        known = {run_id for run_id, _ in self._runs()}
        self.terminal.send("\r")
        ends_s = time.monotonic() + 60
        while {run_id for run_id, _ in self._runs()} <= known:
            self._answer()
            if time.monotonic() > ends_s or self.terminal.has_ended:
                raise RuntimeError(f"no run began:\n{self.terminal.screen.text()}")
            time.sleep(0.1)

    def await_end(self, timeout_s: float) -> None:
        """Until the newest run has its verdict."""
        ends_s = time.monotonic() + timeout_s
        while self._runs()[0][1] is None:
            if time.monotonic() > ends_s or self.terminal.has_ended:
                raise RuntimeError(f"the run did not end:\n{self.terminal.screen.text()}")
            time.sleep(0.5)

    def close(self) -> None:
        """Quit by its own key."""
        if not self.terminal.has_ended:
            self.terminal.send("q")
            self.terminal.wait(5.0)
        self.terminal.close()

    def _answer(self) -> None:
        shown = self.terminal.screen.text()
        for marks, key in ANSWERS.items():
            if marks in shown:
                self.terminal.send(key)
                time.sleep(0.3)

    def _runs(self) -> list[tuple[str, str | None]]:
        # Read only: a bench must not do what a second jetproof would, and close cut-off runs.
        with closing(
            sqlite3.connect(f"file:{self._place.state / DATABASE}?mode=ro", uri=True)
        ) as db:
            rows = db.execute("SELECT id, verdict FROM runs ORDER BY started_at DESC").fetchall()
        return [(str(row[0]), row[1]) for row in rows]
