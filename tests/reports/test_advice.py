from __future__ import annotations

from typing import Any

import msgspec

from tests.core import script
from tests.reports.runs import staged_view
from tui.core.model import RunView
from tui.reports.explain import explain
from tui.reports.findings import findings, recommendations


def broken(make: script.RunMaker = script.good_run, **limits: str) -> RunView:
    return script.view_of(make(script.facts(scenario=script.scenario(thresholds=limits))))


def staged(view: RunView, *levels: int) -> RunView:
    """The staircase with the limits and the load of a run that failed."""
    load = {"stages": [{"users": users, "duration": "1m"} for users in levels], "spawn_rate": 10.0}
    facts = msgspec.structs.replace(view.facts, scenario=script.scenario(load=load))
    return msgspec.structs.replace(view, facts=facts, stages=staged_view().stages)


def changed(view: RunView, **changes: Any) -> tuple[str, ...]:
    return recommendations(msgspec.structs.replace(view, **changes))


def test_a_latency_limit_names_the_slowest_endpoint_its_moment_and_the_way_to_the_level() -> None:
    (advice, *_) = recommendations(broken(p95_ms="< 50"))
    assert advice == (
        "POST /predict is the slowest endpoint (p95 100 ms): read the service's log at 00:11, "
        "its slowest moment; run `ramp` or `breaking-point` to find the level that holds"
    )


def test_heat_is_looked_at_where_the_board_told_it() -> None:
    view = broken(p95_ms="< 50")
    (gauge, *_) = view.telemetry
    hot = msgspec.structs.replace(gauge, name="tj_c")
    assert "heat and clocks" in changed(view, telemetry=(hot,))[0]


def test_two_broken_latency_limits_advise_once() -> None:
    advice = recommendations(broken(p95_ms="< 50", p99_ms="< 60"))
    assert sum("slowest endpoint" in each for each in advice) == 1


def test_a_staged_run_names_the_level_that_held() -> None:
    (advice, *_) = recommendations(staged(broken(p95_ms="< 50"), 10, 20, 30))
    assert advice.endswith("; the highest level within the limits had 20 users")


def test_an_error_limit_sends_to_the_most_frequent_class() -> None:
    advice = recommendations(script.view_of(script.failing_run(script.facts())))
    assert "begin with [5xx], 50 of 50 failures, first at 00:02 on POST /predict" in advice
    assert "read the service's log at the first failure, and its memory" in advice


def test_a_floor_tells_too_little_load_from_a_service_that_is_too_slow() -> None:
    view = broken(rps=">= 92")
    assert "if it stays, the service is saturated" in changed(view, offered_rps=None)[0]
    assert "more users, or a shorter think time" in changed(view, offered_rps=50.0)[0]
    assert "answers took too long" in changed(view, offered_rps=120.0)[0]


def test_stages_that_vary_are_named() -> None:
    view = staged(broken(rps=">= 92"), 10, 20, 30)
    slow = msgspec.structs.replace(
        view.stages[2].figures,
        latency=msgspec.structs.replace(view.stages[2].figures.latency, p95=900.0),
    )
    stages = (*view.stages[:2], msgspec.structs.replace(view.stages[2], figures=slow))
    (floor,) = view.thresholds
    limit = msgspec.structs.replace(floor.limit, metric="p95_variation", operator="<", value=0.2)
    (advice, *_) = changed(
        view, stages=stages, thresholds=(msgspec.structs.replace(floor, limit=limit),)
    )
    assert advice == "compare the stages at 00:00 (p95 100 ms) and at 00:04 (900 ms)"


def test_of_a_measurement_that_can_not_be_trusted_the_service_is_given_no_advice() -> None:
    advice = recommendations(broken(script.invalid_run, p95_ms="< 50"))
    assert not any("slowest endpoint" in each for each in advice)


def test_a_failed_run_is_never_told_to_keep_its_report_and_do_nothing() -> None:
    view = script.view_of(
        script.whole_run(
            script.facts(target=script.LOCAL),
            script.row([100.0] * 20, limits=script.percentiles(script.STANDARD)),
            reason="threshold",
            detail="p95_ms < 50 was broken",
        )
    )
    assert view.judgement is not None
    assert view.judgement.verdict == "FAIL"
    text = " ".join(explain(view).split())
    assert "look at the charts" in text
    assert "nothing: keep" not in text


def test_a_floor_that_holds_is_never_close_to_its_limit() -> None:
    assert not any("close to" in each.what for each in findings(broken(rps=">= 45")))
    assert any("close to" in each.what for each in findings(broken(p95_ms="< 105")))
