"""What every form of a report says of limits."""

from __future__ import annotations

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import staged_view
from tui.core.model import RunView
from tui.reports.export import render
from tui.reports.limit_words import scope
from tui.reports.report import report

WORDS = "each stage is judged by itself; these are the figures of 20 users"


def by_stage() -> RunView:
    """A staircase whose second step decided."""
    return msgspec.structs.replace(staged_view(), judged_stage=1)


def test_figures_of_a_stage_are_not_taken_for_those_of_the_run() -> None:
    assert scope(by_stage()) == WORDS
    assert report(by_stage())["load"]["judged_stage"] == 1


def test_figures_of_the_run_need_no_words() -> None:
    assert scope(script.view_of(script.good_run(script.facts()))) == ""


@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_every_form_for_people_says_so(form: str) -> None:
    (text,) = render(form, by_stage(), ()).values()
    assert WORDS[1:] in text
