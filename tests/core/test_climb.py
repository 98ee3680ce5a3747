from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.lib.workflows import WORKFLOW
from tui.core.climb import MOST_AGE_S, NoResumption, Now, Resumption, resumption, resumption_text
from tui.core.e2e.workflow import Step
from tui.core.model import RunView
from tui.core.outcome import status, with_missing_rungs

CLIMB = "gate-0123abcd"
HOUR_S = 3600.0
RUNGS = tuple(script.scenario(name) for name in ("smoke", "load", "stress"))
NOW = Now(
    campaign="gate",
    rungs=RUNGS,
    device="Jetson Orin Nano",
    version="0.1.0",
    config_sha256="c0ffee",
    at_utc=script.STARTED_AT + HOUR_S,
)
Change = Callable[[RunView], RunView]


def rung(number: int, made: script.RunMaker = script.good_run, **changes: Any) -> RunView:
    """A run of one rung, `number` minutes after the hour."""
    facts = script.facts(
        f"r{number}", scenario=RUNGS[number - 1], started_at=script.STARTED_AT + 60 * number
    )
    about = {"campaign": "gate", "rung": number, "rungs": len(RUNGS), "climb": CLIMB}
    facts = msgspec.structs.replace(facts, **{**about, **changes})
    return script.view_of(made(facts))


def interrupted(number: int, **changes: Any) -> RunView:
    return rung(number, script.cut_short_run, **changes)


def passed(found: Resumption | NoResumption) -> list[str]:
    assert isinstance(found, Resumption), found
    return [view.facts.id for view in found.passed]


def why(found: Resumption | NoResumption) -> str:
    assert isinstance(found, NoResumption), found
    return found.why


def test_what_passed_before_it_was_cut_off_is_not_done_again() -> None:
    found = resumption(NOW, [rung(1), rung(2), interrupted(3)])
    assert passed(found) == ["r1", "r2"]
    assert isinstance(found, Resumption)
    assert found.climb == CLIMB
    assert resumption_text(found, 3) == "2 of 3 runs passed before it was cut off"


def test_a_rung_passed_in_a_second_go_counts() -> None:
    again = rung(2, id="r2b", started_at=script.STARTED_AT + 600)
    assert passed(resumption(NOW, [rung(1), interrupted(2), again])) == ["r1", "r2b"]


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ([], ""),
        ([rung(1), rung(2), rung(3)], ""),
        ([interrupted(1)], "none of its rungs passed"),
        ([rung(1), rung(2, script.failing_run)], "rung 2 of it failed"),
        ([rung(1, version="0.0.9")], "jetproof was updated since"),
        ([rung(1, config_sha256="beef")], "config.toml was changed since"),
        ([rung(1, rungs=4)], "gate was changed since"),
        ([rung(1, scenario=script.scenario("smoke", title="Other"))], "smoke was changed since"),
        ([rung(1, started_at=NOW.at_utc - MOST_AGE_S - 1)], "passed more than 24 h ago"),
        ([rung(1, started_at=NOW.at_utc + 60)], "of the future"),
    ],
)
def test_else_it_is_climbed_anew(kept: Sequence[RunView], text: str) -> None:
    found = why(resumption(NOW, kept))
    assert text in found
    assert bool(text) == bool(found)


def test_a_suite_that_was_to_end_early_and_passed_is_the_same_suite() -> None:
    suite = msgspec.structs.replace(RUNGS[0], workflow=WORKFLOW)
    hasty = msgspec.structs.replace(WORKFLOW, fail_fast=True)
    facts = msgspec.structs.replace(
        rung(1).facts, scenario=msgspec.structs.replace(suite, workflow=hasty)
    )
    now = msgspec.structs.replace(NOW, rungs=(suite, *RUNGS[1:]))
    assert passed(resumption(now, [msgspec.structs.replace(rung(1), facts=facts)])) == ["r1"]


def test_another_board_proves_nothing_of_this_one() -> None:
    other = msgspec.structs.replace(NOW, device="Jetson AGX Orin")
    assert why(resumption(other, [rung(1)])) == "the board was changed since"


def test_steps_that_came_from_the_service_are_no_change_of_the_file() -> None:
    bare = msgspec.structs.replace(WORKFLOW, steps=(), cleanup=(), openapi="/openapi.json")
    told = msgspec.structs.replace(bare, steps=(Step("health", "health"),))
    plain = msgspec.structs.replace(RUNGS[0], workflow=bare, thresholds=(), goals=())
    expanded = msgspec.structs.replace(plain, workflow=told)
    now = msgspec.structs.replace(NOW, rungs=(plain, *RUNGS[1:]))
    facts = msgspec.structs.replace(rung(1).facts, scenario=expanded)
    assert passed(resumption(now, [msgspec.structs.replace(rung(1), facts=facts)])) == ["r1"]


def test_a_climb_that_went_on_is_judged_by_the_second_go() -> None:
    again = rung(2, id="r2b", started_at=script.STARTED_AT + 600)
    last = rung(3, started_at=script.STARTED_AT + 700)
    found = with_missing_rungs([rung(1), interrupted(2), again, last])
    assert [status(each) for each in found] == ["PASS"] * 3


def test_one_that_did_not_go_on_lacks_what_was_interrupted() -> None:
    found = with_missing_rungs([rung(1), interrupted(2)])
    assert [status(each) for each in found] == ["PASS", "INTERRUPTED", "NOT STARTED"]
