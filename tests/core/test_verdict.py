from __future__ import annotations

from typing import Any

import pytest

from tui.core.events import EndReason, RunEnded
from tui.core.limits import Limit, LimitState
from tui.core.proof import Proof, Shortfall
from tui.core.search import BreakingPoint, EndedBy, SearchStep
from tui.core.validity import Validity
from tui.core.verdict import EXIT_CODES, PRECEDENCE, Evidence, Judgement, Verdict, decide, worst

KEPT = LimitState(Limit("p95_ms", "<", 2000), 900.0, True)
BROKEN = LimitState(Limit("p95_ms", "<", 2000), 2300.0, False)
WORSE = LimitState(Limit("error_rate", "<", 0.01), 0.5, False)
OPEN = LimitState(Limit("p99_ms", "<", 5000), None, None)


def validity(valid: bool | None = True) -> Validity:
    reasons = ("generator-bound",) if valid is False else ()
    return Validity(valid, reasons, "use more workers" if reasons else "", 30.0, 1.0, 0, 4.0)


def decided(
    ended: EndReason = "completed",
    *thresholds: LimitState,
    detail: str = "",
    valid: bool | None = True,
    completed: int | None = 500,
    succeeded: int = 500,
    **more: Any,
) -> Judgement:
    return decide(
        Evidence(
            ended=RunEnded(reason=ended, detail=detail),
            validity=validity(valid),
            thresholds=thresholds,
            completed=completed,
            succeeded=succeeded,
            **more,
        )
    )


def test_a_run_within_its_limits_passes() -> None:
    assert decided("completed", KEPT) == Judgement("PASS", "500 requests within all limits")


def test_a_limit_that_could_not_be_judged_proves_nothing() -> None:
    judgement = decided("completed", KEPT, OPEN)
    assert (judgement.verdict, judgement.reason) == ("INVALID", "p99 could not be judged")


def test_a_broken_limit_outranks_one_that_could_not_be_judged() -> None:
    assert decided("completed", OPEN, BROKEN).verdict == "FAIL"


def test_a_shape_that_failed_proves_nothing() -> None:
    judgement = decided("shape-failed", KEPT, detail="the shape failed: ValueError")
    assert (judgement.verdict, judgement.reason) == ("INVALID", "the shape failed: ValueError")


def test_a_broken_limit_fails_and_names_the_figure() -> None:
    assert decided("completed", KEPT, BROKEN).reason == "p95 2 300 ms, limit 2 000 ms"


def test_what_never_came_has_no_figure_but_a_word() -> None:
    never = LimitState(Limit("recovery_s", "<", 60), None, False)
    assert decided("completed", never).reason == "recovery never, limit 60 s"
    late = LimitState(Limit("recovery_s", "<", 60), 72.5, False)
    assert decided("completed", late).reason == "recovery 72.5 s, limit 60 s"


def test_the_worst_broken_limit_is_named_first() -> None:
    assert decided("completed", BROKEN, WORSE).reason == "errors 50 %, limit 1.0 %, and 1 more"


def test_a_run_without_a_request_fails() -> None:
    judgement = decided("completed", OPEN, completed=0, succeeded=0)
    assert (judgement.verdict, judgement.reason) == ("FAIL", "no request was completed")


def test_a_run_that_never_reached_its_level_says_so() -> None:
    judgement = decided("completed", OPEN, completed=0, succeeded=0, unjudged=7)
    assert (judgement.verdict, judgement.reason, judgement.advice) == (
        "FAIL",
        "the full level was never reached: nothing was measured",
        "spawn users faster",
    )


def test_a_pass_at_another_level_says_so() -> None:
    judgement = decided("completed", KEPT, levels=(20, 40, 20))
    assert judgement.verdict == "PASS"
    assert judgement.reason.endswith(", users changed by hand: 20 to 40 instead of 20")


def test_a_level_that_was_asked_for_twice_is_no_other() -> None:
    assert "by hand" not in decided("completed", KEPT, levels=(20, 20)).reason


def test_one_request_is_no_plural() -> None:
    assert decided("completed", KEPT, completed=1).reason == "1 request within all limits"


def test_a_run_that_broke_its_limit_and_ended_for_it_ended_early() -> None:
    assert decided("threshold", BROKEN).reason.endswith(", limit 2 000 ms, ended early")
    assert "early" not in decided("completed", BROKEN).reason


def test_a_run_in_which_everything_failed_fails_even_without_an_error_limit() -> None:
    judgement = decided("completed", KEPT, succeeded=0)
    assert (judgement.verdict, judgement.reason) == ("FAIL", "all 500 requests failed")


def test_an_abort_fails_even_if_the_figure_came_back_while_it_drained() -> None:
    judgement = decided("threshold", KEPT, detail="p99_ms < 5000")
    assert (judgement.verdict, judgement.reason) == ("FAIL", "p99_ms < 5000")


def test_a_generator_that_was_the_limit_makes_the_run_invalid_and_says_what_to_do() -> None:
    assert decided("completed", BROKEN, valid=False) == Judgement(
        "INVALID", "generator-bound", "use more workers"
    )


@pytest.mark.parametrize("ended", ["stopped", "crashed"])
def test_a_run_cut_short_is_interrupted_whatever_was_measured(ended: EndReason) -> None:
    judgement = decided(ended, BROKEN, valid=False, completed=0, detail="by SIGINT")
    assert (judgement.verdict, judgement.reason) == ("INTERRUPTED", "by SIGINT")


@pytest.mark.parametrize("ended", ["stopped", "crashed"])
def test_an_interruption_always_has_a_reason(ended: EndReason) -> None:
    assert decided(ended).reason


def test_a_run_that_lost_its_workers_is_invalid() -> None:
    assert decided("workers-lost", BROKEN, valid=None).verdict == "INVALID"


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["PASS", "FAIL"], "FAIL"),
        (["FAIL", "INVALID", "PASS"], "INVALID"),
        (["INVALID", "INTERRUPTED"], "INTERRUPTED"),
        (["INTERRUPTED", "ABORTED", "PASS"], "ABORTED"),
        (["PASS"], "PASS"),
        ([], None),
    ],
)
def test_several_runs_are_as_good_as_the_worst(
    verdicts: list[Verdict], expected: Verdict | None
) -> None:
    assert worst(verdicts) == expected


def test_every_verdict_has_an_exit_code_of_its_own() -> None:
    assert len({EXIT_CODES[verdict] for verdict in PRECEDENCE}) == 5


GOOD = SearchStep(0, "climb", 42.0, 0.0, 30.0, rps=39.6, p95_ms=82.0, passed=True)
BAD = SearchStep(1, "climb", 44.0, 30.0, 60.0, passed=False, text="p95 781 ms, limit 400 ms")


def sought(ended_by: EndedBy = "target", **more: Any) -> BreakingPoint:
    return BreakingPoint("users", "done", ended_by=ended_by, why_ended="because", **more)


class TestASearch:
    def test_passes_with_the_level_that_held_and_the_one_that_did_not(self) -> None:
        judgement = decided(search=sought(last_good=GOOD, first_bad=BAD))
        said = "held 42 users at 39.6 rps; at 44 users p95 781 ms, limit 400 ms"
        assert (judgement.verdict, judgement.reason) == ("PASS", said)

    def test_passes_where_nothing_broke_up_to_its_cap(self) -> None:
        assert decided(search=sought("cap", last_good=GOOD)).verdict == "PASS"

    @pytest.mark.parametrize("ended_by", ["generator", "disturbance", "stop"])
    def test_proves_nothing_where_something_else_was_in_its_way(self, ended_by: EndedBy) -> None:
        assert decided(search=sought(ended_by, last_good=GOOD)).verdict == "INVALID"

    def test_fails_where_no_level_held(self) -> None:
        assert decided(search=sought(first_bad=BAD)).verdict == "FAIL"

    def test_fails_where_a_lower_level_did_not_hold_for_longer(self) -> None:
        found = sought(last_good=GOOD, first_bad=BAD, confirmed=False)
        assert decided(search=found).verdict == "FAIL"

    def test_of_a_measurement_that_is_not_valid_proves_nothing(self) -> None:
        found = sought(last_good=GOOD, first_bad=BAD)
        assert decided(valid=False, search=found).verdict == "INVALID"


IDLE = Shortfall("cpu reached 1 %", "leave the board alone")
GONE = Shortfall("the peer is gone", "start it again")


class TestAStress:
    def test_that_was_cut_short_is_interrupted(self) -> None:
        judgement = decided(proof=Proof(cut="the stress was cut short: by hand", undone=(IDLE,)))
        assert (judgement.verdict, judgement.reason[-7:]) == ("INTERRUPTED", "by hand")

    def test_that_shows_nothing_is_invalid_whatever_failed_and_says_what_to_do(self) -> None:
        proof = Proof(undone=(GONE, IDLE), findings=("a restart",))
        judgement = decided("completed", BROKEN, proof=proof)
        assert judgement == Judgement("INVALID", "the peer is gone", "start it again")

    def test_fails_by_what_it_found_before_any_limit(self) -> None:
        judgement = decided("completed", BROKEN, proof=Proof(findings=("a restart", "a leak")))
        assert (judgement.verdict, judgement.reason) == ("FAIL", "a restart, and 1 more")

    def test_without_a_load_passes_with_what_it_did(self) -> None:
        judgement = decided(
            "completed", KEPT, completed=None, succeeded=0, proof=Proof(done="cpu 99 % for 2 min")
        )
        assert judgement == Judgement("PASS", "cpu 99 % for 2 min, within all limits")


class TestAWayBackThatNobodyCanJudge:
    UNJUDGED = LimitState(Limit("recovery_s", "<", 60), None, None)

    def test_says_why_and_what_would_help(self) -> None:
        lacks = Shortfall("too little was measured before the stress", "watch it before")
        proof = Proof(unjudged={"recovery_s": lacks})
        judgement = decided("completed", self.UNJUDGED, proof=proof)
        reason = "recovery could not be judged: too little was measured before the stress"
        assert judgement == Judgement("INVALID", reason, "watch it before")

    def test_says_nothing_of_another_limit(self) -> None:
        lacks = Shortfall("too little", "watch it before")
        judgement = decided("completed", OPEN, proof=Proof(unjudged={"recovery_s": lacks}))
        assert judgement.advice == "run it longer"

    def test_says_of_each_limit_its_own_reason(self) -> None:
        late, brief = Shortfall("disturbed", "leave it alone"), Shortfall("too brief", "watch it")
        p95 = LimitState(Limit("p95_ms", "<", 2000), None, None)
        proof = Proof(unjudged={"recovery_s": brief, "p95_ms": late, "p99_ms": late})
        judgement = decided("completed", p95, self.UNJUDGED, OPEN, proof=proof)
        assert judgement == Judgement(
            "INVALID",
            "p95, p99 could not be judged: disturbed; recovery could not be judged: too brief",
            "leave it alone; watch it",
        )


@pytest.mark.parametrize(
    ("ended_by", "key"), [("stop", "load.search.from"), ("generator", "load.search.to")]
)
@pytest.mark.parametrize("good", [GOOD, None])
def test_a_search_without_an_answer_is_told_of_keys_that_a_search_has(
    ended_by: EndedBy, key: str, good: SearchStep | None
) -> None:
    advice = decided(search=sought(ended_by, last_good=good)).advice
    assert key in advice
    assert "longer" not in advice
