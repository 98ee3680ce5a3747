"""What the processes of a burner say, taken together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lib.eventually import eventually
from tui.child.spawn import Child
from tui.stress import crew
from tui.stress.merged import merged

PROGRAM = "tests.lib.child_program"


@pytest.mark.parametrize(
    ("told", "is_early"),
    [
        ({"ended_by": "the budget is used up"}, True),
        ({"ended_by": ""}, False),
        ({"ended_by": "", "is_complete": True}, False),
        ({"ended_by": "", "is_complete": False}, True),
    ],
)
def test_an_end_is_early_when_something_was_left_to_do(
    told: dict[str, Any], is_early: bool
) -> None:
    heard = crew.Crew("exhaust", 1.0, lambda limit: None)
    take = heard.hear(0)
    take({"done": True, "verified": 1, "bad": 0, **told})
    take(None)
    assert heard.end().is_early == is_early


@pytest.mark.parametrize(
    "line", [{"found": {"reached": "x"}}, {"limits": [7]}, {"asked": 1.0}, {"found": None}]
)
def test_a_line_that_makes_no_sense_ends_no_reader(line: dict[str, Any]) -> None:
    heard = crew.Crew("cpu", 1.0, lambda limit: None)
    take = heard.hear(0)
    take(line)
    assert heard.second() is None
    take(None)
    assert heard.is_over


def crew_of(**spec: float) -> tuple[crew.Crew, Child]:
    """A burner of one process, which tells nothing that a burner tells."""
    heard = crew.Crew("cpu", 1.0, lambda limit: None)
    child = Child("burner", PROGRAM, spec=spec, on_line=heard.hear(0))
    heard.add(0, child)
    return heard, child


def test_one_that_was_just_going_when_it_was_told_to_end_went_by_itself() -> None:
    heard, child = crew_of(heartbeat_s=0.3)
    heard.stop()
    eventually(lambda: heard.is_over, "it still runs")
    child.end()
    end = heard.end()
    assert (end.ended_by, end.is_early) == ("it heard nothing of the engine for too long", True)


def test_one_that_was_killed_did_not_go_by_itself() -> None:
    heard, child = crew_of()
    heard.kill()
    eventually(lambda: heard.is_over, "it still runs")
    child.end()
    end = heard.end()
    assert (end.ended_by, end.is_early) == ("", False)


def report(**more: Any) -> dict[str, Any]:
    usual = {"asked": 0.5, "reached": 0.4, "unit": "share", "verified": 3, "bad": 1}
    return {**usual, **more}


def test_processes_are_merged_into_one_second() -> None:
    one = report(rounds_per_s=10.0, nice=19, state="grows", at_s=5.0)
    two = report(reached=0.2, rounds_per_s=30.0, nice=19, state="grows", bad=0)
    second = merged("cpu", [one, two])
    assert second.reached == pytest.approx(0.3)
    assert (second.asked, second.verified, second.bad) == (0.5, 6, 1)
    assert second.figures == {"rounds_per_s": 40.0, "nice": 19.0, "state": "grows"}
    assert merged("cpu", [one, two], silent=1).figures["silent"] == 1.0
    assert merged("cpu", [one, two], 1).reached == pytest.approx(0.2)
