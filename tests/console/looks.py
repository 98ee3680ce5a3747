"""Runs in every state that a console shows."""

from __future__ import annotations

from collections.abc import Callable

from tests.console.fakes import FakeEngine, pasts
from tests.console.runs import STARTED_AT, Script, incident, orin, scenario

MINUTE = scenario(minutes=1)


def idle() -> FakeEngine:
    """Nothing runs; some runs of earlier days."""
    return FakeEngine(pasts())


def running() -> FakeEngine:
    """Under load, latencies on the rise, some requests failed."""
    rise = Script(
        MINUTE, p50=lambda second: 390.0 + 12 * second, failures=lambda second: second % 9 == 4
    )
    return FakeEngine(pasts()).play(rise.until(40))


def warming() -> FakeEngine:
    """Not judged yet."""
    return FakeEngine(pasts()).play(Script(MINUTE).until(4))


def failed() -> FakeEngine:
    """Too slow in its second half."""
    slow = Script(MINUTE, p50=lambda second: 390.0 if second < 30 else 1900.0)
    return FakeEngine(pasts()).play(slow.whole())


def passed() -> FakeEngine:
    """As it should be."""
    return FakeEngine(pasts()).play(Script(MINUTE).whole())


def invalid() -> FakeEngine:
    """The generator was too slow to be trusted."""
    return FakeEngine(pasts()).play(Script(MINUTE, lag_ms=90.0, generator_cpu=98.0).whole())


def interrupted() -> FakeEngine:
    """Stopped by hand."""
    script = Script(MINUTE)
    return FakeEngine(pasts()).play(
        [*script.until(30), *script.ending(30, "stopped", "stopped by hand")]
    )


def throttled() -> FakeEngine:
    """An Orin under load that holds itself back, with everything a panel can say of it."""
    hot = Script(MINUTE, board=lambda second: orin(second, tj=70 + 0.6 * second, off=2))
    engine = FakeEngine(pasts()).play(hot.until(40))
    engine.told = {
        "is_throttled": True,
        "incidents": (
            incident("thermal", level="fail", text="thermal throttling", detail="tj 94.2 °C"),
            incident(began_s=STARTED_AT + 20),
            incident("source.jtop", kind="source", text="jtop lost", detail=""),
        ),
        "lost": {"jtop": "the service was killed: sudo systemctl restart jtop"},
    }
    return engine


STATES: dict[str, Callable[[], FakeEngine]] = {
    state.__name__: state
    for state in (idle, warming, running, throttled, failed, passed, invalid, interrupted)
}
