from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import STRESSED, stress_events, stress_facts, stress_view
from tui.core.model import RunView
from tui.core.stress.view import BurnerView, HealthView
from tui.progress import progress_line, stretch_of

BURNING = msgspec.structs.replace(
    STRESSED,
    part="stress",
    left_s=24.0,
    burners=(BurnerView("cpu", "", asked=0.5, reached=0.48),),
    health=HealthView(4, 4, ms=12.0),
)


def going(stress: Any = BURNING, *, is_loaded: bool = False) -> RunView:
    view = script.view_of(stress_events(stress_facts(is_loaded=is_loaded))[:-1])
    return msgspec.structs.replace(view, stress=stress, phase="measuring", elapsed_s=42.0)


def test_a_stress_that_goes_on_is_told_in_a_line() -> None:
    line = progress_line(going())
    assert line.startswith("00:42  stress 2/2 100 %, 00:24 left  cpu 48 %  tj 60 °C  health 12 ms")
    assert "rps" not in line


@pytest.mark.parametrize(
    ("part", "words"), [("before", "before, 00:24 left"), ("after", "after, at most 00:24 left")]
)
def test_the_other_parts_are_told_by_their_names(part: Any, words: str) -> None:
    assert words in progress_line(going(msgspec.structs.replace(BURNING, part=part)))


def test_the_load_beside_a_stress_is_told_too() -> None:
    assert " rps  p95 " in progress_line(going(is_loaded=True))


@pytest.mark.parametrize(("since_s", "words"), [(10.0, "no answer"), (None, "health 12 ms")])
def test_an_answer_from_before_an_outage_is_not_told_as_news(
    since_s: float | None, words: str
) -> None:
    health = HealthView(9, 5, ms=12.0, outages=((10.0, 41.5),), gone_since_s=since_s)
    assert words in progress_line(going(msgspec.structs.replace(BURNING, health=health)))


def test_a_line_is_due_when_a_part_begins() -> None:
    before = msgspec.structs.replace(BURNING, part="before")
    assert stretch_of(going(before)) != stretch_of(going())


def test_a_stress_without_a_part_yet_says_nothing_of_users() -> None:
    assert "users" not in progress_line(going(msgspec.structs.replace(BURNING, part=None)))


def test_a_run_that_is_over_has_no_part() -> None:
    assert stretch_of(stress_view()).endswith("None")


def test_what_burnt_before_is_not_told_afterwards() -> None:
    assert "cpu 48 %" not in progress_line(going(msgspec.structs.replace(BURNING, part="after")))
