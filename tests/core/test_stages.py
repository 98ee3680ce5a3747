"""Stages measured and judged one by one."""

from __future__ import annotations

import pytest

from tests.core import script
from tui.core import events as ev
from tui.core.limits import counted_limits
from tui.core.model import RunView
from tui.core.problem import InputError
from tui.core.run_fold import RunFold
from tui.core.scenario import Scenario

LEVELS = ((10, 60.0), (20, 90.0), (40, 3000.0))
STAGE_S = 10


def staged(judge: str = "stage", **sections: object) -> Scenario:
    load = {
        "spawn_rate": 20.0,
        "judge": judge,
        "stages": [{"users": users, "duration": f"{STAGE_S}s"} for users, _ in LEVELS],
    }
    return script.scenario("steps", load=load, **sections)


def played(scenario: Scenario, levels: tuple[tuple[int, float], ...] = LEVELS) -> RunFold:
    """Stages of ten seconds at those latencies, the first two of each on the way."""
    facts = script.facts(scenario=scenario)
    limits = counted_limits((*scenario.thresholds, *scenario.goals))
    fold = RunFold(facts)
    fold.apply(ev.RunStarted(at_s=0.0, facts=facts))
    fold.apply(ev.WorkBegan(at_s=1.0))
    fold.apply(ev.PhaseEntered(at_s=1.0, phase="warm-up"))
    for number, (users, ms) in enumerate(levels):
        begins_s = number * STAGE_S
        fold.apply(ev.StageEntered(at_s=1.0 + begins_s, stage=number, users=users))
        fold.apply(ev.LevelReached(at_s=3.0 + begins_s, users=users))
        if number == 0:
            fold.apply(ev.PhaseEntered(at_s=3.0, phase="measuring"))
        for second in range(begins_s, begins_s + STAGE_S):
            on_the_way = second < begins_s + 2
            row = script.row([1.0 if on_the_way else ms] * users, limits=limits)
            fold.apply(script.window(second, row))
    return fold


def ended(fold: RunFold, reason: ev.EndReason = "completed") -> RunView:
    at_s = 1.0 + len(LEVELS) * STAGE_S
    for event in script.ending(at_s, reason):
        fold.apply(event)
    return fold.view(at_s + 1.0)


def test_a_stage_has_the_figures_of_its_level_and_none_of_the_way_there() -> None:
    stages = played(staged()).view(31.0).stages
    assert [stage.users for stage in stages] == [10, 20, 40]
    assert [stage.measured_s for stage in stages] == [8.0, 8.0, 8.0]
    for stage, (users, ms) in zip(stages, LEVELS, strict=True):
        assert stage.figures.requests == 8 * users
        assert stage.figures.rps == users
        assert stage.figures.latency.p50 == pytest.approx(ms, rel=0.01)


def test_a_stage_that_breaks_a_limit_is_told_once_it_is_over() -> None:
    fold = played(staged(thresholds={"p95_ms": "< 2000"}))
    assert fold.broken_abort(31.0) == ""  # the third, and it still goes on
    fold.apply(ev.StageEntered(at_s=31.0, stage=3, users=80))
    assert fold.broken_abort(32.0) == "p95_ms < 2000"


def test_the_verdict_names_the_broken_level_and_the_last_good_one() -> None:
    view = ended(played(staged(thresholds={"p95_ms": "< 2000"})), "threshold")
    assert view.judgement is not None
    assert view.judgement.verdict == "FAIL"
    assert view.judgement.reason == (
        "p95 3 000 ms, limit 2 000 ms at 40 users; 20 users were within the limits at 20.0 rps"
    )


def test_stages_that_are_not_judged_one_by_one_share_the_limits_of_the_run() -> None:
    view = ended(played(staged("run", thresholds={"p95_ms": "< 2000", "rps": ">= 40"})))
    passed = {state.limit.metric: state.passed for state in view.thresholds}
    assert passed == {"p95_ms": False, "rps": False}
    assert [stage.passed for stage in view.stages] == [False, False, False]


def test_a_low_level_is_not_blamed_for_the_throughput_of_a_high_one() -> None:
    view = ended(played(staged(thresholds={"rps": ">= 10"})))
    assert [stage.passed for stage in view.stages] == [True, True, True]


def test_the_variation_is_that_of_the_stages() -> None:
    steady = tuple((20, 100.0) for _ in range(3))
    uneven = ((20, 100.0), (20, 100.0), (20, 400.0))
    scenario = staged("run", thresholds={"p95_variation": "< 0.2"})
    (even,) = ended(played(scenario, steady)).thresholds
    (odd,) = ended(played(scenario, uneven)).thresholds
    assert even.observed == pytest.approx(0.0)
    assert even.passed is True
    assert odd.observed == pytest.approx(0.707, rel=0.02)
    assert odd.passed is False


@pytest.mark.parametrize("judge", ["run", "stage"])
def test_a_variation_that_nothing_could_tell_is_refused(judge: str) -> None:
    limits = {"p95_variation": "< 0.2"}
    with pytest.raises(InputError, match=r"thresholds.p95_variation: is the variation over stages"):
        staged(judge, thresholds=limits) if judge == "stage" else script.scenario(thresholds=limits)


def test_stages_too_short_to_tell_their_variation_prove_nothing() -> None:
    scenario = staged("run", thresholds={"p95_variation": "< 0.2"})
    view = ended(played(scenario, ((2, 100.0), (2, 100.0), (2, 100.0))))
    assert view.judgement is not None
    assert (view.judgement.verdict, view.judgement.advice) == ("INVALID", "run it longer")


def test_a_level_changed_by_hand_is_none_of_its_stage() -> None:
    fold = played(staged("run"), ((20, 100.0),))
    before = fold.view(11.0).stages[0]
    fold.apply(ev.UsersRequested(at_s=11.0, users=60))
    for second in range(10, 20):
        fold.apply(script.window(second, script.row([400.0] * 60)))
    assert fold.view(21.0).stages[0] == before
    for event in script.ending(31.0):
        fold.apply(event)
    assert "users changed by hand: 20 to 60 instead of 20" in fold.view(32.0).warnings


def test_a_level_that_was_never_measured_is_not_called_good() -> None:
    scenario = staged(thresholds={"p95_ms": "< 2000"})
    fold = played(scenario, ((10, 3000.0),))
    silent = played(scenario, ((10, 60.0),))
    for each, number, users in ((fold, 1, 20), (silent, 1, 20)):
        each.apply(ev.StageEntered(at_s=11.0, stage=number, users=users))
        each.apply(ev.LevelReached(at_s=20.0, users=users))
        each.apply(ev.StageEntered(at_s=21.0, stage=2, users=40))
        each.apply(ev.LevelReached(at_s=21.0, users=40))
        for second in range(20, 30):
            rows = script.row([3000.0] * 40, limits=counted_limits(scenario.thresholds))
            each.apply(script.window(second, rows))
    reasons = [judged.reason for each in (fold, silent) if (judged := ended(each).judgement)]
    assert reasons[0].endswith("at 10 users; no level was within the limits")
    assert reasons[1].endswith("at 40 users; 10 users were within the limits at 10.0 rps")


def test_a_pause_between_bursts_is_judged_by_nobody() -> None:
    scenario = script.scenario(
        "bursts",
        load={
            "spawn_rate": 20.0,
            "judge": "stage",
            "stages": [{"users": 10, "duration": "10s"}, {"users": 0, "duration": "10s"}],
        },
        thresholds={"rps": ">= 1"},
    )
    fold = played(scenario, ((10, 60.0), (0, 60.0)))
    assert [stage.passed for stage in fold.view(21.0).stages] == [True, None]
    fold.apply(ev.StageEntered(at_s=21.0, stage=2, users=10))
    assert fold.broken_abort(22.0) == ""
