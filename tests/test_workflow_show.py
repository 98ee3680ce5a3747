"""How the command line tells of a workflow that is not run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

import pytest

from tests.lib.machine import Machine
from tests.lib.typing_in import Type, typing_in
from tests.test_requests import requests
from tui.catalogue import parse_toml, shipped_root
from tui.cli.requests import opening
from tui.cli.workflow_show import workflow_lines
from tui.core.config import parse_config
from tui.core.problem import InputError
from tui.core.scenario import parse_scenario


@pytest.fixture
def type_in(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Type]:
    with typing_in(machine, monkeypatch, capsys) as typed:
        yield typed


def test_the_list_says_how_many_steps_and_rounds(type_in: Type) -> None:
    finished = type_in("list", "e2e")
    assert finished.code == 0
    heading, line = finished.out.splitlines()
    assert heading == "e2e (1)"
    assert line.split("  ")[:2] == ["capture-to-storage", "5 steps, 3 rounds"]


def test_show_tells_each_step_and_fits_the_screen(type_in: Type) -> None:
    finished = type_in("show", "capture-to-storage")
    assert finished.code == 0
    lines = finished.out.splitlines()
    assert "  does    5 steps, 3 rounds" in lines
    assert "  steps   capture   picture of the first camera" in lines
    assert "          predict   predict with capture, within 2 s; checks objects" in lines
    assert "  cleanup delete    delete" in lines
    assert all(len(line) < 80 for line in lines[:-1])


def test_validate_finds_it_in_order(type_in: Type) -> None:
    finished = type_in("validate", "capture-to-storage")
    assert (finished.code, finished.out) == (0, "capture-to-storage: in order\n")


def test_polls_and_the_pace_of_rounds_are_told() -> None:
    step = {"name": "wait", "operation": "health", "poll": {"within": "10s"}}
    e2e = {"rounds": 4, "at_once": 2, "every": "5s", "steps": [step]}
    data = {"kind": "e2e", "title": "x", "e2e": e2e}
    found = parse_scenario(PurePath("x.toml"), data, {}).workflow
    assert found is not None
    lines = list(workflow_lines(found))
    assert lines[0] == ("does", "1 step, 4 rounds, 2 at once; one begins every 5 s at most")
    assert lines[1] == ("steps", "wait  health, asked every 1 s until right, 10 s at most")


def test_several_runs_do_not_claim_to_know_how_long_a_workflow_takes() -> None:
    asked = requests("smoke", "capture-to-storage", no_cool_down=True)
    assert opening(asked) == "2 runs of 30 s and 1 workflow in all"
    asked = requests("capture-to-storage", "capture-to-storage", no_cool_down=True)
    assert opening(asked) == "2 runs of 2 workflows in all"


@pytest.mark.parametrize("options", [{"duration": "5m"}, {"users": 5}])
def test_what_a_workflow_has_not_can_not_be_set(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match="capture-to-storage"):
        requests("capture-to-storage", **options)


def test_its_rounds_can_be_set() -> None:
    (request,) = requests("capture-to-storage", settings=("e2e.rounds=10",))
    assert request.scenario.plan == "5 steps, 10 rounds"


def test_the_operations_in_the_comments_of_the_configuration_are_in_order() -> None:
    text = (shipped_root() / "config.toml").read_text(encoding="utf-8")
    start = text.index("# [targets.production.operations.store]")
    block = text[start : text.index("\n\n", start)]
    tables = parse_toml("\n".join(line.removeprefix("#") for line in block.splitlines()))
    tables["targets"]["production"]["url"] = "https://cameras.example.com"
    found = parse_config("config.toml", tables).target("production").operations
    assert {each.name: each.path for each in found}["delete"] == "/v2/blobs/{id}"
