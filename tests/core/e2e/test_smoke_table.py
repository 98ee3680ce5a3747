"""The [smoke] table of a scenario file, by way of the whole file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import pytest

from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Step, Workflow
from tui.core.problem import InputError
from tui.core.scenario import Scenario, parse_scenario

UP = {
    "id": "SMK-01", "title": "It answers", "group": "health",
    "steps": [{"name": "up", "operation": "health"}],
}  # fmt: skip
STORED = {
    "id": "SMK-02", "title": "A photo is stored", "group": "journeys",
    "steps": [
        {"name": "capture", "picture": ""},
        {"name": "store", "operation": "store", "send": "capture", "save": {"id": "id"}},
    ],
}  # fmt: skip
DELETE = {"name": "delete", "operation": "delete", "values": {"id": "{id}"}}


def parsed(*tests: dict[str, Any], whole: dict[str, Any] | None = None, **smoke: Any) -> Scenario:
    data = {"kind": "smoke", "title": "x", "smoke": {"tests": list(tests), **smoke}}
    return parse_scenario(PurePath("x.toml"), {**data, **(whole or {})}, {})


def wrong(*tests: dict[str, Any], whole: dict[str, Any] | None = None, **smoke: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        parsed(*tests, whole=whole, **smoke)
    return [line.removeprefix("x.toml:") for line in str(caught.value).splitlines()]


def test_a_suite_is_a_workflow_whose_steps_belong_to_tests() -> None:
    limits = {"thresholds": {"step_ms": "< 500"}}
    suite = parsed(UP, STORED, timeout="30s", values={"a": 1}, cleanup=[DELETE], whole=limits)
    assert suite.workflow == Workflow(
        steps=(
            Step("up", "health"),
            Step("capture"),
            Step("store", "store", send="capture", save=(("id", "id"),)),
        ),
        cleanup=(Step("delete", "delete", values=(("id", "{id}"),)),),
        values=(("a", "1"),),
        tests=(
            SmokeTest("SMK-01", "It answers", "health", ("up",)),
            SmokeTest("SMK-02", "A photo is stored", "journeys", ("capture", "store")),
        ),
        test_timeout_s=30.0,
    )
    assert (suite.kind, suite.plan, suite.asks_service) == ("smoke", "2 tests", True)
    assert [limit.metric for limit in suite.thresholds] == ["step_ms"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "SMK-01"}, "tests.2.id: there is a test SMK-01 already"),
        ({"id": "smk-02"}, 'tests.2.id: "smk-02": capitals, digits and dashes'),
        ({"id": "1"}, 'tests.2.id: "1": capitals, digits and dashes'),
        ({"title": " "}, "tests.2.title: 1 to 60 characters on one line"),
        ({"title": "a\nb"}, "tests.2.title: 1 to 60 characters on one line"),
        ({"group": "x" * 21}, "tests.2.group: 1 to 20 characters on one line"),
        ({"steps": []}, "tests.2.steps: a test has at least one"),
        ({"step": []}, 'tests.2.step: unknown key (did you mean "steps"?)'),
        ({"steps": UP["steps"]}, 'tests.2.steps.1.name: there is a step "up" already'),
        (
            {"steps": [{**DELETE, "values": {"id": "{idd}"}}]},
            'tests.2.steps.1.values.id: no step before this one saves "idd"',
        ),
        (
            {"steps": [{**DELETE, "values": {"id": "{target.x}"}}]},
            'tests.2.steps.1.values.id: {target.x} needs a value for targets that have none: x = "',
        ),
    ],
)
def test_a_mistake_of_a_test_is_one_line(changes: dict[str, Any], said: str) -> None:
    other = {"id": "SMK-09", "title": "x", "group": "health", "steps": [{**DELETE, "values": {}}]}
    (line,) = wrong(UP, {**other, **changes})
    assert line.startswith(f"smoke.{said}")


@pytest.mark.parametrize(
    ("smoke", "said"),
    [
        ({"timeout": "0s"}, "smoke.timeout: from 1s to 10m"),
        ({"rounds": 3}, "smoke.rounds: unknown key"),
        ({"values": {"a b": 1}}, "smoke.values.a b: a name in braces has letters, digits"),
        ({"values": {"a": "{round.id}"}}, "smoke.values.a: a value is what words stand for"),
        ({"cleanup": [{"name": "c", "picture": ""}]}, "smoke.cleanup.1.picture: no part of a cl"),
    ],
)
def test_a_mistake_of_the_table_is_one_line(smoke: dict[str, Any], said: str) -> None:
    (line,) = wrong(UP, **smoke)
    assert line.startswith(said)


def test_none_and_too_many_tests_are_told() -> None:
    assert wrong() == ["smoke.tests: a suite has 1 to 50"]
    many = [{**UP, "id": f"T-{number}"} for number in range(51)]
    assert "smoke.tests: a suite has 1 to 50" in wrong(*many)


def test_a_later_test_knows_what_an_earlier_one_saved() -> None:
    last = {**UP, "id": "SMK-03", "steps": [{**DELETE, "name": "read", "operation": "retrieve"}]}
    assert parsed(STORED, last)
    assert wrong(last, STORED)[0].startswith(
        'smoke.tests.1.steps.1.values.id: no step before this one saves "id"'
    )


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        ({"load": {"users": 1, "duration": "1s"}}, "load: is no part of a smoke suite"),
        (
            {"e2e": {"steps": UP["steps"]}},
            'e2e: is no part of a smoke suite (meant kind = "e2e"?)',
        ),
        ({"kind": "e2e"}, 'smoke: is no part of a workflow (meant kind = "smoke"?)'),
        ({"kind": "smok"}, 'kind: unknown kind "smok" (known: '),
    ],
)
def test_what_else_stands_in_the_file_must_be_of_a_suite(whole: dict[str, Any], said: str) -> None:
    assert wrong(UP, whole=whole)[0].startswith(said)
