"""A run that goes through a workflow, folded from its events."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.core import script
from tests.lib import workflows as made
from tests.lib.workflows import WHY, WORKFLOW, round_events, whole
from tui.core import events as ev
from tui.core.e2e.fold import MAX_FAILURES
from tui.core.e2e.view import StepView, WorkflowView
from tui.core.limits import Limit
from tui.core.model import RunView
from tui.core.run_fold import RunFold
from tui.core.session import Session


def view_of(events: Sequence[ev.Event]) -> WorkflowView:
    found = script.view_of(events).workflow
    assert found is not None
    return found


def verdict(view: RunView) -> tuple[str, str]:
    assert view.judgement is not None
    return view.judgement.verdict, view.judgement.reason


def advice(events: Sequence[ev.Event]) -> str:
    judgement = script.view_of(events).judgement
    assert judgement is not None
    return judgement.advice


def step(events: Sequence[ev.Event], name: str) -> StepView:
    return next(each for each in view_of(events).steps if each.name == name)


def observed(events: Sequence[ev.Event]) -> dict[str, float | None]:
    return {state.limit.metric: state.observed for state in script.view_of(events).thresholds}


def under_way(*events: ev.Event, rounds: int = 3) -> list[ev.Event]:
    """A run that goes on, and what has happened in it."""
    workflow = msgspec.structs.replace(WORKFLOW, rounds=rounds)
    return [*made.beginning(made.facts(scenario=made.scenario(workflow))), *events]


def cut_off(events: Sequence[ev.Event], reason: ev.EndReason = "stopped") -> RunView:
    return script.view_of([*events, ev.RunEnded(at_s=60.0, reason=reason)])


def headline(events: Sequence[ev.Event]) -> tuple[str, str]:
    found = script.view_of(events).headline
    return found.level, f"{found.strong}{found.rest}"


class TestTheVerdict:
    def test_is_a_pass_where_every_round_is_complete(self) -> None:
        said = "3 rounds of 5 steps complete, 3 hashes right, within all limits"
        assert verdict(script.view_of(whole())) == ("PASS", said)

    def test_names_the_step_that_failed_the_round_and_why(self) -> None:
        view = script.view_of(whole(failed="store"))
        assert verdict(view) == ("FAIL", f"store failed in round 2: {WHY}")

    def test_counts_the_rounds_in_which_it_failed(self) -> None:
        view = script.view_of(whole(5, "store", (2, 3, 5)))
        assert verdict(view) == ("FAIL", f"store failed in 3 rounds, first in round 2: {WHY}")

    def test_begins_with_the_step_that_failed_most_often(self) -> None:
        events = under_way(
            *round_events(1, "retrieve"), *round_events(2, "predict"), *round_events(3, "retrieve")
        )
        _, reason = verdict(script.view_of([*events, *made.ending(9.0)]))
        assert reason.startswith("retrieve failed in 2 rounds, first in round 1")
        assert reason.endswith(", and 1 more")

    def test_is_a_failure_even_where_the_file_asks_for_less_than_all_rounds(self) -> None:
        lenient = made.scenario(limits=[Limit("completion_rate", ">=", 0.5)])
        view = script.view_of(whole(failed="store", made=made.facts(scenario=lenient)))
        assert view.thresholds[0].passed is True
        assert verdict(view)[0] == "FAIL"

    def test_is_a_failure_where_something_could_not_be_cleaned_up(self) -> None:
        view = script.view_of(whole(failed="delete", left=1))
        assert verdict(view) == ("FAIL", f"delete failed in round 2: {WHY}, and 1 more")
        assert "1 thing that the run made is left on the service" in view.warnings

    def test_of_one_that_was_stopped_still_tells_what_is_left(self) -> None:
        events = under_way(*round_events(1), *round_events(2, "delete", left=2))
        view = cut_off(events)
        assert verdict(view)[0] == "INTERRUPTED"
        assert view.warnings == ("2 things that the run made are left on the service",)

    def test_names_the_first_few_things_that_are_left(self) -> None:
        rounds = [each for number in (1, 2) for each in round_events(number, "delete", left=4)]
        workflow = script.view_of(under_way(*rounds)).workflow
        assert workflow is not None
        assert workflow.left == 8
        assert workflow.left_named[3:] == ("/images/1-3", "/images/2-0")

    def test_follows_the_limits(self) -> None:
        strict = made.scenario(limits=[Limit("step_ms", "<", 100.0)])
        word, reason = verdict(script.view_of(whole(made=made.facts(scenario=strict))))
        assert word == "FAIL"
        assert "120 ms, limit 100 ms" in reason

    def test_is_a_failure_where_no_round_was_completed(self) -> None:
        view = script.view_of(under_way(*made.ending(2.0)))
        assert verdict(view) == ("FAIL", "no round was completed")

    def test_is_invalid_where_rounds_are_lacking_and_nobody_stopped_it(self) -> None:
        view = script.view_of(under_way(*round_events(1), *made.ending(5.0)))
        assert verdict(view) == ("INVALID", "1 of 3 rounds came to an end")

    @pytest.mark.parametrize(("reason", "word"), [("stopped", "INTERRUPTED"), ("guard", "ABORTED")])
    def test_of_one_that_was_cut_off_says_so_whatever_failed(
        self, reason: ev.EndReason, word: str
    ) -> None:
        assert verdict(cut_off(under_way(*round_events(1, "store")), reason))[0] == word

    @pytest.mark.parametrize(
        ("exchange", "said"),
        [
            (ev.Exchange("POST", "/images"), "see whether the service is up"),
            (ev.Exchange("POST", "/images", status=401), "token"),
            (made.EXCHANGE, "look for r1-2 in the service's log"),
        ],
    )
    def test_has_an_advice_by_what_was_answered(self, exchange: ev.Exchange, said: str) -> None:
        assert said in advice(whole(failed="store", exchange=exchange))


class TestTheFigures:
    def test_are_those_of_the_slowest_round_and_the_slowest_step(self) -> None:
        assert observed(whole()) == {
            "round_s": pytest.approx(0.27),
            "step_ms": 120.0,
            "completion_rate": 1.0,
            "overhead_ms": pytest.approx(made.OVERHEAD_MS),
        }

    def test_count_the_wait_of_a_step_that_failed_among_the_longest(self) -> None:
        events = whole(failed="store", ms=15_000.0, request_ms=14_998.0)
        assert observed(events)["step_ms"] == 15_000.0
        assert step(events, "store").most_ms == 15_000.0

    def test_of_a_step_are_not_flattered_by_quick_refusals(self) -> None:
        events = whole(5, "store", (1, 2, 3, 4), ms=0.2, request_ms=0.1)
        assert step(events, "store").p50_ms == 40.0
        assert (step(events, "store").passed, step(events, "store").failed) == (1, 4)

    def test_of_a_round_are_those_of_complete_ones_alone(self) -> None:
        events = whole(failed="predict", ms=60_000.0)
        assert observed(events)["round_s"] == pytest.approx(0.27)
        assert observed(events)["completion_rate"] == pytest.approx(2 / 3)

    def test_leave_waits_between_polls_out_of_the_overhead(self) -> None:
        polled = ev.StepEnded(
            round=1, step=1, state="passed", ms=1010.0, request_ms=8.0, wait_ms=1000.0, requests=2
        )
        events = under_way(ev.RoundBegan(number=1, correlation="r1-1"), polled)
        assert observed(events)["overhead_ms"] == pytest.approx(2.0)
        assert step(events, "predict").requests == 2

    def test_of_overhead_are_the_worst_steps(self) -> None:
        slow = ev.StepEnded(round=1, step=2, state="passed", ms=50.0, request_ms=10.0)
        quick = ev.StepEnded(round=1, step=1, state="passed", ms=10.0, request_ms=9.0)
        events = under_way(ev.RoundBegan(number=1, correlation="r1-1"), quick, slow)
        assert observed(events)["overhead_ms"] == pytest.approx(40.0)

    def test_are_not_there_before_there_is_one(self) -> None:
        assert set(observed(under_way()).values()) == {None}

    def test_of_rounds_beyond_what_can_be_told_apart_are_left_out(self) -> None:
        minutes = [11.0, 20.0, 30.0]
        events = under_way(
            *(
                ev.RoundBegan(number=number, correlation="")
                for number in range(1, len(minutes) + 1)
            ),
            *(
                ev.RoundEnded(number=number, is_complete=True, ms=60_000.0 * each)
                for number, each in enumerate(minutes, 1)
            ),
        )
        view = view_of(events)
        assert (view.p50_ms, view.p95_ms) == (None, None)
        assert view.slowest_ms == 60_000.0 * 30


class TestTheRoundThatIsShown:
    def test_is_the_newest(self) -> None:
        view = view_of(under_way(*round_events(1), *round_events(2)[:4]))
        assert (view.shown, view.correlation, view.round_ms) == (2, "r1-2", None)
        assert [each.state for each in view.steps] == [
            "passed",
            "running",
            "waiting",
            "waiting",
            "waiting",
        ]
        assert view.steps[1].began_s == pytest.approx(0.12)

    def test_is_the_newest_that_failed_though_others_follow(self) -> None:
        view = view_of(whole(5, "store", (2, 3)))
        assert (view.shown, view.correlation) == (3, "r1-3")
        assert [each.state for each in view.steps] == [
            "passed",
            "passed",
            "failed",
            "skipped",
            "passed",
        ]
        assert view.steps[2].why == WHY
        assert view.round_ms == pytest.approx(240.0)

    def test_is_by_number_where_rounds_go_on_beside_each_other(self) -> None:
        first, second = round_events(1, "store"), round_events(2, "predict")
        view = view_of(under_way(first[0], second[0], *second[1:], *first[1:]))
        assert (view.shown, view.failed) == (2, 2)

    def test_has_nothing_running_once_the_run_is_over(self) -> None:
        view = cut_off(under_way(*round_events(1)[:4])).workflow
        assert view is not None
        assert [each.state for each in view.steps] == ["passed", *["skipped"] * 4]

    def test_tells_what_each_step_asks_for(self) -> None:
        assert [each.what for each in view_of(whole()).steps] == [
            "picture of the first camera",
            "POST /predict",
            "POST /images",
            "GET /images/{id}",
            "DELETE /images/{id}",
        ]
        assert [each.is_cleanup for each in view_of(whole()).steps] == [False] * 4 + [True]


class TestTheRounds:
    def test_that_a_stop_broke_off_did_not_fail(self) -> None:
        events = under_way(*round_events(1), *round_events(2, "store", is_stopped=True))
        view = view_of(events)
        assert (view.begun, view.complete, view.failed) == (2, 1, 0)
        assert view.completion_rate == 1.0

    def test_fail_by_what_they_leave_behind(self) -> None:
        view = view_of(under_way(*round_events(1, left=2)))
        assert (view.complete, view.failed, view.left) == (0, 1, 2)

    def test_have_their_failed_steps_told_with_request_and_answer(self) -> None:
        (failed,) = view_of(whole(failed="store")).failures
        assert (failed.name, failed.round, failed.correlation) == ("store", 2, "r1-2")
        assert (failed.wanted, failed.got, failed.exchange) == ("c0ffee", "beef", made.EXCHANGE)
        # Round 2 begins a second after the work did, and three steps took 240 ms of it.
        assert failed.at_s == pytest.approx(1.24)

    def test_that_fail_are_all_counted_and_the_first_ones_told_beside_the_one_shown(self) -> None:
        view = view_of(whole(50, "store", range(1, 51)))
        assert (view.failed, view.steps[2].failed) == (50, 50)
        assert [failed.round for failed in view.failures] == [*range(1, MAX_FAILURES + 1), 50]

    def test_by_the_thousand_grow_no_larger(self) -> None:
        def size(rounds: int) -> int:
            failed = whole(rounds, "store", range(1, rounds, 2))
            return len(msgspec.msgpack.encode(script.view_of(failed)))

        assert size(3000) < 1.2 * size(300)


class TestWhatAReaderMustKnow:
    @pytest.mark.parametrize("label", ["simulated", "replay"])
    def test_is_that_no_camera_took_the_pictures(self, label: str) -> None:
        view = script.view_of(whole(label=label))
        assert view.workflow is not None
        assert view.workflow.labels == (label,)
        (told,) = view.warnings
        assert f"({label})" in told

    def test_is_nothing_where_a_camera_took_them(self) -> None:
        assert script.view_of(whole()).warnings == ()

    def test_is_told_while_the_run_goes_on_behind_what_was_told_before(self) -> None:
        demo = made.facts(target=script.DEMO)
        fold = RunFold(demo)
        told: tuple[str, ...] = ()
        for event in whole(made=demo, label="simulated", failed="delete", left=1):
            fold.apply(event)
            newer = fold.view(event.at_s).warnings
            assert newer[: len(told)] == told
            told = newer
        assert len(told) == 3


class TestTheHeadline:
    def test_before_the_first_round_is_of_the_preparation(self) -> None:
        assert headline(made.beginning()[:1])[1].startswith("preparing")

    def test_tells_the_step_that_goes_on(self) -> None:
        """Which round it is stands above it already."""
        found = headline(under_way(*round_events(1)[:4]))
        assert found == ("info", "predict: POST /predict")
        events = under_way(*round_events(1), *round_events(2)[:2])
        assert headline(events)[0] == "ok"
        assert headline(events)[1].startswith("capture: picture of ")

    def test_claims_nothing_before_the_first_round(self) -> None:
        assert headline(made.beginning()) == ("info", "no round has begun yet")

    def test_tells_the_newest_failure_and_how_many_more_there_are(self) -> None:
        events = under_way(*round_events(1, "predict"), *round_events(2, "store"))
        assert headline(events) == ("fail", f"store failed in round 2: {WHY}, and 1 more")

    def test_counts_rounds_that_go_on_beside_each_other(self) -> None:
        events = under_way(round_events(1)[0], round_events(2)[0])
        assert headline(events) == ("info", "0 of 3 rounds over, 2 under way")


class TestASitting:
    def test_has_one_line_in_the_log_for_a_step_that_fails_again_and_again(self) -> None:
        session = sitting(whole(5, "store", (2, 3, 5)))
        lines = [(each.level, each.text) for each in session.snapshot(9.0, 9.0).log]
        assert ("fail", f"store failed: {WHY}, 3 times") in lines
        assert len(lines) == 5

    def test_keeps_of_it_what_runs_without_a_load_have(self) -> None:
        snapshot = sitting(whole()).snapshot(9.0, 9.0)
        (past,) = snapshot.past.values()
        assert (past.verdict, past.p95_ms, past.rps) == ("PASS", None, None)
        assert snapshot.run is not None
        assert (snapshot.run.total.requests, snapshot.run.left_s) == (0, 0.0)


def test_a_stored_run_looks_the_same() -> None:
    events = whole(4, "store", label="simulated", left=1)
    kept = msgspec.msgpack.encode([event for event in events if event.is_kept])
    read = msgspec.msgpack.decode(kept, type=list[ev.AnyEvent])
    assert script.view_of(read) == script.view_of(events)


def sitting(events: Sequence[ev.Event]) -> Session:
    session = Session("board", "local")
    for event in events:
        session.apply(event, script.STARTED_AT + event.at_s)
    return session
