"""The [e2e] table of a scenario file, by way of the whole file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tui.catalogue import read_scenario, shipped_root
from tui.core.e2e.workflow import Check, Poll, Step, Workflow
from tui.core.problem import InputError
from tui.core.scenario import Scenario, parse_scenario

CAPTURE = {"name": "capture", "picture": ""}
STORE = {"name": "store", "operation": "store", "send": "capture", "save": {"id": "id"}}
DELETE = {"name": "delete", "operation": "delete"}


def parsed(*steps: dict[str, Any], whole: dict[str, Any] | None = None, **e2e: Any) -> Scenario:
    data = {"kind": "e2e", "title": "x", "e2e": {"steps": list(steps), **e2e}, **(whole or {})}
    return parse_scenario(PurePath("x.toml"), data, {})


def workflow(*steps: dict[str, Any], **e2e: Any) -> Workflow:
    found = parsed(*steps, **e2e).workflow
    assert found is not None
    return found


def wrong(*steps: dict[str, Any], whole: dict[str, Any] | None = None, **e2e: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        parsed(*steps, whole=whole, **e2e)
    return [line.removeprefix("x.toml:") for line in str(caught.value).splitlines()]


def test_the_shipped_one_is_understood() -> None:
    path = shipped_root() / "scenarios/e2e/capture-to-storage.toml"
    scenario = read_scenario(path, {})
    found = scenario.workflow
    assert found is not None
    assert found.names == ("capture", "predict", "store", "retrieve", "delete", "gone")
    assert found.rounds == 3
    assert found.steps[3].checks == (Check("body", hash_of="capture"),)
    assert found.steps[2].checks == (
        Check("sha256", equals="{capture.sha256}"),
        Check("created_at", within_s=300.0),
    )
    gone = Step("gone", "retrieve", status=(404, 410))
    assert found.cleanup == (Step("delete", "delete"), gone)
    assert (scenario.plan, scenario.asks_service) == ("6 steps, 3 rounds", True)


def test_all_of_a_step_is_read() -> None:
    step = {
        **STORE,
        "values": {"name": "{round.id}.jpg", "limit": 10},
        "status": [201],
        "expect": {"size": 3, "json:/a/0": {"type": "integer", "least": 1, "most": 9}},
        "within_ms": 500,
        "poll": {"within": "10s", "every": "200ms"},
        "timeout": "2s",
    }
    assert workflow(CAPTURE, step, rounds=4, at_once=2, every="5s") == Workflow(
        steps=(
            Step("capture"),
            Step(
                "store",
                "store",
                send="capture",
                values=(("name", "{round.id}.jpg"), ("limit", "10")),
                status=(201,),
                checks=(
                    Check("size", equals=3),
                    Check("json:/a/0", type="integer", least=1, most=9),
                ),
                within_ms=500,
                save=(("id", "id"),),
                poll=Poll(0.2, 10.0),
                timeout_s=2.0,
            ),
        ),
        rounds=4,
        at_once=2,
        every_s=5.0,
    )


def test_a_camera_is_named_by_the_picture() -> None:
    assert workflow({"name": "capture", "picture": "gate"}).steps[0].camera == "gate"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"name": "a b", "operation": "health"}, "e2e.steps.2.name: a step's name has up to 32"),
        ({"name": "capture", "operation": "health"}, 'e2e.steps.2.name: there is a step "capture"'),
        ({"name": "x"}, "e2e.steps.2: needs an operation, or picture"),
        ({"operation": "health"}, "e2e.steps.2.name: is missing"),
        ({**STORE, "opration": 1}, 'e2e.steps.2.opration: unknown key (did you mean "operation"?)'),
        ({**STORE, "picture": ""}, "e2e.steps.2.operation: a step takes a picture or asks"),
        (
            {"name": "x", "picture": "", "expect": {"body": "x"}},
            "e2e.steps.2.expect: no part of a step that takes a picture",
        ),
        (
            {"name": "x", "picture": "", "timeout": "5s"},
            "e2e.steps.2.timeout: the camera's own holds",
        ),
        (
            {**STORE, "send": "captur"},
            'e2e.steps.2.send: no step before this one saves "captur" (did you mean "capture"?)',
        ),
        (
            {**STORE, "values": {"id": "{image}"}},
            'e2e.steps.2.values.id: no step before this one saves "image"',
        ),
        (
            {**STORE, "values": {"id": "{id}"}},
            'e2e.steps.2.values.id: no step before this one saves "id"',
        ),
        (
            {**STORE, "values": {"id": "{capture}"}},
            "e2e.steps.2.values.id: {capture} is a picture (meant {capture.sha256}?)",
        ),
        (
            {**STORE, "expect": {"sha256": "{capture.sha25}"}},
            'e2e.steps.2.expect.sha256: no step before this one saves "capture.sha25" (did you',
        ),
        (
            {**STORE, "expect": {"body": {"hash_of": "image"}}},
            'e2e.steps.2.expect.body.hash_of: no step before this one saves "image"',
        ),
        ({**STORE, "expect": {"size": {}}}, "e2e.steps.2.expect.size: expects nothing: it needs"),
        (
            {**STORE, "expect": {"size": {"lest": 3}}},
            'e2e.steps.2.expect.size.lest: unknown key (did you mean "least"?)',
        ),
        (
            {**STORE, "expect": {"size": {"least": 5, "most": 3}}},
            "e2e.steps.2.expect.size.least: more than most (3)",
        ),
        (
            {**STORE, "expect": {"size": float("nan")}},
            "e2e.steps.2.expect.size: nothing is ever equal to that",
        ),
        ({**STORE, "expect": {"size": [1]}}, "e2e.steps.2.expect.size: expected "),
        (
            {**STORE, "expect": {"/id": 1}},
            'e2e.steps.2.expect./id: "/id" is no place in an answer (meant "json:/id"?)',
        ),
        ({**STORE, "save": {"id": "json:id"}}, 'e2e.steps.2.save.id: "json:id" is no place in'),
        ({**STORE, "save": {"run": "id"}}, "e2e.steps.2.save.run: the name stands for the run"),
        ({**STORE, "save": {"capture": "id"}}, "e2e.steps.2.save.capture: a step before it saves"),
        ({**STORE, "status": [99]}, "e2e.steps.2.status: 99 is no status that ends a request"),
        ({**STORE, "timeout": "0s"}, "e2e.steps.2.timeout: from 100ms to 10m"),
        ({**STORE, "within_ms": 20_000}, "e2e.steps.2.within_ms: longer than its timeout (15 s)"),
        (
            {**STORE, "poll": {"within": "1s", "every": "2s"}},
            "e2e.steps.2.poll.every: longer than within",
        ),
    ],
)
def test_a_mistake_in_a_step_is_one_line(step: dict[str, Any], said: str) -> None:
    (line,) = wrong(CAPTURE, step)
    assert line.startswith(said)


@pytest.mark.parametrize(
    ("e2e", "said"),
    [
        ({"rounds": 0}, "e2e.rounds: from 1 to 100 000"),
        ({"rounds": 40, "at_once": 17}, "e2e.at_once: from 1 to 16"),
        ({"rounds": 2, "at_once": 3}, "e2e.at_once: more than there are rounds"),
        ({"every": "2h"}, "e2e.every: from 0s to 1h"),
        ({"cleanup": [CAPTURE | {"name": "c"}]}, "e2e.cleanup.1.picture: no part of a clean-up"),
        (
            {"cleanup": [{**DELETE, "values": {"id": "{idd}"}}]},
            'e2e.cleanup.1.values.id: no step before this one saves "idd"',
        ),
    ],
)
def test_a_mistake_of_the_table_is_one_line(e2e: dict[str, Any], said: str) -> None:
    (line,) = wrong(CAPTURE, STORE, **e2e)
    assert line.startswith(said)


def test_too_many_steps_and_none_are_told() -> None:
    steps = [{"name": f"s{number}", "operation": "health"} for number in range(51)]
    assert wrong(*steps) == ["e2e.steps: at most 50, the clean-up counted in"]
    assert wrong() == ["e2e.steps: a workflow has at least one"]


def test_what_a_wrong_step_may_have_saved_is_not_missed() -> None:
    step = {"name": "fetch", "operation": "retrieve", "values": {"id": "{id}"}}
    assert wrong(CAPTURE, {**STORE, "save": 3}, step) == [
        "e2e.steps.2.save: expected a table, got a whole number"
    ]


def test_a_value_is_known_to_the_steps_behind_and_to_the_clean_up() -> None:
    step = {"name": "fetch", "operation": "retrieve", "values": {"id": "{id}"}, "send": "id"}
    assert workflow(CAPTURE, STORE, step, cleanup=[{**DELETE, "values": {"id": "{id}"}}])


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (
            {"cameras": {}},
            ['cameras: is no part of a workflow (meant kind = "benchmark"?)'],
        ),
        (
            {"thresholds": {"p95_ms": "< 5"}},
            ['thresholds.p95_ms: unknown metric (did you mean "step_ms"?)'],
        ),
        (
            {"thresholds": {"completion_rate": "< 1"}},
            ['thresholds.completion_rate: of completion_rate more is better (meant "> 1"?)'],
        ),
        (
            {"goals": {"completion_rate": ">= 99"}},
            ["goals.completion_rate: completion_rate is a fraction from 0 to 1"
             ' (meant ">= 0.99"?)'],
        ),
        (
            {"thresholds": {"round_s": {"limit": "< 5", "abort": True}}},
            ["thresholds.round_s.abort: a workflow is judged when the run is over: no limit ends"
             " it (leave abort out?)"],
        ),
    ],
)  # fmt: skip
def test_what_else_stands_in_the_file_must_be_of_a_workflow(
    whole: dict[str, Any], said: list[str]
) -> None:
    assert wrong(CAPTURE, whole=whole) == said


def test_the_table_has_its_kind() -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(PurePath("x.toml"), {"kind": "e2e", "title": "x"}, {})
    assert str(caught.value) == "x.toml:e2e: is missing"
    with pytest.raises(InputError) as caught:
        parse_scenario(
            PurePath("x.toml"), {"kind": "e2", "title": "x", "e2e": {"steps": [CAPTURE]}}, {}
        )
    assert str(caught.value).startswith('x.toml:kind: unknown kind "e2"')
    assert len(caught.value.problems) == 1
