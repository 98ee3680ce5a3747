"""The bell rings once at a run's first alert and once at its verdict."""

from __future__ import annotations

import msgspec

from tests.console.fakes import FakeEngine
from tests.console.runs import Script, incident, scenario
from tui.console.bell import Bell
from tui.core.events import Level
from tui.core.model import Snapshot

MINUTE = scenario(minutes=1)


def alerted(engine: FakeEngine, level: Level = "warn") -> Snapshot:
    """The same moment with an incident in the run."""
    snapshot = engine.snapshot()
    assert snapshot.run is not None
    run = msgspec.structs.replace(snapshot.run, incidents=(incident(level=level),))
    return msgspec.structs.replace(snapshot, run=run)


def test_the_first_alert_of_a_run_rings_once(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    bell = Bell(engine.snapshot())
    assert not bell.rings(engine.snapshot())
    assert bell.rings(alerted(engine))
    assert not bell.rings(engine.snapshot())
    assert not bell.rings(alerted(engine))


def test_what_is_expected_rings_nothing(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    assert not Bell(engine.snapshot()).rings(alerted(engine, "info"))


def test_what_was_there_before_the_console_rings_nothing(engine: FakeEngine) -> None:
    engine.play(Script(MINUTE).until(20))
    assert not Bell(alerted(engine)).rings(alerted(engine))


def test_a_verdict_rings_after_an_alert_too(engine: FakeEngine) -> None:
    script = Script(MINUTE)
    engine.play(script.until(60))
    bell = Bell(engine.snapshot())
    assert bell.rings(alerted(engine))
    engine.play(script.ending(60))
    assert bell.rings(engine.snapshot())
    assert not bell.rings(engine.snapshot())
