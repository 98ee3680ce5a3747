"""What the log says, and what is known of earlier runs."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from tests.core import script
from tui.core import events as ev
from tui.core.model import LogEntry
from tui.core.scenario import parse_scenario
from tui.core.session import MAX_FAILING, Session
from tui.core.tally import MEASURED

FACTS = script.facts()


def sitting(*events: ev.Event) -> Session:
    """A sitting in which a run measures, and what happens then."""
    session = Session("board", "demo")
    for event in [*script.beginning(FACTS), *events]:
        session.apply(event, script.STARTED_AT + event.at_s)
    return session


def log(session: Session) -> list[LogEntry]:
    """What was said after the run began to measure."""
    entries = list(session.snapshot(60.0, script.STARTED_AT + 60.0).log)
    texts = [entry.text for entry in entries]
    return entries[texts.index("warm-up done, measuring") + 1 :]


def texts(session: Session) -> list[str]:
    return [entry.text for entry in log(session)]


def failing(second: int, *counts: int, error: str = "HTTP 503") -> ev.WindowClosed:
    """A second in which each endpoint failed so often."""
    failures = [
        ev.FailureCount("GET", f"/{name}", "5xx", error, MEASURED, count)
        for name, count in enumerate(counts)
    ]
    return script.window(second, failures=failures)


def raised(at_s: float, error: str = "KeyError", times: int = 1) -> ev.UserCodeFailed:
    return ev.UserCodeFailed(at_s=at_s, error=error, times=times)


def test_a_failure_that_repeats_is_one_line_that_counts_and_keeps_its_time() -> None:
    session = sitting(failing(3, 2), failing(4, 3), failing(5, 1000))
    (entry,) = log(session)
    assert (entry.level, entry.text) == ("fail", "/0 HTTP 503, 1 005 times")
    assert entry.run_s == 5.0


def test_a_failure_that_came_once_is_not_counted() -> None:
    assert texts(sitting(failing(3, 1))) == ["/0 HTTP 503"]


def test_each_kind_of_failure_has_its_own_line() -> None:
    session = sitting(failing(3, 2, 1), failing(4, 1, 1), failing(5, 1, error="HTTP 500"))
    assert texts(session) == ["/0 HTTP 503, 3 times", "/1 HTTP 503, 2 times", "/0 HTTP 500"]


def test_user_code_that_raises_again_and_again_is_one_line() -> None:
    session = sitting(raised(4.0, times=7), failing(3, 1), raised(5.0), raised(5.0, "ValueError"))
    assert texts(session) == [
        "task raised: KeyError, 8 times",
        "/0 HTTP 503",
        "task raised: ValueError",
    ]
    assert log(session)[0].level == "warn"


def test_after_other_news_a_failure_has_a_line_again() -> None:
    news = ev.UsersRequested(at_s=6.0, users=9)
    session = sitting(failing(3, 4), raised(5.5), news, failing(4, 1), raised(7.0))
    assert texts(session) == [
        "/0 HTTP 503, 4 times",
        "task raised: KeyError",
        "users changed to 9",
        "/0 HTTP 503",
        "task raised: KeyError",
    ]


@pytest.mark.parametrize("rounds", [1, 3])
def test_no_more_kinds_than_twenty_stand_side_by_side(rounds: int) -> None:
    session = sitting(*[failing(3 + number, *[2] * 50) for number in range(rounds)])
    assert len(log(session)) == MAX_FAILING == 20
    assert texts(session)[0] == f"/0 HTTP 503, {2 * rounds} times"


def test_an_ended_run_is_remembered_by_its_scenario_and_its_target() -> None:
    session = Session("board", "demo")
    before = session.snapshot(0.0, 0.0)
    demo = script.run("r1")
    local = script.run("r2", script.failing_run, target=script.LOCAL)
    for run in (demo, local):
        for event in run.events:
            session.apply(event, script.STARTED_AT + event.at_s)
    past = session.snapshot(0.0, 0.0).past
    assert {key: one.run_id for key, one in past.items()} == {
        ("standard", "demo"): "r1",
        ("standard", "local"): "r2",
    }
    assert past["standard", "demo"].verdict == "PASS"
    assert before.past == {}


def test_a_run_that_put_no_load_on_anything_is_remembered_without_a_rate() -> None:
    stress = {"duration": "10s", "cpu": {}}
    table = {"kind": "stress", "title": "CPU", "stress": stress}
    scenario = parse_scenario(PurePath("stress-cpu.toml"), table, {})
    facts = script.facts(scenario=scenario)
    session = Session("board", "demo")
    events: list[ev.Event] = [
        ev.RunStarted(at_s=0.0, facts=facts),
        ev.WorkBegan(at_s=1.0),
        ev.PhaseEntered(at_s=1.0, phase="measuring"),
        ev.RunEnded(at_s=12.0, reason="completed"),
    ]
    for event in events:
        session.apply(event, script.STARTED_AT + event.at_s)
    (past,) = session.snapshot(0.0, 0.0).past.values()
    assert (past.scenario, past.rps) == ("stress-cpu", None)
