"""A run of a smoke suite, folded from its events; and batches and lists in any workflow."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.core import script
from tests.lib import workflows as made
from tests.lib.workflows import SECRETLESS, SUITE, WHY
from tui.core import events as ev
from tui.core.e2e.pages import Pages
from tui.core.e2e.standing import outcome_text, rounds_text, share_done, step_text
from tui.core.e2e.view import TestView, WorkflowView
from tui.core.e2e.workflow import Step, Workflow
from tui.core.limits import Limit
from tui.core.run_fold import RunFold
from tui.core.session import Session

RATES = (
    Limit("item_error_rate", "<", 0.01),
    Limit("completeness", ">=", 0.95),
    Limit("requests_per_s", ">", 10.0),
    Limit("tests_passed", ">=", 1.0),
)
BATCHES = Workflow(
    steps=(
        Step("capture"),
        Step("store", "store", send="capture", repeat=200),
        Step("look", "list", pages=Pages("items", "/id", of="store")),
    ),
    cleanup=(Step("delete", "delete", each="store"),),
)


def view_of(events: Sequence[ev.Event]) -> WorkflowView:
    found = script.view_of(events).workflow
    assert found is not None
    return found


def by_id(events: Sequence[ev.Event]) -> dict[str, TestView]:
    return {test.id: test for test in view_of(events).tests}


def states(events: Sequence[ev.Event]) -> list[str]:
    return [test.state for test in view_of(events).tests]


def verdict(events: Sequence[ev.Event]) -> tuple[str, str]:
    judgement = script.view_of(events).judgement
    assert judgement is not None
    return judgement.verdict, judgement.reason


def observed(events: Sequence[ev.Event]) -> dict[str, float | None]:
    return {state.limit.metric: state.observed for state in script.view_of(events).thresholds}


def going(steps: str, *more: ev.Event) -> list[ev.Event]:
    """A suite that goes on behind so many steps."""
    facts = made.facts(scenario=made.suite_scenario())
    return [*made.beginning(facts), *made.told_round(steps, {}), *more]


def batches(limits: Sequence[Limit] = RATES[:3], at_once: int = 1) -> list[ev.Event]:
    """A run of `BATCHES` up to its first round."""
    workflow = msgspec.structs.replace(BATCHES, rounds=at_once, at_once=at_once)
    return made.beginning(made.facts(scenario=made.scenario(workflow, limits)))


def ended(step: int, at_s: float, *, number: int = 1, **keys: object) -> ev.StepEnded:
    told = {"state": "passed", "ms": 1000.0, **keys}
    return ev.StepEnded(round=number, step=step, at_s=at_s, **told)  # type: ignore[arg-type]


def began(number: int, at_s: float) -> ev.RoundBegan:
    return ev.RoundBegan(number=number, correlation=f"r1-{number}", at_s=at_s)


def ended_step(event: ev.Event) -> int | None:
    return event.step if isinstance(event, ev.StepEnded) else None


class TestTheTestsOfASuite:
    def test_stand_as_their_steps_do(self) -> None:
        assert states(made.suite("ppppfsops")) == [
            "passed", "passed", "failed", "skipped", "omitted", "passed",
        ]  # fmt: skip

    def test_say_why_with_the_step_that_failed(self) -> None:
        found = by_id(made.suite("ppppfsops"))
        assert found["SMK-03"].why == f"store: {WHY}"
        assert found["SMK-04"].why == "before failed"
        assert found["SMK-05"].why == SECRETLESS
        assert found["SMK-01"].why == ""

    def test_take_from_their_first_step_to_their_last(self) -> None:
        found = by_id(made.suite("pppfpsopp"))
        assert found["SMK-01"].ms == pytest.approx(200.0)
        assert found["SMK-02"].ms == pytest.approx(70.0), "failed ones too"
        assert found["SMK-04"].ms is None
        assert found["SMK-05"].ms is None

    def test_go_on_between_their_steps_and_wait_before(self) -> None:
        assert states(going("ppp"))[:3] == ["passed", "running", "waiting"]
        begun = ev.StepBegan(round=1, step=0, at_s=1.0)
        assert states(going("", begun))[:2] == ["running", "waiting"]

    def test_are_none_of_ours_where_what_they_ask_for_was_left_out(self) -> None:
        """A picture that was taken for it shows nothing."""
        found = by_id(made.suite("pppoppppp"))
        assert found["SMK-02"].state == "omitted"

    def test_passed_though_one_of_several_steps_was_left_out(self) -> None:
        found = by_id(made.suite("poppppppp"))["SMK-01"]
        assert (found.state, found.omitted, found.why) == ("passed", 1, "")

    def test_have_steps_that_know_them(self) -> None:
        steps = {step.name: step for step in view_of(made.suite()).steps}
        assert (steps["retrieve"].test, steps["retrieve"].group) == ("SMK-04", "journeys")
        assert (steps["delete"].test, steps["delete"].group) == ("", "")

    def test_are_none_in_other_workflows(self) -> None:
        assert view_of(made.whole()).tests == ()


class TestTheVerdictOfASuite:
    def test_is_a_pass_where_all_that_apply_passed(self) -> None:
        assert verdict(made.suite("ppppppppp", retrieve={"hashes": 1})) == (
            "PASS",
            "6 of 6 tests passed, 1 hash right, within all limits",
        )
        assert verdict(made.suite("ppppppopp")) == (
            "PASS",
            "5 of 5 tests passed, 1 n/a, within all limits",
        )

    def test_names_the_tests_that_failed_and_why_the_first_did(self) -> None:
        assert verdict(made.suite("ppppffopp")) == (
            "FAIL",
            f"2 of 5 tests failed: SMK-03 a picture is stored (store: {WHY}), "
            f"SMK-04 (retrieve: {WHY})",
        )

    def test_counts_those_that_were_skipped(self) -> None:
        said = f"1 of 6 tests failed: SMK-03 a picture is stored (store: {WHY}); 1 skipped"
        assert verdict(made.suite("ppppfsppp")) == ("FAIL", said)

    def test_is_a_failure_by_what_is_left_behind_too(self) -> None:
        facts = made.facts(scenario=made.suite_scenario())
        told = made.told_round("ppppppppf", {})
        told[-1] = ev.RoundEnded(number=1, is_complete=False, ms=9.0, left=1, at_s=told[-1].at_s)
        word, reason = verdict([*made.beginning(facts), *told, *made.ending(9.0)])
        assert word == "FAIL"
        assert reason == f"delete failed in round 1: {WHY}, and 1 more"

    def test_proves_nothing_where_all_was_left_out(self) -> None:
        word, reason = verdict(made.suite("oopoooooo"))
        assert (word, reason) == (
            "INVALID",
            "nothing of it applies here: every step was left out",
        )

    def test_is_interrupted_where_somebody_stopped_it(self) -> None:
        events = [*going("ppppssssp"), *made.ending(9.0, "stopped")]
        assert verdict(events)[0] == "INTERRUPTED"

    def test_follows_the_share_that_passed(self) -> None:
        limits = (Limit("tests_passed", ">=", 0.9),)
        events = made.suite("ppppfsopp", limits=limits)
        assert observed(events) == {"tests_passed": 3 / 5}


class TestTestsOfSeveralRounds:
    """They are of the round that is shown alone: the verdict counts steps and rounds."""

    def of(self, *rounds: str) -> list[ev.Event]:
        workflow = msgspec.structs.replace(SUITE, rounds=len(rounds))
        events = made.beginning(made.facts(scenario=made.suite_scenario(workflow)))
        for number, steps in enumerate(rounds, 1):
            for event in made.told_round(steps, {}):
                key = "round" if isinstance(event, (ev.StepBegan, ev.StepEnded)) else "number"
                events.append(msgspec.structs.replace(event, **{key: number}))
        return [*events, *made.ending(9.0)]

    def test_name_every_step_that_failed_in_any(self) -> None:
        word, reason = verdict(self.of("pppppfppp", "ppppfpppp"))
        assert word == "FAIL"
        assert reason == f"store failed in round 2: {WHY}, and 1 more"

    def test_pass_by_their_rounds(self) -> None:
        said = "2 rounds of 9 steps complete, within all limits"
        assert verdict(self.of("ppppppppp", "ppppppppp")) == ("PASS", said)

    def test_stand_as_rounds_do(self) -> None:
        assert rounds_text(view_of(self.of("ppppppppp", "ppppppppp"))) == "round 2 of 2"


class TestWhatIsLeftOut:
    def test_is_warned_of_with_its_test_and_reason(self) -> None:
        view = script.view_of(made.suite("ppppppopp"))
        assert f"SMK-05 refused left out: {SECRETLESS}" in view.warnings

    def test_leaves_a_round_complete_and_is_counted(self) -> None:
        events = [
            *batches(()),
            began(1, 1.0),
            ended(0, 2.0),
            ended(1, 2.0, state="omitted", ms=0.0, why=SECRETLESS),
            ended(2, 2.0, state="omitted", ms=0.0, why="store was left out"),
            ended(3, 2.0, state="omitted", ms=0.0, why="store was left out"),
            ev.RoundEnded(number=1, is_complete=True, ms=1000.0, at_s=2.0),
            *made.ending(3.0),
        ]
        assert verdict(events) == (
            "PASS",
            "1 round of 1 step complete, 3 steps n/a, within all limits",
        )
        assert script.view_of(events).warnings == (
            f"store left out: {SECRETLESS}",
            "look left out: store was left out",
            "delete left out: store was left out",
        )
        store = view_of(events).steps[1]
        assert (store.state, store.why, store.omitted, store.passed) == (
            "omitted", SECRETLESS, 1, 0,
        )  # fmt: skip
        assert store.most_ms is None

    def test_is_named_where_a_limit_has_no_figure_for_it(self) -> None:
        events = [
            *batches(RATES[:1]),
            began(1, 1.0),
            ended(0, 2.0),
            ended(1, 2.0, state="omitted", ms=0.0, why=SECRETLESS),
            ended(2, 2.0, records=0),
            ended(3, 2.0, state="omitted", ms=0.0, why="store was left out"),
            ev.RoundEnded(number=1, is_complete=True, ms=1000.0, at_s=2.0),
            *made.ending(3.0),
        ]
        judgement = script.view_of(events).judgement
        assert judgement is not None
        assert judgement.verdict == "INVALID"
        assert f"store and 1 more step left out ({SECRETLESS})" in judgement.reason
        assert "config.toml" in judgement.advice

    def test_is_a_line_of_the_log(self) -> None:
        session = Session("board", "local")
        for event in made.suite("ppppppopp"):
            session.apply(event, script.STARTED_AT + event.at_s)
        lines = [(each.level, each.text) for each in session.snapshot(99.0, 99.0).log]
        assert ("info", f"SMK-05 refused left out: {SECRETLESS}") in lines

    def test_is_told_while_the_run_goes_on(self) -> None:
        fold = RunFold(made.facts(scenario=made.suite_scenario()))
        for event in going("ppppppo"):
            fold.apply(event)
        assert any("left out" in line for line in fold.view(3.0).warnings)


class TestBatches:
    def test_are_counted_over_all_rounds(self) -> None:
        events = batches(at_once=2)
        for number in (1, 2):
            items = {"items": 200, "items_failed": number, "ms": 4000.0}
            events += [began(number, 1.0), ended(1, 5.0, number=number, **items)]
        store = view_of(events).steps[1]
        assert (store.items, store.items_failed) == (400, 3)
        assert store.items_per_s == pytest.approx(50.0)

    def test_say_how_far_they_are_while_they_go_on(self) -> None:
        events = [
            *batches(),
            began(1, 1.0),
            ended(0, 2.0),
            ev.StepBegan(round=1, step=1, at_s=2.0),
            ev.StepMoved(round=1, step=1, done=120, of=200, failed=1, at_s=3.0),
        ]
        view = view_of(events)
        assert (view.steps[1].done, view.steps[1].of) == (120, 200)
        assert step_text(view) == "store 120 of 200…"
        assert share_done(view) == pytest.approx((1 + 0.6) / 4)
        assert view_of([*events, ended(1, 4.0, items=200)]).steps[1].of == 0

    def test_count_their_overhead_by_the_item(self) -> None:
        slow = ended(1, 5.0, ms=4000.0, request_ms=3800.0, items=200)
        (state,) = script.view_of(
            [*batches((Limit("overhead_ms", "<", 5.0),)), began(1, 1.0), slow]
        ).thresholds
        assert state.observed == pytest.approx(1.0)

    def test_have_an_error_rate_that_the_clean_up_does_not_thin_out(self) -> None:
        events = [
            *batches(),
            began(1, 1.0),
            ended(1, 5.0, items=200, items_failed=4),
            ended(3, 6.0, items=10_000),
        ]
        assert observed(events)["item_error_rate"] == pytest.approx(0.02)

    def test_have_the_percentiles_of_the_round_whose_items_were_slowest(self) -> None:
        events = batches(at_once=2)
        for number, p50_ms, p95_ms in ((1, 20.0, 90.0), (2, 30.0, 40.0)):
            items = {"items": 200, "item_p50_ms": p50_ms, "item_p95_ms": p95_ms}
            events += [began(number, 1.0), ended(1, 5.0, number=number, **items)]
        store = view_of(events).steps[1]
        assert (store.item_p50_ms, store.item_p95_ms) == (20.0, 90.0)

    def test_tell_what_they_found_in_the_round_that_is_shown(self) -> None:
        events = [*batches(), began(1, 1.0), ended(2, 2.0, note="200 of 200 there")]
        assert view_of(events).steps[2].note == "200 of 200 there"


class TestFiguresOfLists:
    def test_are_the_share_of_complete_records(self) -> None:
        events = [*batches(), began(1, 1.0), ended(2, 2.0, records=200, records_complete=197)]
        assert observed(events)["completeness"] == pytest.approx(0.985)
        assert (view_of(events).steps[2].records, view_of(events).steps[2].records_complete) == (
            200, 197,
        )  # fmt: skip

    def test_are_not_there_where_nothing_was_listed(self) -> None:
        assert set(observed([*batches(), began(1, 1.0), ended(0, 2.0)]).values()) >= {None}

    def test_that_nobody_could_take_leave_a_limit_unjudged(self) -> None:
        events = [
            *batches(),
            began(1, 1.0),
            *(ended(step, 2.0, requests=90) for step in range(4)),
            ev.RoundEnded(number=1, is_complete=True, ms=1000.0, at_s=2.0),
            *made.ending(3.0),
        ]
        word, reason = verdict(events)
        assert word == "INVALID"
        assert "items failed" in reason


class TestRequestsASecond:
    def test_are_those_of_the_time_in_which_steps_were_done(self) -> None:
        events = [
            *batches(),
            began(1, 1.0),
            ended(0, 2.0),
            ended(1, 5.0, requests=90),
            ended(2, 6.0, requests=10),
            # The clean-up, and the wait behind it.
            ended(3, 16.0, requests=1000),
        ]
        assert observed(events)["requests_per_s"] == pytest.approx(100 / 5)

    def test_of_rounds_beside_each_other_count_their_time_once(self) -> None:
        events = [*batches(at_once=2), began(1, 1.0), began(2, 1.0)]
        events += [ended(1, 4.0, number=number, requests=60) for number in (1, 2)]
        events += [ended(2, 5.0, number=number) for number in (1, 2)]
        assert observed(events)["requests_per_s"] == pytest.approx(120 / 4)

    def test_of_rounds_far_apart_leave_the_waits_out(self) -> None:
        events = batches(at_once=2)
        for number, at_s in ((1, 1.0), (2, 100.0)):
            events += [began(number, at_s), ended(2, at_s + 1.0, number=number, requests=50)]
        assert observed(events)["requests_per_s"] == pytest.approx(50.0)

    def test_are_not_there_before_any_time_passed(self) -> None:
        assert observed([*batches(), began(1, 1.0)])["requests_per_s"] is None


class TestHowASuiteStands:
    def test_counts_tests_in_the_place_of_rounds(self) -> None:
        moving = ev.StepBegan(round=1, step=5, at_s=2.0)
        view = view_of(going("ppppf", moving))
        assert rounds_text(view) == "3 of 6 tests"
        assert step_text(view) == "SMK-04 retrieve…"
        assert outcome_text(view) == "2 passed, 1 failed"

    def test_is_the_headline_with_the_newest_that_failed(self) -> None:
        found = script.view_of(going("pppff")).headline
        assert found.level == "fail"
        assert found.strong == "SMK-03 a picture is stored failed"
        assert found.rest == f": store: {WHY}, and 1 more"

    def test_is_the_headline_with_the_test_that_goes_on(self) -> None:
        found = script.view_of(going("ppp")).headline
        assert (found.strong, found.rest) == (
            "1 of 6 tests passed", ": SMK-02 a picture is understood",
        )  # fmt: skip

    def test_is_done_once_all_tests_are_over(self) -> None:
        assert share_done(view_of(made.suite("ppppppopp"))) == 1.0
        found = script.view_of(going("pppppppp")).headline
        assert (found.level, found.strong) == ("ok", "6 of 6 tests passed")

    def test_has_a_line_in_the_log_for_a_test_that_failed(self) -> None:
        session = Session("board", "local")
        for event in made.suite("ppppfsopp"):
            session.apply(event, script.STARTED_AT + event.at_s)
        lines = [each.text for each in session.snapshot(9.0, 9.0).log]
        assert f"SMK-03 store failed: {WHY}" in lines


def test_a_stored_suite_looks_the_same() -> None:
    events = made.suite("ppppfsopp", many={"items": 20, "note": "n"})
    at = next(index for index, event in enumerate(events) if ended_step(event) == 7)
    moved = ev.StepMoved(round=1, step=7, done=9, of=20, at_s=events[at].at_s)
    events.insert(at, moved)
    kept = msgspec.msgpack.encode([event for event in events if event.is_kept])
    read = msgspec.msgpack.decode(kept, type=list[ev.AnyEvent])
    assert script.view_of(read) == script.view_of(events)
    assert len(SUITE.tests) == len(view_of(read).tests)
