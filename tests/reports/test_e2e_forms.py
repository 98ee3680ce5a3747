"""A workflow in every form of a report."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.core import script
from tests.lib import workflows
from tests.reports.forms import cases, flat, flow, rows, view_of, whole
from tests.reports.reading import SCHEMA, validate
from tui.core import events as ev
from tui.core.e2e.deed import Certificate, Deed, NoSecrets
from tui.core.e2e.detection import DetectionShape
from tui.core.e2e.view import StepView, WorkflowView
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.core.limits import Limit
from tui.reports.e2e_text import failed_lines, steps_lines, waterfall_lines
from tui.reports.e2e_waterfall import waterfall
from tui.reports.e2e_words import rounds_words, span_words, workflow_facts
from tui.reports.explain import explain
from tui.reports.export import EVERY_CSV_END, render
from tui.reports.findings import findings, other_warnings, recommendations
from tui.reports.report import report
from tui.reports.summary import plain, summary
from tui.reports.validation import validation

WORKFLOW = workflows.WORKFLOW
GOOD = workflows.whole(3)
BAD = workflows.whole(3, "store", ms=100.0, request_ms=25.0)
MADE = workflows.whole(3, label="simulated")
LEFT = workflows.whole(3, "delete", left=1)
STOPPED = [
    *workflows.beginning(),
    *workflows.round_events(1),
    *workflows.ending(3.0, "stopped", "interrupted by SIGINT"),
]
FORMS = ("txt", "md", "html", "json", "csv", "junit")
IN_WORDS = ("txt", "md", "html", "junit")


@pytest.mark.parametrize("form", [*FORMS, "explain"])
def test_every_form_names_every_step(form: str) -> None:
    for name in WORKFLOW.names:
        assert name in whole(form, BAD)


@pytest.mark.parametrize("form", [*FORMS, "explain"])
def test_every_form_has_what_was_wanted_and_what_came(form: str) -> None:
    said = whole(form, BAD)
    for words in (workflows.WHY, "c0ffee", "beef", "/images?name=r1-2.jpg", "r1-2"):
        assert words in said


@pytest.mark.parametrize("form", [*IN_WORDS, "explain"])
def test_every_form_in_words_tells_how_many_rounds_are_complete(form: str) -> None:
    assert "2 of 3 complete, 1 failed" in flat(form, BAD)
    assert "3 of 3 complete" in flat(form, GOOD)


@pytest.mark.parametrize("form", [*FORMS, "explain"])
def test_every_form_says_that_a_picture_was_taken_by_no_camera(form: str) -> None:
    assert "simulated" in flat(form, MADE)


@pytest.mark.parametrize("form", [*IN_WORDS, "explain"])
def test_every_form_in_words_tells_what_is_left_on_the_service(form: str) -> None:
    assert "1 thing that" in flat(form, LEFT)
    assert "1 thing that" not in flat(form, GOOD)


def test_what_is_left_is_named_to_whoever_must_remove_it() -> None:
    assert "remove it from the target by hand: /images/" in flat("explain", LEFT)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_service_says_acts_nowhere(form: str) -> None:
    evil = '<script>alert(1)</script>\x1b[2J\u202e"=1'
    exchange = ev.Exchange("POST", evil, evil, 500, ((evil, evil),), evil)
    events = workflows.whole(3, "store", why=evil, wanted=evil, got=evil, exchange=exchange)
    said = whole(form, events)
    assert "\x1b" not in said
    if form != "json":
        assert "\u202e" not in said
    if form == "md":
        # In its fence nothing acts.
        said = re.sub(r"(?ms)^```text$.*?^```$", "", said)
    assert "<script>alert(1)" not in said or form not in ("html", "junit", "md")
    assert "\x1b" not in explain(view_of(events))


def test_a_long_answer_is_cut() -> None:
    answer = "x" * 4000
    exchange = msgspec.structs.replace(workflows.EXCHANGE, answer=answer)
    events = workflows.whole(3, "store", exchange=exchange)
    for form in ("txt", "md", "junit"):
        assert answer not in whole(form, events).replace("\n", "").replace(" ", "")
    assert "x" * 70 in whole("txt", events)


def test_each_step_that_failed_is_told_before_any_is_told_twice() -> None:
    nine = msgspec.structs.replace(WORKFLOW, rounds=9)
    events = workflows.beginning(workflows.facts(scenario=workflows.scenario(nine)))
    for number in range(1, 10):
        events += workflows.round_events(number, "store" if number < 9 else "predict")
    events += workflows.ending(11.0)
    for form in IN_WORDS:
        said = whole(form, events)
        assert "predict, round 9" in said, form
        assert "store, round 1 " in said, form
    for form in ("txt", "md", "html"):
        assert "store, round 8" not in whole(form, events)
        assert "and 4 more" in whole(form, events)


class TestTheWaterfall:
    def test_puts_each_step_where_the_one_before_it_ended(self) -> None:
        drawn = waterfall(flow(GOOD))
        assert drawn is not None
        for before, after in zip(drawn.bars, drawn.bars[1:], strict=False):
            assert after.start == pytest.approx(before.start + before.length)
        assert drawn.bars[-1].start + drawn.bars[-1].length == pytest.approx(1.0)
        assert drawn.round_end == pytest.approx(drawn.bars[-1].start)

    def test_shows_as_much_of_a_bar_dark_as_was_spent_in_requests(self) -> None:
        drawn = waterfall(flow(BAD))
        assert drawn is not None
        (store,) = (bar for bar in drawn.bars if bar.name == "store")
        assert (store.state, store.why) == ("failed", workflows.WHY)
        assert store.asking == pytest.approx(store.length / 4)

    def test_draws_no_bar_for_what_was_left_out(self) -> None:
        drawn = waterfall(flow(BAD))
        assert drawn is not None
        (retrieve,) = (bar for bar in drawn.bars if bar.name == "retrieve")
        assert (retrieve.length, retrieve.took) == (0.0, "left out")

    def test_is_none_before_a_round_began(self) -> None:
        assert waterfall(flow(workflows.beginning())) is None
        assert "No round began" in whole("html", workflows.beginning())

    def test_has_round_moments_on_its_axis(self) -> None:
        drawn = waterfall(flow(GOOD))
        assert drawn is not None
        words = [label for _, label in drawn.ticks]
        assert words[:3] == ["0", "50 ms", "100 ms"]
        assert [share for share, _ in drawn.ticks] == sorted(share for share, _ in drawn.ticks)
        assert drawn.ticks[-1][0] <= 1.0

    @pytest.mark.parametrize("ms", [0.004, 0.7, 3.0, 999.0, 61_000.0, 4e6])
    def test_has_few_moments_whatever_it_is_long(self, ms: float) -> None:
        steps = (StepView("a", "GET /", state="passed", ms=ms, request_ms=ms),)
        drawn = waterfall(WorkflowView(steps, 1, 1, 1, shown=1, round_ms=ms))
        assert drawn is not None
        labels = [label for _, label in drawn.ticks]
        assert 3 <= len(labels) <= 7
        assert len(set(labels)) == len(labels)

    def test_of_a_round_that_took_no_time_is_drawn(self) -> None:
        steps = (StepView("a", "GET /", state="passed", ms=0.0, request_ms=0.0),)
        workflow = WorkflowView(steps, 1, 1, 1, shown=1, round_ms=0.0)
        drawn = waterfall(workflow)
        assert drawn is not None
        assert drawn.bars[0].length == 0.0
        assert waterfall_lines(workflow)

    def test_of_a_step_that_goes_on_says_so(self) -> None:
        going = StepView("a", "GET /", state="running", began_s=0.1)
        done = StepView("b", "GET /", state="passed", ms=100.0, request_ms=90.0)
        said = "\n".join(waterfall_lines(WorkflowView((done, going), 1, 1, shown=1)))
        assert "not ended" in said


class TestTheText:
    @pytest.mark.parametrize("events", [GOOD, BAD, MADE, LEFT, STOPPED])
    def test_fits_eighty_columns(self, events: list[ev.Event]) -> None:
        workflow = flow(events)
        lines = [*steps_lines(workflow), *waterfall_lines(workflow), *failed_lines(workflow)]
        assert max(map(len, lines)) <= 80
        assert max(map(len, explain(view_of(events)).splitlines())) <= 80

    def test_fits_eighty_columns_with_long_names_and_paths(self) -> None:
        steps = (Step("retrieve-what-was-stored-a-moment-ago", "retrieve", timeout_s=1.0),)
        cleanup = (Step("delete-all-that-was-made-before-this", "delete"),)
        made = workflows.facts(scenario=workflows.scenario(Workflow(steps, cleanup)))
        workflow = flow(workflows.whole(1, steps[0].name, (1,), made=made))
        long = tuple(
            msgspec.structs.replace(step, what="DELETE /" + "a/" * 60) for step in workflow.steps
        )
        workflow = msgspec.structs.replace(workflow, steps=long)
        lines = [*steps_lines(workflow), *waterfall_lines(workflow)]
        assert max(map(len, lines)) <= 80

    def test_draws_longer_steps_longer_and_one_after_the_other(self) -> None:
        lines = waterfall_lines(flow(GOOD))
        bars = {name: next(x for x in lines if f"  {name} " in x) for name in ("capture", "store")}
        lengths = {name: len(re.findall("[█░]", bar)) for name, bar in bars.items()}
        assert lengths["capture"] > lengths["store"] > 0
        assert bars["capture"].index("█") < bars["store"].index("█")

    def test_can_do_without_its_signs(self) -> None:
        said = plain(summary(view_of(BAD)))
        assert said.isascii()
        assert "##" in said
        assert "?" not in said.replace("?name=", "")

    def test_says_what_was_not_begun(self) -> None:
        assert rounds_words(flow(STOPPED)) == "1 of 3 complete, 2 not begun"

    @pytest.mark.parametrize(
        ("ms", "words"),
        [(None, "–"), (0.4, "0.40 ms"), (81.2, "81 ms"), (4123.0, "4.12 s"), (31_200.0, "31.2 s")],
    )
    def test_gives_a_time_its_unit(self, ms: float | None, words: str) -> None:
        assert span_words(ms) == words

    def test_tells_the_whole_by_name(self) -> None:
        facts = dict(workflow_facts(flow(GOOD)))
        assert facts["hashes"] == "3 compared and right"
        assert facts["left on the service"] == "nothing"
        assert facts["slowest round"] == "270 ms (p50 270 ms, p95 270 ms)"
        assert facts["slowest step"] == "capture, 120 ms"
        assert facts["steps"] == "4 in each round, and 1 to clean up"


class TestTheJson:
    @pytest.mark.parametrize("events", [GOOD, BAD, MADE, LEFT, STOPPED, BAD[:9], GOOD[:2]])
    def test_is_by_the_schema(self, events: list[ev.Event]) -> None:
        validate(report(view_of(events)))

    def test_has_every_key_that_the_schema_knows(self) -> None:
        data = report(view_of(BAD))
        known = SCHEMA["properties"]["workflow"]["properties"]
        assert set(data["workflow"]) == set(known)
        assert set(data["steps"][0]) == set(SCHEMA["$defs"]["step"]["properties"])
        (failed,) = data["workflow"]["failures"]
        properties = SCHEMA["$defs"]["failed_step"]["properties"]
        assert set(failed) == set(properties)
        assert set(failed["exchange"]) == set(properties["exchange"]["properties"])

    def test_tells_the_rounds_and_each_step(self) -> None:
        data = report(view_of(BAD))
        steps = {step["name"]: step for step in data["steps"]}
        assert [step["is_cleanup"] for step in data["steps"]] == [False] * 4 + [True]
        assert (steps["store"]["passed"], steps["store"]["failed"]) == (2, 1)
        assert steps["retrieve"]["state"] == "skipped"
        workflow = data["workflow"]
        assert (workflow["complete"], workflow["failed"], workflow["hashes"]) == (2, 1, 2)
        assert workflow["completion_rate"] == pytest.approx(2 / 3)
        assert workflow["slowest_ms"] == pytest.approx(270.0)
        (failed,) = workflow["failures"]
        assert (failed["step"], failed["round"], failed["exchange"]["status"]) == ("store", 2, 201)

    def test_is_nothing_for_a_run_without_a_workflow(self) -> None:
        data = report(view_of(script.good_run(script.facts())))
        assert (data["steps"], data["workflow"]) == ([], None)


class TestTheCsv:
    def test_has_a_row_for_each_step_and_one_for_the_rounds(self) -> None:
        found = rows(BAD, "_steps.csv")
        assert [row["step"] for row in found] == [*WORKFLOW.names, "Aggregated"]
        assert found[-1]["passed"] == "2"
        assert (found[2]["failed"], found[2]["state"]) == ("1", "failed")
        assert found[3]["ms"] == "N/A"

    def test_has_a_row_for_each_step_that_failed(self) -> None:
        (row,) = rows(BAD, "_failed_steps.csv")
        assert (row["step"], row["round"], row["status"]) == ("store", "2", "201")

    @pytest.mark.parametrize("events", [GOOD, BAD])
    def test_is_known_to_whoever_looks_for_files(self, events: list[ev.Event]) -> None:
        assert set(render("csv", view_of(events), events)) <= set(EVERY_CSV_END)


class TestJUnit:
    def test_fails_the_case_of_the_step_that_failed(self) -> None:
        found = cases(BAD)
        failed = found["step store"].find("failure")
        assert failed is not None
        assert failed.get("message", "").startswith("store failed in 1 of 3 rounds")
        assert found["step capture"].find("failure") is None
        assert found["run"].find("failure") is None, "the step's own case says it"

    def test_is_green_where_the_run_is(self) -> None:
        assert not [name for name, case in cases(GOOD).items() if case.find("failure") is not None]

    def test_fails_a_case_for_what_is_left(self) -> None:
        found = cases(workflows.whole(3, "store", left=2))
        assert found["workflow leaves nothing behind"].find("failure") is not None

    def test_skips_a_step_that_no_round_came_to(self) -> None:
        found = cases(workflows.whole(2, "capture", (1, 2), exchange=None))
        skipped = found["step predict"].find("skipped")
        assert skipped is not None
        assert skipped.get("message") == "in no round was it done"

    def test_judges_nothing_of_a_run_that_was_stopped(self) -> None:
        assert cases(STOPPED)["step store"].find("skipped") is not None


class TestTheFindings:
    def test_say_each_thing_once_with_what_to_look_for(self) -> None:
        found = [one.what for one in findings(view_of(BAD)) if one.level == "fail"]
        assert len(found) == 1
        assert found[0].startswith(f"store failed in 1 of 3 rounds: {workflows.WHY}")
        assert recommendations(view_of(BAD)) == ("look for r1-2 in the service's log",)

    @pytest.mark.parametrize(
        ("step", "changes", "advice"),
        [
            ("store", {"status": None}, "see whether the service is up"),
            ("store", {"status": 401}, "see the token of the target"),
            ("store", {"status": 404}, "[targets.local.operations.store]"),
            ("store", {"status": 500}, "the service broke down on it"),
        ],
    )
    def test_advise_by_what_the_service_answered(
        self, step: str, changes: dict[str, int | None], advice: str
    ) -> None:
        exchange = msgspec.structs.replace(workflows.EXCHANGE, **changes)
        events = workflows.whole(3, step, (1, 2, 3), exchange=exchange)
        assert advice in recommendations(view_of(events))[0]
        judgement = view_of(events).judgement
        assert judgement is not None
        assert advice in judgement.advice, "the verdict says the same"

    def test_do_not_send_to_a_path_that_was_right_before(self) -> None:
        exchange = msgspec.structs.replace(workflows.EXCHANGE, status=404)
        for step, said in (("retrieve", "it was there and is gone"), ("store", "not this time")):
            advice = recommendations(view_of(workflows.whole(3, step, exchange=exchange)))[0]
            assert said in advice
            assert "operations" not in advice

    def test_who_wants_a_404_shows_nothing_of_a_path(self) -> None:
        steps = (
            Step("gone", "retrieve", status=(404,)),
            Step("there", "retrieve"),
        )
        plan = workflows.scenario(Workflow(steps))
        exchange = msgspec.structs.replace(workflows.EXCHANGE, status=404)
        events = workflows.whole(
            1, "there", (1,), made=workflows.facts(scenario=plan), exchange=exchange
        )
        assert "[targets.local.operations.retrieve]" in recommendations(view_of(events))[0]

    @pytest.mark.parametrize(
        ("why", "wanted", "advice"),
        [
            ("body is another", "c0ffee" * 10 + "beef", "bytes are not those that were sent"),
            ("took 3 002 ms, not within 1 000 ms", "within 1 000 ms", "what kept the service busy"),
            ("object 1 has no /lable", "", "category in [targets.local.detection] of config.toml"),
        ],
    )
    def test_advise_by_what_is_wrong(self, why: str, wanted: str, advice: str) -> None:
        shape = DetectionShape(category="/lable")
        target = msgspec.structs.replace(script.LOCAL, detection=shape)
        made = workflows.facts(target=target)
        events = workflows.whole(3, "store", why=why, wanted=wanted, made=made)
        assert advice in recommendations(view_of(events))[0]

    @pytest.mark.parametrize(
        ("deed", "advice"),
        [(NoSecrets(), "change each secret"), (Certificate(), "renew the certificate")],
    )
    def test_advise_on_a_deed(self, deed: Deed, advice: str) -> None:
        plan = workflows.scenario(Workflow((Step("look", deed=deed),)))
        made = workflows.facts(scenario=plan)
        events = workflows.whole(1, "look", (1,), made=made, exchange=None)
        assert advice in recommendations(view_of(events))[0]

    def test_do_not_blame_the_slowest_step_where_one_failed(self) -> None:
        slow = workflows.scenario(limits=[Limit("step_ms", "<", 50.0)])
        made = workflows.facts(scenario=slow)
        events = workflows.whole(3, "store", made=made, exchange=None)
        assert not any("begin with it" in line for line in recommendations(view_of(events)))
        judgement = view_of(events).judgement
        assert judgement is not None
        assert judgement.advice in recommendations(view_of(events)), "one advice, not two"

    def test_leave_out_what_is_not_known(self) -> None:
        events = workflows.whole(3, "store", wanted="", got="134 of 200 there")
        for form in (*IN_WORDS, "explain"):
            assert "wanted" not in flat(form, events).partition("Failed steps")[2][:400]
            assert "(wanted" not in flat(form, events)
        assert "(got 134 of 200 there)" in flat("explain", events)

    def test_send_to_the_camera_where_no_picture_came(self) -> None:
        events = workflows.whole(3, "capture", exchange=None, why="no picture within 2 s")
        assert "jetproof camera probe" in recommendations(view_of(events))[0]

    def test_name_the_slowest_step_where_a_limit_is_broken(self) -> None:
        slow = workflows.scenario(limits=[Limit("round_s", "<", 0.1)])
        events = workflows.whole(3, made=workflows.facts(scenario=slow))
        assert recommendations(view_of(events))[0].startswith("the slowest step is capture")

    def test_warn_once_of_what_is_simulated_and_of_what_is_left(self) -> None:
        for events in (MADE, LEFT):
            view = view_of(events)
            texts = [one.what for one in findings(view)]
            assert len(texts) == len(set(texts))
            assert not other_warnings(view)
        (made,) = view_of(MADE).warnings
        assert " ".join(summary(view_of(MADE)).split()).count(made) == 1
        assert "left on the service: 1 thing" in summary(view_of(LEFT))


class TestTheCases:
    def test_take_as_long_as_their_steps_and_no_time_stands_twice(self) -> None:
        view = view_of(GOOD)
        seconds = {name: float(case.get("time", "")) for name, case in cases(GOOD).items()}
        assert seconds["step capture"] == pytest.approx(0.36)
        assert seconds["step store"] == pytest.approx(0.12)
        assert view.ended_s is not None
        assert sum(seconds.values()) == pytest.approx(view.ended_s, abs=0.01)


class TestHashes:
    def test_are_told_by_what_was_compared(self) -> None:
        """A hash that the service told shows nothing of what it gives back."""
        said = flat("explain", GOOD)
        assert "Compared with what was sent, 3 SHA-256 hashes of bytes that came back" in said
        told = msgspec.structs.replace(
            WORKFLOW,
            steps=(
                Step("capture"),
                Step("store", "store", checks=(Check("sha256", hash_of="capture"),)),
            ),
            rounds=1,
        )
        made = workflows.facts(scenario=workflows.scenario(told))
        said = flat("explain", workflows.whole(1, made=made))
        assert "1 SHA-256 hash that the service told (store) was right" in said
        assert "came back" not in said


class TestOneRound:
    def test_has_no_percentiles(self) -> None:
        """One figure three times is no more than one figure."""
        once = flow(workflows.whole(1))
        assert "p95" not in " ".join(steps_lines(once))
        assert "p95" not in " ".join(told for _, told in workflow_facts(once))
        assert "p95 ms" in " ".join(steps_lines(flow(GOOD)))


class TestThePage:
    def test_has_the_waterfall_with_the_failed_step_in_it(self) -> None:
        page = whole("html", BAD)
        assert "Round 2 of 3, the newest that failed, step by step" in page
        assert 'class="step failed failed"' in page
        assert page.count('class="asking"') >= 3
        assert "workflow report" in page

    def test_says_above_the_figures_that_no_camera_took_a_part(self) -> None:
        assert "NOT A CAMERA" in whole("html", MADE)
        assert "NOT A CAMERA" not in whole("html", GOOD)

    def test_has_bars_that_stay_on_the_sheet(self) -> None:
        for events in (GOOD, BAD, LEFT, STOPPED):
            page = whole("html", events)
            drawn = page[page.index('<section class="card flow">') :]
            bars = re.findall(r'class="rest" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawn)
            assert bars
            assert all(float(x) + float(width) <= 1000 for x, width in bars)


def test_a_simulated_picture_makes_nothing_ready() -> None:
    assert validation([view_of(GOOD)])["deployment_ready"] is True
    assert validation([view_of(MADE)])["deployment_ready"] is False
    assert validation([view_of(MADE)])["simulated"] is True
