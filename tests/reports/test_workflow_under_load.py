"""A workflow under load in every form of a report, and in its line of progress."""

from __future__ import annotations

import re

import pytest

from tests.core import script
from tests.lib import under_load, workflows
from tests.reports.reading import validate
from tui.core import events as ev
from tui.core.model import RunView
from tui.progress import progress_line
from tui.reports.explain import explain
from tui.reports.export import render
from tui.reports.report import report
from tui.reports.summary import summary

EVENTS = under_load.whole()


def view_of(events: list[ev.Event]) -> RunView:
    return script.view_of(events)


def judged(events: list[ev.Event]) -> tuple[str, str]:
    judgement = view_of(events).judgement
    assert judgement is not None
    return judgement.verdict, judgement.reason


class TestTheVerdict:
    def test_is_of_both(self) -> None:
        said = "3 rounds of 5 steps complete, 3 hashes right under 160 requests, within all limits"
        assert judged(under_load.whole()) == ("PASS", said)

    def test_fails_by_a_step(self) -> None:
        verdict, reason = judged(under_load.whole(failed="store"))
        assert (verdict, reason.split(":")[0]) == ("FAIL", "store failed in round 2")

    def test_fails_by_the_requests(self) -> None:
        verdict, reason = judged(under_load.whole(*[3000.0] * 20))
        assert (verdict, reason[:9]) == ("FAIL", "p95 3 000")

    def test_a_late_generator_proves_nothing_of_either(self) -> None:
        verdict, reason = judged(under_load.whole(failed="store", lag_ms=400.0))
        assert (verdict, reason[:14]) == ("INVALID", "generator late")

    def test_limits_stand_in_the_order_of_the_file(self) -> None:
        view = view_of(under_load.whole())
        assert [state.limit for state in view.thresholds] == list(under_load.LIMITS)
        assert [state.passed for state in view.thresholds] == [True, True, True]


class TestTheForms:
    def test_the_summary_has_the_requests_and_the_steps(self) -> None:
        told = summary(view_of(under_load.whole()))
        for said in ("Total requests: 160", "P95: 0.1", "rounds: 3 of 3 complete", "retrieve"):
            assert said in told

    def test_json_has_both(self) -> None:
        data = report(view_of(under_load.whole()))
        validate(data)
        assert data["load"]["total"]["requests"] == 160
        assert data["load"]["goes_on"] is True
        assert [step["name"] for step in data["steps"]] == list(workflows.WORKFLOW.names)

    @pytest.mark.parametrize("form", ["html", "md", "junit"])
    def test_the_others_too(self, form: str) -> None:
        (text,) = render(form, view_of(EVENTS), EVENTS).values()
        assert "/predict" in text
        assert "retrieve" in text
        assert re.search(r"p95(_ms|</|\W)", text)

    def test_tables_are_of_both(self) -> None:
        ends = set(render("csv", view_of(EVENTS), EVENTS))
        wanted = {"_stats.csv", "_stats_history.csv", "_failures.csv", "_steps.csv"}
        assert wanted <= ends

    def test_explained_the_users_stand_beside_the_rounds(self) -> None:
        told = " ".join(explain(view_of(EVENTS)).split())
        assert "Beside the rounds it put 20 users on the service." in told
        assert "After 2 s of warm-up" in told


class TestTheLineOfProgress:
    def test_tells_the_round_and_the_users(self) -> None:
        line = progress_line(view_of(under_load.going()))
        assert re.search(r"round 2 of 3  store…  1 complete  \d+ users  .* rps  p95 .* ms", line)

    def test_tells_the_users_before_the_first_round(self) -> None:
        line = progress_line(view_of(script.beginning(under_load.facts())[:5]))
        assert re.match(r"00:00  warm-up  0 users  ", line), line
