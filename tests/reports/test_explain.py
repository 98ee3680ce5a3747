from __future__ import annotations

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import evil_facts, evil_run, staged_view
from tui.core.limits import METRICS
from tui.core.model import RunView
from tui.reports.causes import CAUSES
from tui.reports.explain import WIDTH, explain, meaning


def words(view: RunView) -> str:
    return " ".join(explain(view).split())


def of(make: script.RunMaker) -> RunView:
    return script.view_of(make(script.facts()))


def test_a_pass_says_what_it_did_against_what_and_under_which_limits() -> None:
    text = words(of(script.good_run))
    assert "It put 20 users for 5 min on demo (embedded demo)" in text
    assert "p95 < 2 000 ms (95 of 100 requests are answered within this time" in text
    assert "It was 100 ms, margin 95 %: PASS." in text
    assert "PASS: every threshold held, and the measurement can be trusted." in text


def test_a_failure_says_what_usually_lies_behind_it_and_what_to_do() -> None:
    text = words(of(script.failing_run))
    assert "50 × POST /predict: HTTP 503 [5xx], 00:02 to 00:11" in text
    assert "GPU or main memory ran out" in text
    assert "What to do next" in text
    assert "read the service's log at the first failure" in text


def test_an_invalid_run_says_that_nothing_is_said_of_the_service() -> None:
    text = words(of(script.invalid_run))
    assert "INVALID: the measurement itself can't be trusted" in text
    assert "free a core for the generator" in text


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_has_a_meaning(metric: str) -> None:
    assert meaning(metric)


def test_every_class_of_failure_has_its_causes() -> None:
    assert all(cause.causes and cause.look for cause in CAUSES.values())


@pytest.mark.parametrize(
    "make",
    [
        script.good_run,
        script.failing_run,
        script.invalid_run,
        script.cut_short_run,
        script.empty_run,
        script.unsent_run,
        script.beginning,
        lambda facts: script.beginning(facts)[:1],
    ],
)
def test_no_line_is_wider_than_a_terminal(make: script.RunMaker) -> None:
    assert max(len(line) for line in explain(of(make)).splitlines()) <= WIDTH


def test_the_note_of_who_started_it_is_told() -> None:
    assert "noted: after the new heat sink." in words(staged_view())


def test_nothing_in_it_moves_a_cursor() -> None:
    text = explain(script.view_of(evil_run(evil_facts())))
    assert not {"\x1b", "\x00", "\u202e"} & set(text)


def test_a_class_that_another_version_named_is_only_counted() -> None:
    view = of(script.failing_run)
    strange = msgspec.structs.replace(view.failures[0], failure_class="cosmic")
    assert "[cosmic]" in explain(msgspec.structs.replace(view, failures=(strange,)))
