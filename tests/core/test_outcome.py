from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import not_started, refused
from tui.core.model import RunView
from tui.core.outcome import Outcome, exit_code, overall, status, with_missing_rungs

GOOD = script.view_of(script.good_run(script.facts()))
BAD = script.view_of(script.failing_run(script.facts()))
RUNNING = script.view_of(script.beginning(script.facts()))
STOPPED = msgspec.structs.replace(refused(), status="INTERRUPTED")


@pytest.mark.parametrize(
    ("outcomes", "verdict", "code"),
    [
        ([GOOD, GOOD], "PASS", 0),
        ([GOOD, BAD], "FAIL", 1),
        ([GOOD, refused()], "INCOMPLETE", 3),
        ([refused(), not_started()], "INCOMPLETE", 3),
        ([GOOD, not_started()], "INCOMPLETE", 1),
        ([BAD, refused()], "FAIL", 1),
        ([GOOD, STOPPED], "INTERRUPTED", 130),
        ([STOPPED], "INTERRUPTED", 130),
        ([BAD, STOPPED], "INTERRUPTED", 130),
        ([GOOD, RUNNING], None, 0),
    ],
)
def test_a_pass_needs_every_run_that_was_asked_for(
    outcomes: Sequence[Outcome], verdict: str | None, code: int
) -> None:
    assert (overall(outcomes), exit_code(outcomes)) == (verdict, code)


def rung(number: int, rungs: int = 3, campaign: str = "ladder") -> RunView:
    facts = msgspec.structs.replace(GOOD.facts, campaign=campaign, rung=number, rungs=rungs)
    return msgspec.structs.replace(GOOD, facts=facts)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ([rung(1), rung(2), rung(3)], ["PASS"] * 3),
        ([rung(1)], ["PASS", "NOT STARTED", "NOT STARTED"]),
        ([rung(1), rung(2), GOOD], ["PASS", "PASS", "NOT STARTED", "PASS"]),
        (
            [rung(1), rung(1), rung(2)],
            ["PASS", *["NOT STARTED"] * 2, "PASS", "PASS", "NOT STARTED"],
        ),
        ([rung(2, 2, "other"), rung(3)], ["PASS", "PASS"]),
        ([], []),
    ],
)
def test_the_rungs_that_a_climb_lacks_stand_behind_it(
    kept: Sequence[RunView], words: Sequence[str]
) -> None:
    assert [status(each) for each in with_missing_rungs(kept)] == words
