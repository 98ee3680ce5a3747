"""A smoke suite, batches and what is left out, in every form of a report."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.core import script
from tests.lib import workflows
from tests.lib.workflows import EXCHANGE, SECRETLESS, SUITE, WHY
from tests.reports.forms import cases, flat, flow, rows, view_of, whole
from tests.reports.reading import SCHEMA, validate
from tui.core import events as ev
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Step, Workflow
from tui.core.limits import Limit
from tui.progress import ended_lines
from tui.reports.e2e_text import items_lines, workflow_blocks
from tui.reports.explain import explain
from tui.reports.export import EVERY_CSV_END, render
from tui.reports.findings import findings, recommendations
from tui.reports.report import report
from tui.reports.suite_words import coverage_words, groups_of
from tui.reports.summary import plain, summary

MANY = {"items": 20, "items_failed": 1, "requests": 20, "ms": 1800.0, "request_ms": 1790.0}
NOTE = "valid for 80 days"
GOOD = workflows.suite("ppppppppp", certified={"note": NOTE}, many=MANY)
BAD = workflows.suite(
    "pppppfopp",
    certified={"note": NOTE},
    retrieve={"exchange": EXCHANGE, "wanted": "c0ffee", "got": "beef"},
    many=MANY,
)
SKIPPED = workflows.suite("ppppfsopp")
GOING = [*workflows.beginning(workflows.facts(scenario=workflows.suite_scenario()))]
GOING += workflows.told_round("pppp", {})
FORMS = ("txt", "md", "html", "json", "csv", "junit", "explain")
IN_WORDS = ("txt", "md", "html", "explain")


class TestEveryForm:
    @pytest.mark.parametrize("form", FORMS)
    def test_names_every_test_with_its_title(self, form: str) -> None:
        said = whole(form, BAD)
        for test in SUITE.tests:
            assert test.id in said
            assert test.title in said

    @pytest.mark.parametrize("form", FORMS)
    def test_has_why_a_test_failed_and_what_came(self, form: str) -> None:
        said = flat(form, BAD)
        for words in (f"retrieve: {WHY}", "c0ffee", "beef", "/images?name=r1-2.jpg", "r1-1"):
            assert words in said

    @pytest.mark.parametrize("form", FORMS)
    def test_says_why_a_test_is_none_of_this_targets(self, form: str) -> None:
        assert SECRETLESS in flat(form, BAD)

    @pytest.mark.parametrize("form", FORMS)
    def test_has_what_a_step_found(self, form: str) -> None:
        assert NOTE in flat(form, GOOD)

    @pytest.mark.parametrize("form", IN_WORDS)
    def test_in_words_counts_tests_not_rounds(self, form: str) -> None:
        assert "6/6" in flat(form, GOOD)
        assert "4/5 passed, 1 failed, 1 n/a" in flat(form, BAD)
        assert "3/5 passed, 1 failed, 1 skipped, 1 n/a" in flat(form, SKIPPED)
        assert "of 1 complete" not in flat(form, BAD)

    @pytest.mark.parametrize("form", IN_WORDS)
    def test_in_words_has_each_group_with_its_share(self, form: str) -> None:
        said = flat(form, BAD)
        for head in ("health 1/1", "journeys 2/3 passed, 1 failed", "security 1 n/a"):
            assert head in said

    @pytest.mark.parametrize("form", ["md", "html", "explain", "junit"])
    def test_that_has_room_has_the_steps_beneath(self, form: str) -> None:
        said = flat(form, GOOD)
        for step in SUITE.steps:
            assert step.name in said
        assert "POST /predict" in said

    @pytest.mark.parametrize("form", FORMS)
    def test_counts_items(self, form: str) -> None:
        assert "20" in flat(form, GOOD)
        assert "11.1" in flat(form, GOOD)

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("events", [GOING, GOING[:2]])
    def test_is_there_while_the_suite_goes_on(self, form: str, events: list[ev.Event]) -> None:
        assert "SMK-06" in whole(form, events)

    @pytest.mark.parametrize("form", ["html", "md", "junit", "txt", "csv"])
    def test_lets_nothing_act_that_a_service_says(self, form: str) -> None:
        evil = '<script>alert(1)</script>\x1b[2J"=1'
        events = workflows.suite("pfppppopp", certified={"why": evil}, many={"note": evil})
        said = whole(form, events)
        assert "\x1b" not in said
        assert "<script>alert(1)" not in said or form in ("txt", "csv")
        if form == "csv":
            row = next(row for row in rows(events, "_tests.csv") if row["test"] == "SMK-01")
            assert row["why"].startswith("certified: ")


def test_tests_of_a_workflow_are_no_critical_paths() -> None:
    """Those of a smoke suite are."""
    scenario = workflows.scenario(SUITE, limits=())
    events = [ev.RunStarted(facts=workflows.facts(scenario=scenario)), *GOOD[1:]]
    for form in IN_WORDS:
        assert "critical paths" not in flat(form, events).lower()
        assert "critical paths" in flat(form, GOOD).lower()
        assert "6/6" in flat(form, events)


@pytest.mark.parametrize("form", IN_WORDS)
def test_tests_of_several_rounds_are_told_step_by_step(form: str) -> None:
    several = msgspec.structs.replace(SUITE, rounds=2)
    facts = workflows.facts(scenario=workflows.suite_scenario(several))
    said = flat(form, [ev.RunStarted(facts=facts), *BAD[1:]])
    assert "0 of 2 complete, 1 failed, 1 not begun" in said
    assert "4/6" not in said


class TestTheText:
    @pytest.mark.parametrize("events", [GOOD, BAD, SKIPPED])
    def test_fits_eighty_columns(self, events: list[ev.Event]) -> None:
        lines = [line for block in workflow_blocks(view_of(events)) for line in block]
        assert max(map(len, lines)) <= 80
        assert max(map(len, explain(view_of(events)).splitlines())) <= 80

    def test_fits_eighty_columns_with_long_titles(self) -> None:
        long = tuple(
            msgspec.structs.replace(test, title="a title " * 20) for test in flow(BAD).tests
        )
        workflow = msgspec.structs.replace(flow(BAD), tests=long)
        view = msgspec.structs.replace(view_of(BAD), workflow=workflow)
        assert max(len(line) for block in workflow_blocks(view) for line in block) <= 80

    def test_can_do_without_its_signs(self) -> None:
        assert plain(summary(view_of(BAD))).isascii()

    def test_says_once_why_a_test_failed_above_its_request(self) -> None:
        tests = next(block for block in workflow_blocks(view_of(BAD)) if block[0] == "Tests:")
        assert sum(WHY in line for line in tests) == 1

    def test_has_the_groups_in_the_order_of_the_suite(self) -> None:
        names = [group.head.split()[0] for group in groups_of(flow(GOOD))]
        assert names == ["health", "journeys", "security", "performance"]
        assert coverage_words(flow(GOOD)) == "6/6"


class TestTheJson:
    @pytest.mark.parametrize("events", [GOOD, BAD, SKIPPED, GOING, GOING[:2]])
    def test_is_by_the_schema(self, events: list[ev.Event]) -> None:
        validate(report(view_of(events)))

    def test_has_each_test_and_every_key_that_the_schema_knows(self) -> None:
        data = report(view_of(BAD))
        assert set(data["tests"][0]) == set(SCHEMA["$defs"]["test"]["properties"])
        assert [test["id"] for test in data["tests"]] == [test.id for test in SUITE.tests]
        failed = data["tests"][3]
        assert (failed["state"], failed["group"]) == ("failed", "journeys")
        assert failed["why"] == f"retrieve: {WHY}"
        assert data["workflow"]["failures"][0]["test"] == "SMK-04"

    def test_has_what_a_batch_and_an_omitted_step_came_to(self) -> None:
        steps = {step["name"]: step for step in report(view_of(BAD))["steps"]}
        many, refused = steps["many"], steps["refused"]
        assert (many["items"], many["items_failed"], many["test"]) == (20, 1, "SMK-06")
        assert many["items_per_s"] == pytest.approx(20 / 1.8)
        assert (refused["state"], refused["omitted"], refused["why"]) == ("omitted", 1, SECRETLESS)
        assert steps["certified"]["note"] == NOTE

    def test_has_no_tests_of_other_workflows(self) -> None:
        assert report(view_of(workflows.whole()))["tests"] == []


class TestTheCsv:
    def test_has_a_row_for_each_test(self) -> None:
        found = rows(BAD, "_tests.csv")
        assert [row["test"] for row in found] == [test.id for test in SUITE.tests]
        assert [row["state"] for row in found][3:5] == ["failed", "omitted"]
        assert found[4]["ms"] == "N/A"

    def test_has_the_items_of_each_step(self) -> None:
        by_name = {row["step"]: row for row in rows(BAD, "_steps.csv")}
        assert (by_name["many"]["items"], by_name["many"]["items_failed"]) == ("20", "1")
        assert by_name["refused"]["why"] == SECRETLESS

    def test_is_known_to_whoever_looks_for_files(self) -> None:
        assert set(render("csv", view_of(BAD), BAD)) <= set(EVERY_CSV_END)
        assert "_tests.csv" not in render("csv", view_of(workflows.whole()), workflows.whole())


class TestJUnit:
    def test_has_a_case_for_each_test_and_none_for_its_steps(self) -> None:
        found = cases(GOOD)
        for test in SUITE.tests:
            assert not len(found[f"{test.id} {test.title}"].findall("failure"))
        assert "step retrieve" not in found
        assert "step delete (clean-up)" in found

    def test_fails_the_case_of_the_test_that_failed(self) -> None:
        found = cases(BAD)
        failure = found["SMK-04 a picture comes back"].find("failure")
        assert failure is not None
        assert failure.get("message") == f"retrieve: {WHY}"
        assert failure.text == "look for r1-1 in the service's log"
        assert found["run"].find("failure") is None, "the test's own case says it"

    def test_skips_what_does_not_apply_and_what_had_to_be_left_out(self) -> None:
        for name, why in (
            ("SMK-05 viewers may not write", SECRETLESS),
            ("SMK-04 a picture comes back", "before failed"),
        ):
            skipped = cases(SKIPPED)[name].find("skipped")
            assert skipped is not None
            assert skipped.get("message") == why


class TestTheFindings:
    def test_say_each_test_that_failed_once(self) -> None:
        found = [one.what for one in findings(view_of(BAD)) if one.level == "fail"]
        assert found == [f"SMK-04 failed at retrieve: {WHY} (wanted c0ffee, got beef)"]
        assert recommendations(view_of(BAD)) == ("look for r1-1 in the service's log",)

    def test_name_those_that_were_skipped(self) -> None:
        found = [one.what for one in findings(view_of(SKIPPED)) if one.level == "fail"]
        assert found[-1] == "1 test skipped: SMK-04"

    def test_explain_a_broken_share_of_tests_by_themselves(self) -> None:
        events = workflows.suite("ppppfpopp", limits=[Limit("tests_passed", ">=", 1.0)])
        found = [one.what for one in findings(view_of(events)) if one.level == "fail"]
        assert len(found) == 1
        assert found[0].startswith("SMK-03 failed at store")


class TestATestOfManyItems:
    """What a test judges stands beside it, not how long all of its items took."""

    def of(self) -> list[ev.Event]:
        steps = (Step("many", "predict", repeat=20, p95_ms=2000.0),)
        plan = Workflow(steps, tests=(SmokeTest("SMK-16", "quick", "performance", ("many",)),))
        return [
            *workflows.beginning(workflows.facts(scenario=workflows.suite_scenario(plan))),
            ev.RoundBegan(at_s=1.0, number=1, correlation="r1-1"),
            ev.StepEnded(
                at_s=1.7, round=1, step=0, state="passed", ms=633.0, requests=20, items=20,
                item_p50_ms=28.0, item_p95_ms=33.0,
            ),
            ev.RoundEnded(at_s=1.7, number=1, is_complete=True, ms=633.0),
            *workflows.ending(2.0),
        ]  # fmt: skip

    def test_tells_the_figure_that_it_judges(self) -> None:
        said = "p95 of 20 items 33 ms, limit 2 000 ms"
        assert said in flat("txt", self.of())
        assert ended_lines(script.view_of(self.of()))[0].endswith(f"633 ms  {said}")

    @pytest.mark.parametrize("form", FORMS)
    def test_has_its_percentiles_in_every_form(self, form: str) -> None:
        assert "33" in re.findall(r"\d+", flat(form, self.of()))


class TestBatchesOfAWorkflow:
    def test_have_a_line_with_items_and_records(self) -> None:
        steps = (Step("store", "store", repeat=200), Step("look", "list"))
        made = workflows.facts(scenario=workflows.scenario(Workflow(steps)))
        events: list[ev.Event] = [
            *workflows.beginning(made),
            ev.RoundBegan(at_s=1.0, number=1, correlation="r1-1"),
            ev.StepEnded(
                round=1,
                step=0,
                state="passed",
                ms=4000.0,
                items=200,
                items_failed=1,
                item_p50_ms=18.0,
                item_p95_ms=31.0,
            ),
            ev.StepEnded(
                round=1, step=1, state="passed", ms=5.0, records=199, records_complete=198
            ),
        ]
        heads, store, look = (line.split("  ") for line in items_lines(flow(events)))
        assert [each.strip() for each in store if each.strip()] == [
            "store",
            "200",
            "1",
            "50.0",
            "18",
            "31",
            "–",
        ]
        assert [each.strip() for each in heads if each.strip().endswith(" ms")] == [
            "p50 ms",
            "p95 ms",
        ]
        assert [each.strip() for each in look if each.strip()][-1] == "198 of 199"
        assert "records complete" in "  ".join(heads)

    def test_have_none_where_there_are_none(self) -> None:
        assert items_lines(flow(workflows.whole())) == []
