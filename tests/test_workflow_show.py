"""How the command line tells of a workflow that is not run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import pytest

from tests.lib.machine import Machine
from tests.lib.typing_in import Type, typing_in
from tests.test_requests import requests
from tui.cli.requests import opening
from tui.cli.workflow_show import workflow_lines
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
    heading, *lines = finished.out.splitlines()
    assert heading == f"e2e ({len(lines)})"
    (line,) = (each for each in lines if each.startswith("capture-to-storage "))
    assert line.split("  ", 1)[1].strip().startswith("3 × 6 steps  ")


def test_show_tells_each_step_and_fits_the_screen(type_in: Type) -> None:
    finished = type_in("show", "capture-to-storage")
    assert finished.code == 0
    lines = finished.out.splitlines()
    assert "  does    6 steps, 3 rounds" in lines
    assert "  steps   capture   picture of the first camera" in lines
    assert "          predict   predict with capture, within 2 000 ms; checks objects" in lines
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
def test_what_a_workflow_has_not_can_not_be_set(options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="capture-to-storage"):
        requests("capture-to-storage", **options)


def test_its_rounds_can_be_set() -> None:
    (request,) = requests("capture-to-storage", settings=("e2e.rounds=10",))
    assert request.scenario.plan == "6 steps, 10 rounds"


SUITE = """
kind = "smoke"
title = "After the update"

[smoke]
timeout = "30s"
values = { line = "dock 3" }
cleanup = [{ name = "delete", operation = "delete", each = "put" }]

[[smoke.tests]]
id = "SMK-01"
title = "It answers"
group = "health"
steps = [{ name = "up", operation = "health", within_ms = 100 }]

[[smoke.tests]]
id = "SMK-02"
title = "Photos are stored and come back"
group = "data integrity"

[[smoke.tests.steps]]
name = "capture"
picture = ""

[[smoke.tests.steps]]
name = "half"
make = { of = "capture", keep = 0.5, flip = 3 }

[[smoke.tests.steps]]
name = "refused"
operation = "store"
send = "half"
values = { name = "half" }
status = [400]

[[smoke.tests.steps]]
name = "put"
operation = "store"
send = "capture"
values = { name = "{round.id}" }
repeat = 20
unique = true
at_once = 4
most_failed = 0.1
p95_ms = 500
save = { id = "id" }

[[smoke.tests.steps]]
name = "listed"
operation = "list"
values = { limit = "{page.size}", offset = "{page.offset}" }
pages = { items = "items", id = "id", of = "put" }

[[smoke.tests.steps]]
name = "golden"
operation = "predict"
send_file = "golden/two.jpg"
bearer = ""
save = { objects = "objects" }

[[smoke.tests.steps]]
name = "rule"
decide = { of = "objects", class = "box", then = "open" }

[[smoke.tests.steps]]
name = "act"
simulate = "gate: {rule}"
"""


def test_show_tells_the_tests_of_a_suite_by_their_groups(machine: Machine, type_in: Type) -> None:
    (machine.scenarios / "suite.toml").write_text(SUITE)
    (machine.scenarios / "golden").mkdir()
    (machine.scenarios / "golden" / "two.jpg").write_bytes(b"jpeg")
    finished = type_in("show", "suite", "--scenarios", f"{machine.scenarios}")
    assert (finished.code, finished.err) == (0, "")
    assert finished.out.splitlines()[1:-1] == [
        "  does    2 tests, 30 s each at most",
        "  tests   health",
        "            SMK-01  It answers",
        "              up  health, within 100 ms",
        "          data integrity",
        "            SMK-02  Photos are stored and come back",
        "              capture  picture of the first camera",
        "              half     damaged copy of capture, its first 50 %, 3 bytes changed",
        "              refused  store with half; checks status 400",
        "              put      store with capture; 20 times, 4 at once, each with bytes",
        "                       of its own; up to 10 % may fail; 95 of 100 within 500 ms;",
        "                       saves id",
        "              listed   list; read to its end: all that put made is there",
        "              golden   predict with golden/two.jpg, without a token; saves",
        "                       objects",
        "              rule     rule on objects, open for box from 0.5, else no",
        "              act      simulated action, gate: {rule}",
        "  cleanup delete  delete; for each item of put",
        "  values  {target.line} is dock 3, unless the target has its own",
        "  fails   a test that fails or is skipped, and anything left on the service, too",
        "  passes  none",
        "  goals   none",
    ]


def test_suites_are_a_kind_of_their_own(machine: Machine, type_in: Type) -> None:
    (machine.scenarios / "suite.toml").write_text(SUITE)
    finished = type_in("list", "smoke", "--scenarios", f"{machine.scenarios}")
    assert any(line.split() == ["suite", "2", "tests"] for line in finished.out.splitlines())


@pytest.mark.parametrize("command", ["validate", "show"])
def test_a_file_that_is_not_beside_the_scenario_is_told(
    machine: Machine, type_in: Type, command: str
) -> None:
    (machine.scenarios / "suite.toml").write_text(SUITE)
    finished = type_in(command, "suite", "--scenarios", f"{machine.scenarios}")
    assert finished.code == 2
    assert finished.err.startswith("suite.toml:step golden: send_file: there is no file ")


def test_a_workflow_of_an_openapi_document_says_so() -> None:
    data = {"kind": "e2e", "title": "x", "e2e": {"openapi": "/openapi.json"}}
    scenario = parse_scenario(PurePath("x.toml"), data, {})
    assert scenario.plan == "every operation of /openapi.json once"
    assert scenario.workflow is not None
    assert [label for label, _ in workflow_lines(scenario.workflow)] == ["does", "fails"]


def step_of(name: str, **changes: Any) -> dict[str, Any]:
    """A step of the workflow below, changed."""
    usual = {"store": {"values": {"name": "x"}, "send": "capture", "save": {"id": "id"}}}
    return {"name": name, "operation": name, **usual.get(name, {}), **changes}


def written(machine: Machine, *steps: dict[str, Any], config: str = "") -> None:
    """A workflow `mine` of these steps, and a configuration."""
    lines = ['kind = "e2e"', 'title = "Mine"']
    for step in ({"name": "capture", "picture": ""}, *steps):
        lines.append("[[e2e.steps]]")
        lines += [f"{key} = {toml(value)}" for key, value in step.items()]
    (machine.scenarios / "mine.toml").write_text("\n".join(lines))
    (machine.work / "config.toml").write_text(config)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {toml(each)}' for key, each in value.items())} }}"
    return json.dumps(value)


SHOP = '[targets.shop]\nurl = "http://127.0.0.1:9"\n'


@pytest.mark.parametrize("command", ["validate", "show"])
@pytest.mark.parametrize(
    ("step", "said"),
    [
        (step_of("retreive"), 'step retreive: unknown operation "retreive" (did you mean "retri'),
        (
            step_of("store", save={"id": "idd"}),
            'step store: store gives no "idd" (did you mean "id',
        ),
        (step_of("retrieve"), "step retrieve: retrieve needs {id}: values = {"),
        ({"name": "gate", "picture": "gate-9"}, 'step gate: unknown camera "gate-9"; known: patt'),
    ],
)
def test_what_no_target_offers_is_told_before_a_run(
    machine: Machine, type_in: Type, command: str, step: dict[str, Any], said: str
) -> None:
    written(machine, step, config=SHOP)
    finished = type_in(command, "mine", "--scenarios", f"{machine.scenarios}")
    assert finished.code == 2
    (line,) = finished.err.splitlines()
    assert line.startswith(f"mine.toml:{said}")
    assert line.endswith(" (looked at: demo, shop)") == ("camera" not in said)


class TestAWorkflowAndATarget:
    OWN = f"""{SHOP}
[targets.shop.operations]
predict_with_image = false
mark = {{ method = "POST", path = "/v2/marks/{{id}}" }}
"""

    def test_one_that_fits_is_enough_unless_one_is_named(
        self, machine: Machine, type_in: Type
    ) -> None:
        written(machine, step_of("store"), step_of("mark"), config=self.OWN)
        options = ("--scenarios", f"{machine.scenarios}")
        assert type_in("validate", "mine", *options).out == "mine: in order\n"
        assert type_in("validate", "mine", "--target", "shop", *options).code == 0
        finished = type_in("validate", "mine", "--target", "demo", *options)
        assert finished.code == 2
        (line,) = finished.err.splitlines()
        assert line.startswith('mine.toml:step mark: unknown operation "mark"; known: health, lo')
        assert "looked at" not in line

    def test_show_tells_how_it_is_asked_and_what_it_does_not_offer(
        self, machine: Machine, type_in: Type
    ) -> None:
        drawn = step_of("predict_with_image", send="capture")
        written(machine, step_of("store"), step_of("mark"), drawn, config=self.OWN)
        options = ("--scenarios", f"{machine.scenarios}")
        finished = type_in("show", "mine", "--target", "shop", *options)
        assert (finished.code, finished.err) == (0, "")
        rows = [line.split(None, 1)[1] for line in finished.out.splitlines()[3:6]]
        assert rows == [
            "POST /images with capture; saves id",
            "POST /v2/marks/{id}",
            "n/a: the target does not offer predict_with_image",
        ]
        usual = type_in("show", "mine", *options).out
        assert "mark                mark" in usual
        assert "n/a" not in usual

    def test_a_target_that_nobody_knows_is_told(self, type_in: Type) -> None:
        for command in ("show", "validate"):
            finished = type_in(command, "capture-to-storage", "--target", "shpo")
            assert finished.code == 2
            assert 'unknown target "shpo"' in finished.err


class TestAConfigurationAndTheWorkflows:
    """What of its operations fits no step is a warning: nothing is wrong with the file itself."""

    def told(self, machine: Machine, type_in: Type, operations: str) -> list[str]:
        (machine.work / "config.toml").write_text(f"{SHOP}[targets.shop.operations]\n{operations}")
        finished = type_in("validate", "config.toml")
        assert finished.code == 0
        assert finished.out.startswith("config.toml: in order, with ")
        return finished.err.splitlines()

    def test_a_word_that_no_workflow_gives_is_told_once(
        self, machine: Machine, type_in: Type
    ) -> None:
        query = 'list = { query = { limit = "{count}", from = "{offset}" } }'
        (line,) = self.told(machine, type_in, query)
        what = "[targets.shop.operations.list] query has {count}; the workflow gives limit, offset"
        assert line.startswith(f"warning: config.toml: {what}")
        assert line.endswith(" more can't be run on it")

    def test_so_is_what_an_answer_or_a_record_would_have_to_have(
        self, machine: Machine, type_in: Type
    ) -> None:
        own = 'store = { gives = { id = "json:/key" } }\nlist = { record = { key = "/key" } }'
        lines = self.told(machine, type_in, own)
        assert any("operations.store] gives has no sha256; it has: id: " in each for each in lines)
        assert any("operations.list] record has no id; it has: key: " in each for each in lines)

    def test_what_no_workflow_asks_for_may_be_a_slip(self, machine: Machine, type_in: Type) -> None:
        lines = self.told(machine, type_in, "predict_with_imag = false")
        what = "[targets.shop.operations] predict_with_imag: no workflow asks for it"
        assert lines == [f'warning: config.toml: {what} (did you mean "predict_with_image"?)']

    def test_what_is_not_offered_is_no_mistake(self, machine: Machine, type_in: Type) -> None:
        own = "predict_with_image = false\nlogin = false"
        (machine.work / "config.toml").write_text(f"{SHOP}[targets.shop.operations]\n{own}")
        finished = type_in("validate", "config.toml")
        assert (finished.out, finished.err) == ("config.toml: in order\n", "")


def test_the_suites_of_the_list_are_not_taken_for_the_load_of_that_name(type_in: Type) -> None:
    lines = type_in("list").out.splitlines()
    (heading,) = (line for line in lines if line.startswith("smoke ("))
    assert heading.endswith("): suites of short tests; `smoke` of load is none")
