from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import (
    evil_facts,
    evil_run,
    mixed_run,
    refused,
    staged_view,
    with_unreached_stage,
)
from tui.core.limits import METRICS
from tui.core.model import RunView
from tui.reports.causes import CAUSES
from tui.reports.explain import WIDTH, explain, explain_all, meaning


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


def breaking(after: str = "0s", **load: Any) -> RunView:
    limits = {"p95_ms": {"limit": "< 50", "abort": True, "after": after}}
    usual = {"users": 20, "spawn_rate": 10.0, "duration": "5m"}
    scenario = script.scenario(load=load or usual, thresholds=limits)
    return script.view_of(script.good_run(script.facts(scenario=scenario)))


def test_an_abort_says_when_it_ends_the_run() -> None:
    assert "Breaking it ends the run at once." in words(breaking())
    text = words(breaking("30s"))
    assert "Breaking it ends the run, once 30 s have been measured." in text
    assert "at once" not in text


def test_a_stage_that_breaks_a_limit_ends_the_run_after_it_and_not_at_once() -> None:
    levels = [{"users": 10, "duration": "1m"}, {"users": 20, "duration": "1m"}]
    text = words(breaking(stages=levels, spawn_rate=10.0, judge="stage"))
    assert "The first stage that breaks a threshold ends the run after it." in text
    assert "Breaking it" not in text


def test_many_levels_are_told_by_their_number_and_ends() -> None:
    levels = [{"users": users, "duration": "10s"} for users in (5, 40, 0)] * 20
    text = words(breaking(stages=levels, spawn_rate=10.0))
    assert "There were 40 levels one after the other, the lowest 5 and the highest 40 users" in text
    assert "5, 40" not in text
    few = words(breaking(stages=levels[:3], spawn_rate=10.0))
    assert "The levels were 5, 40, 0 users, one after the other." in few


def test_each_stage_that_came_to_a_figure_is_told() -> None:
    text = explain(with_unreached_stage())
    assert "\n    30     00:04      46.0       100        0  no\n" in text
    assert "50  " not in text
    assert "What each stage measured" not in explain(of(script.good_run))


def test_what_the_instrument_adds_is_told_or_called_unknown() -> None:
    assert "What the instrument itself adds to a latency: not known." in words(of(script.good_run))
    assert "p99 1.2 ms above the truth." in words(staged_view())


def test_the_mix_that_was_sent_stands_beside_the_configured_one() -> None:
    assert "GET /health 75 % (10 %), POST /predict 25 % (60 %)" in words(
        script.view_of(mixed_run())
    )


def test_what_force_overrode_is_told_and_nothing_where_it_overrode_nothing() -> None:
    facts = msgspec.structs.replace(script.facts(), forced=True, overridden="4 GiB of memory")
    assert "started by force, over this: 4 GiB of memory" in words(
        script.view_of(script.good_run(facts))
    )
    calm = msgspec.structs.replace(script.facts(), forced=True)
    assert "force" not in words(script.view_of(script.good_run(calm)))


def test_a_session_is_explained_run_by_run_with_what_did_not_happen() -> None:
    text = " ".join(explain_all([of(script.good_run), refused()]).split())
    assert "1 of 2 runs passed, 1 did not happen. The verdict of all: INCOMPLETE." in text
    assert "- rush: REFUSED, connection refused" in text
    assert text.count("What to do next") == 1


def test_the_note_of_who_started_it_is_told() -> None:
    assert "noted: after the new heat sink." in words(staged_view())


def test_nothing_in_it_moves_a_cursor() -> None:
    text = explain(script.view_of(evil_run(evil_facts())))
    assert not {"\x1b", "\x00", "\u202e"} & set(text)


def test_a_class_that_another_version_named_is_only_counted() -> None:
    view = of(script.failing_run)
    strange = msgspec.structs.replace(view.failures[0], failure_class="cosmic")
    assert "[cosmic]" in explain(msgspec.structs.replace(view, failures=(strange,)))
