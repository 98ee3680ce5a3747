"""Runs in a real store, beside the fake engine that plays one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tests.console.fakes import FakeEngine
from tests.console.runs import STARTED_AT, Script, scenario
from tui.console.outside import Outside
from tui.core import events as ev
from tui.store.archive import StoredRuns
from tui.store.database import SqliteStore

FIVE = scenario(minutes=5)
MINUTE = scenario(minutes=1)
SLOW = ev.SlowRequest("POST", "/predict", 4231.0, 33.4)
FAILED = ev.FailureCount("POST", "/predict", "5xx", "503 Service Unavailable", 1, 3, "try later")


def bad_moments(events: Iterable[ev.Event]) -> Iterator[ev.Event]:
    """The same with a slow request in second 33 and three failures in second 41."""
    for event in events:
        if isinstance(event, ev.WindowClosed) and event.second == 33:
            yield msgspec.structs.replace(event, slow=[SLOW])
        elif isinstance(event, ev.WindowClosed) and event.second == 41:
            yield msgspec.structs.replace(event, failures=[FAILED])
        else:
            yield event


def keep(
    state_dir: Path, run_id: str, events: Iterable[ev.Event], engine: FakeEngine | None = None
) -> Outside:
    """Store them, and have the engine play them too if there is one."""
    store = SqliteStore(state_dir, commit_s=3600.0)
    for event in events:
        store.put(run_id, event, STARTED_AT + event.at_s)
        if engine is not None:
            engine.play([event])
    assert store.flush() == ""
    store.close()
    return Outside(archive=StoredRuns(state_dir))


def live(state_dir: Path, engine: FakeEngine, seconds: int = 60) -> Outside:
    """A run of five minutes that goes on, everything of it stored."""
    return keep(state_dir, "run-1", bad_moments(Script(FIVE).until(seconds)), engine)


def ended(state_dir: Path, engine: FakeEngine | None = None, run_id: str = "run-1") -> Outside:
    """A run of a minute that has ended."""
    script = Script(MINUTE, run_id=run_id)
    return keep(state_dir, run_id, bad_moments(script.whole()), engine)
