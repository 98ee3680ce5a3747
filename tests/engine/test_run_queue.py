"""Runs that wait: for the one before, for a cooler board, or no longer."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.core import script
from tui.core.events import Reading
from tui.engine.run_queue import RunQueue
from tui.ports import RunRequest, as_rungs

COOL = {"hottest_c": Reading(40.0, "replay"), "load_1m": Reading(0.2, "replay")}
HOT = {"hottest_c": Reading(60.0, "replay"), "load_1m": Reading(0.2, "replay")}
BUSY = {"hottest_c": Reading(40.0, "replay"), "load_1m": Reading(3.0, "replay")}
BLIND = {"hottest_c": Reading(None, "replay", "no sensor here")}


def request(name: str, **options: Any) -> RunRequest:
    return RunRequest(script.scenario(name), script.DEMO, 1, **options)


def after_a_run(*waiting: RunRequest, make: script.RunMaker = script.good_run) -> RunQueue:
    """A run of a cool board has just ended, at the moment 100."""
    queue = RunQueue()
    for each in waiting:
        queue.add(each)
    queue.started(request("before"), COOL)
    queue.ended(script.view_of(make(script.facts())), 100.0)
    return queue


def test_the_first_is_first() -> None:
    queue = after_a_run(request("one"), request("two"))
    assert queue.ids() == ("one", "two")
    first = queue.take(100.0, COOL)
    assert first is not None
    assert first.scenario.id == "one"


def test_a_hot_board_keeps_the_next_run_waiting() -> None:
    queue = after_a_run(request("next", cool_down=True))
    assert queue.take(101.0, HOT) is None
    cooling = queue.cooling
    assert cooling is not None
    assert (cooling.next, cooling.temperature_c, cooling.wanted_c) == ("next", 60.0, 45.0)
    assert cooling.left_s == 299.0
    assert queue.take(102.0, COOL) is not None
    assert queue.cooling is None


def test_a_busy_board_keeps_it_waiting_too() -> None:
    queue = after_a_run(request("next", cool_down=True))
    assert queue.take(101.0, BUSY) is None


def test_nobody_waits_longer_than_the_scenario_says() -> None:
    queue = after_a_run(request("next", cool_down=True))
    assert queue.take(100.0 + 299.0, HOT) is None
    assert queue.take(100.0 + 300.0, HOT) is not None


def test_whoever_does_not_want_to_wait_does_not() -> None:
    queue = after_a_run(request("next", cool_down=True))
    assert queue.take(101.0, HOT) is None
    queue.skip_cool_down()
    assert queue.take(101.5, HOT) is not None


def test_a_row_of_runs_cools_down_to_where_its_first_began() -> None:
    queue = after_a_run(request("second", cool_down=True), request("third", cool_down=True))
    second = queue.take(400.0, HOT)
    assert second is not None
    queue.started(second, HOT)
    queue.ended(script.view_of(script.good_run(script.facts())), 500.0)
    assert queue.take(501.0, HOT) is None
    assert queue.cooling is not None
    assert queue.cooling.wanted_c == 45.0


def test_a_run_that_was_asked_for_alone_starts_at_once() -> None:
    assert after_a_run(request("next")).take(101.0, HOT) is not None


def test_a_board_that_tells_nothing_keeps_nobody_waiting() -> None:
    assert after_a_run(request("next", cool_down=True)).take(101.0, BLIND) is not None


def test_the_first_rung_that_does_not_pass_ends_its_campaign_alone() -> None:
    rungs = as_rungs("ladder", [request("one"), request("two"), request("three")])
    queue = RunQueue()
    for each in (*rungs[1:], request("other")):
        queue.add(each)
    facts = script.facts()
    facts = msgspec.structs.replace(facts, campaign="ladder", rung=1, rungs=3)
    said = queue.ended(script.view_of(script.failing_run(facts)), 100.0)
    assert said == "ladder ended at rung 1 of 3: FAIL"
    assert queue.ids() == ("other",)


def test_a_rung_that_passes_leads_to_the_next() -> None:
    rungs = as_rungs("ladder", [request("one"), request("two")])
    assert [(each.rung, each.rungs, each.cool_down) for each in rungs] == [
        (1, 2, False),
        (2, 2, True),
    ]
    queue = after_a_run(rungs[1])
    assert queue.ids() == ("two",)
