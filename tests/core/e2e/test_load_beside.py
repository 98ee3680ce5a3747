"""The [load] table of a workflow, and the limits of both."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tui.core.load import Load
from tui.core.problem import InputError
from tui.core.scenario import Scenario, parse_scenario
from tui.core.shortened import shortened

STAGES = [{"users": 10, "duration": "1m"}, {"users": 30, "duration": "2m"}]


def table(load: dict[str, Any], **sections: Any) -> dict[str, Any]:
    step = {"name": "alive", "operation": "health"}
    return {"kind": "e2e", "title": "Day", "e2e": {"steps": [step]}, "load": load, **sections}


def parsed(load: dict[str, Any], **sections: Any) -> Scenario:
    return parse_scenario(PurePath("day.toml"), table(load, **sections), {})


def load_of(load: dict[str, Any], **sections: Any) -> Load:
    found = parsed(load, **sections).load
    assert found is not None
    return found


def wrong(load: dict[str, Any], **sections: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        parsed(load, **sections)
    return [line.removeprefix("day.toml:") for line in str(caught.value).splitlines()]


def test_one_level_needs_no_length_and_goes_on() -> None:
    load = load_of({"users": 5})
    assert (load.users, load.duration_s, load.goes_on) == (5, 0.0, True)
    scenario = parsed({"users": 5})
    assert scenario.duration_s == 0.0, "nobody knows how long the rounds take"
    assert scenario.plan == "1 step once under 5 users"
    assert scenario.asks_service


@pytest.mark.parametrize(
    ("load", "least_s", "said"),
    [
        ({"users": 5, "duration": "2m"}, 120.0, "under 5 users for 2 min or longer"),
        ({"stages": STAGES}, 180.0, "under 10 to 30 users in 2 stages, 3 min or longer"),
        (
            {"users": 20, "pattern": [50, 100], "duration": "1m"},
            60.0,
            "under 10 to 20 users in 2 stages, 1 min or longer",
        ),
        (
            {"arrival_rate": {"from": 2, "to": 8}, "duration": "1m"},
            60.0,
            "under 2 to 8 operations/s for 1 min or longer",
        ),
        ({"arrival_rate": 4}, 0.0, "under 4 operations/s"),
    ],
)
def test_a_length_of_its_own_is_the_least(load: dict[str, Any], least_s: float, said: str) -> None:
    found = load_of(load)
    assert (found.duration_s, found.goes_on) == (least_s, True)
    assert parsed(load).plan.endswith(said)


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (
            {"users": 5, "operations_per_user": 3},
            "load.operations_per_user: beside a workflow the rounds say when the load ends: leave"
            " it out",
        ),
        (
            {"search": {"to": 20}},
            "load.search: beside a workflow the rounds say when the load ends: leave it out",
        ),
        (
            {"users": 5, "shape": "Tide"},
            "load.shape: beside a workflow the rounds say when the load ends: leave it out",
        ),
        ({"arrival_rate": {"to": 5}}, "load.duration: is missing"),
        ({"spawn_rate": 5}, "load.users: is missing"),
    ],
)
def test_what_would_end_it_by_itself_is_refused(load: dict[str, Any], said: str) -> None:
    assert said in wrong(load)


def test_limits_are_those_of_both_in_their_order() -> None:
    limits = {"p95_ms": "< 500", "round_s": "< 30", "error_rate": "< 0.01", "rps": "> 5"}
    found = parsed({"users": 5}, thresholds=limits).thresholds
    assert [limit.metric for limit in found] == list(limits)


def test_a_limit_of_the_requests_may_end_the_run() -> None:
    limit = {"limit": "< 0.1", "abort": True}
    (found,) = parsed({"users": 5}, thresholds={"error_rate": limit}).thresholds
    assert found.abort


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"p95": "< 5"}, "p95: unknown metric (did you mean"),
        ({"recovery_s": "< 5"}, "recovery_s: needs a stress to judge"),
        ({"p95_variation": "< 0.5"}, "p95_variation: is the variation over stages"),
        ({"round_s": {"limit": "< 5", "abort": True}}, "round_s.abort: a workflow is judged when"),
        ({"round_s": "> 5"}, "round_s: of round_s less is better"),
    ],
)
def test_a_limit_that_nothing_has_a_figure_for_is_refused(
    limits: dict[str, Any], said: str
) -> None:
    (line,) = wrong({"users": 5}, thresholds=limits)
    assert line.startswith(f"thresholds.{said}")


def test_stages_have_their_variation() -> None:
    found = parsed({"stages": STAGES}, thresholds={"p95_variation": "< 0.5"}).thresholds
    assert [limit.metric for limit in found] == ["p95_variation"]


def test_a_suite_still_has_none() -> None:
    steps = [{"name": "alive", "operation": "health"}]
    tests = [{"id": "A", "title": "up", "group": "g", "steps": steps}]
    data = {"kind": "smoke", "title": "x", "smoke": {"tests": tests}, "load": {"users": 1}}
    with pytest.raises(InputError, match="load: is no part of a smoke suite"):
        parse_scenario(PurePath("x.toml"), data, {})


@pytest.mark.parametrize(
    ("load", "least_s"),
    [
        ({"users": 50, "spawn_rate": 5.0, "warm_up": "1m"}, 0.0),
        ({"users": 50, "spawn_rate": 5.0, "duration": "10m", "warm_up": "1m"}, 2.0),
        ({"stages": STAGES}, 3.0),
        ({"arrival_rate": 50.0}, 0.0),
    ],
)
def test_it_is_shortened_with_its_workflow(load: dict[str, Any], least_s: float) -> None:
    limits = {"p95_ms": "< 1", "completion_rate": ">= 1", "p95_variation": "< 0.1"}
    if "stages" not in load:
        del limits["p95_variation"]
    data = table(load, thresholds=limits)
    found = parse_scenario(PurePath("day.toml"), data, shortened(data))
    assert found.load is not None
    assert (found.load.duration_s, found.load.goes_on) == (least_s, True)
    assert found.load.warm_up_s is None or found.load.warm_up_s <= 1.0
    assert [limit.metric for limit in found.thresholds] == ["p95_ms", "completion_rate"]
    assert found.thresholds[0].holds_for(9e8)
