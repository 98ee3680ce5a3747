"""What every form of a report says of limits."""

from __future__ import annotations

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import staged_view, stress_facts, stress_view
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


LOADED = {"thresholds": {"recovery_s": "< 60", "error_rate": "< 0.05"}}


def test_requests_judged_under_stress_are_not_taken_for_those_of_the_run() -> None:
    view = stress_view(is_loaded=True, facts=stress_facts(is_loaded=True, **LOADED))
    assert scope(view).startswith("requests are judged under stress alone")
    for form in ("html", "md", "txt"):
        (text,) = render(form, view, ()).values()
        assert "equests are judged under stress alone" in " ".join(text.split())


@pytest.mark.parametrize("is_loaded", [False, True])
def test_a_stress_without_limits_of_requests_needs_no_words(is_loaded: bool) -> None:
    assert scope(stress_view(is_loaded=is_loaded)) == ""


@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_every_form_for_people_says_so(form: str) -> None:
    (text,) = render(form, by_stage(), ()).values()
    assert WORDS[1:] in text
