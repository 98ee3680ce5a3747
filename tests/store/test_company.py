"""Several processes, and several parts of one, at the same database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.core import script
from tui.core.events import LoadReported
from tui.store.database import SqliteStore
from tui.store.history import History
from tui.store.paths import DATABASE

PASSER_BY = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM events").fetchone()[0])
print(connection.execute("PRAGMA integrity_check").fetchone()[0])
connection.close()
"""


def passes_by(state_dir: Path) -> list[str]:
    """What another process finds, which then leaves as the last one may."""
    command = [sys.executable, "-c", PASSER_BY, str(state_dir / DATABASE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_reader_in_the_same_process_costs_the_writer_nothing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    whole = script.good_run(script.facts())
    events = [event for event in whole if not isinstance(event, LoadReported)]
    for number, event in enumerate(events, start=1):
        store.put("r1", event, script.STARTED_AT)
        assert store.flush() == ""
        History(tmp_path).runs()
        # Were the writer's locks gone, this one would take the log away from under it.
        assert passes_by(tmp_path) == [str(number), "ok"]
    store.close()
    assert len(tuple(History(tmp_path).events("r1"))) == len(events)
