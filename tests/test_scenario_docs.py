"""scenarios/README.md against the code: nothing is left out, nothing is made up."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tui.catalogue import find_scenarios, is_campaign, parse_toml, shipped_root
from tui.cli.locustfile import locustfile_problems
from tui.core import campaign
from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.camera.metrics import parse_camera_limit
from tui.core.camera.plan import CamerasTable
from tui.core.campaign import Campaign, parse_campaign
from tui.core.e2e.check_table import CheckTable
from tui.core.e2e.deed_table import CertificateTable, DecideTable, MakeTable
from tui.core.e2e.detection import DetectionShape
from tui.core.e2e.likeness_table import DetectionTable, LikenessTable
from tui.core.e2e.metric_table import WORKFLOW_METRICS
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.e2e.operation_table import OperationTable
from tui.core.e2e.pages_table import PagesTable
from tui.core.e2e.poll_table import PollTable
from tui.core.e2e.smoke_table import SmokeTable, SmokeTestTable
from tui.core.e2e.step_table import StepTable
from tui.core.e2e.table import WorkflowTable
from tui.core.e2e.words import words_in
from tui.core.e2e.workflow import Step
from tui.core.limit_table import LimitTable
from tui.core.limits import METRICS, parse_limit
from tui.core.load_table import ArrivalTable, LoadTable
from tui.core.own_limit import parse_own_limit
from tui.core.scenario import Scenario, parse_scenario
from tui.core.scenario_table import PREFIXES, ScenarioFile
from tui.core.search_table import SearchTable
from tui.core.stage_table import StageTable
from tui.core.storage.metric_table import STORAGE_METRICS
from tui.core.storage.plan import StorageTable
from tui.core.stress import burner_tables as burners
from tui.core.stress.fault_table import FaultTable
from tui.core.stress.table import StressTable

FILE = shipped_root() / "scenarios" / "README.md"
TEXT = FILE.read_text(encoding="utf-8")
TABLES: dict[str, type[msgspec.Struct]] = {
    "Keys of the file": ScenarioFile,
    "Keys of [load]": LoadTable,
    "Keys of a stage": StageTable,
    "Keys of an arrival rate": ArrivalTable,
    "Keys of a search": SearchTable,
    "Keys of a threshold": LimitTable,
    "Keys of [stress]": StressTable,
    "Keys of [stress.cpu]": burners.CpuTable,
    "Keys of [stress.memory]": burners.MemoryTable,
    "Keys of [stress.storage]": burners.StorageTable,
    "Keys of [stress.network]": burners.NetworkTable,
    "Keys of [stress.gpu]": burners.GpuTable,
    "Keys of [stress.exhaust]": burners.ExhaustTable,
    "Keys of [stress.metadata]": burners.MetadataTable,
    "Keys of [stress.disk]": burners.DiskTable,
    "Keys of a fault": FaultTable,
    "Keys of [cameras]": CamerasTable,
    "Keys of [storage]": StorageTable,
    "Keys of [e2e]": WorkflowTable,
    "Keys of a step": StepTable,
    "Keys of make": MakeTable,
    "Keys of a rule": DecideTable,
    "Keys of a certificate": CertificateTable,
    "Keys of pages": PagesTable,
    "Keys of an expected place": CheckTable,
    "Keys of a likeness": LikenessTable,
    "Keys of an object": DetectionTable,
    "Keys of a poll": PollTable,
    "Keys of an operation": OperationTable,
    "Keys of a target's detection": DetectionShape,
    "Keys of [smoke]": SmokeTable,
    "Keys of a smoke test": SmokeTestTable,
    "A campaign": campaign._File,
    "Keys of [campaign]": campaign._RunsTable,
}
NEEDED, NOTHING = "needed", "–"


def section(heading: str) -> str:
    """What stands below a heading, up to the next one."""
    _, _, rest = TEXT.partition(f"# {heading}\n")
    assert rest, f"there is no section {heading}"
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(heading: str) -> dict[str, list[str]]:
    """First cell without its quotes, and the other cells, of the section's table."""
    found = {}
    for line in section(heading).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("| `"):
            name, *others = cells
            found[name.strip("`")] = others
    return found


def code(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


def default(field: msgspec.structs.FieldInfo) -> str:
    """As the page writes it."""
    if field.required:
        return NEEDED
    value = field.default
    if value is msgspec.NODEFAULT:
        value = field.default_factory()
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{value:g}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`".replace("'", '"')


@pytest.mark.parametrize("heading", TABLES)
class TestTheKeys:
    def test_are_those_that_the_code_knows(self, heading: str) -> None:
        fields = msgspec.structs.fields(TABLES[heading])
        assert set(rows(heading)) == {field.encode_name for field in fields}

    def test_have_the_defaults_that_the_code_has(self, heading: str) -> None:
        documented = rows(heading)
        for field in msgspec.structs.fields(TABLES[heading]):
            _, said, *_ = documented[field.encode_name]
            assert said == default(field), field.encode_name

    def test_have_an_example_that_the_code_reads(self, heading: str) -> None:
        needed = {"kind": "load", "title": "x", "users": 1, "duration": "1s", "to": 1.0}
        needed |= {"limit": "< 1", "load": {}, "runs": ["x"], "campaign": {"runs": ["x"]}}
        needed |= {"name": "x", "within": "5s", "of": "x", "items": "x", "id": "/id"}
        needed |= {"objects": [], "class": "x", "confidence": 0.5, "box": [0, 0, 1, 1]}
        needed |= {"group": "x"}
        struct = TABLES[heading]
        required = {field.encode_name for field in msgspec.structs.fields(struct) if field.required}
        for key, (*_, example) in rows(heading).items():
            data = parse_toml(example.strip("`"))
            assert set(data) == {key}
            base: Mapping[str, Any] = {name: needed[name] for name in required}
            if struct is campaign._File:
                base = {**base, "kind": "campaign"}
            msgspec.convert({**base, **data}, struct)

    def test_say_what_they_are(self, heading: str) -> None:
        for key, (kind, _, what, _) in rows(heading).items():
            assert kind, key
            assert what.endswith("."), key


def test_every_metric_is_there_with_an_example_that_is_a_limit() -> None:
    found = rows("Metrics")
    assert set(found) == set(METRICS)
    for metric, (unit, what, example) in found.items():
        assert unit
        assert what
        ((name, text),) = parse_toml(example.strip("`")).items()
        assert name == metric
        parse_limit(metric, text)


def test_every_metric_of_a_camera_is_there_with_an_example_that_is_a_limit() -> None:
    found = rows("Metrics of a camera")
    assert set(found) == set(CAMERA_METRICS)
    for metric, (unit, what, example) in found.items():
        assert unit
        assert what
        ((name, text),) = parse_toml(example.strip("`")).items()
        assert name == metric
        assert parse_camera_limit(metric, text)


def test_every_metric_of_a_workflow_is_there_with_an_example_that_is_a_limit() -> None:
    found = rows("Metrics of a workflow")
    assert set(found) == set(WORKFLOW_METRICS)
    for metric, (unit, what, example) in found.items():
        assert unit
        assert what
        ((name, text),) = parse_toml(example.strip("`")).items()
        assert name == metric
        assert parse_own_limit(WORKFLOW_METRICS, metric, text)


def test_every_metric_of_storage_is_there_with_an_example_that_is_a_limit() -> None:
    found = rows("Metrics of storage")
    assert set(found) == set(STORAGE_METRICS)
    for metric, (unit, what, example) in found.items():
        assert unit
        assert what
        ((name, text),) = parse_toml(example.strip("`")).items()
        assert name == metric
        assert parse_own_limit(STORAGE_METRICS, metric, text)


def parsed(text: str) -> Scenario | Campaign:
    """An example as the file that it means to be."""
    data = parse_toml(text)
    prefix = PREFIXES.get(data["kind"], "")
    path = FILE.parent / "load" / f"{prefix}example.toml"
    return parse_campaign(path, data) if is_campaign(data) else parse_scenario(path, data, {})


@pytest.mark.parametrize("text", code("toml"), ids=lambda text: str(parse_toml(text)["title"]))
def test_every_example_is_in_order(text: str) -> None:
    example = parsed(text)
    is_shipped = (
        isinstance(example, Scenario)
        and example.load is not None
        and (FILE.parent / "load" / example.load.locustfile).is_file()
    )
    if isinstance(example, Scenario) and is_shipped:
        assert locustfile_problems(example) == []
    if isinstance(example, Campaign):
        shipped = {path.stem for path in FILE.parent.rglob("*.toml")}
        assert set(example.runs) <= shipped


def test_there_is_an_example_of_each_kind_and_each_model_of_load() -> None:
    examples = [parsed(text) for text in code("toml")]
    loads = [each.load for each in examples if isinstance(each, Scenario) and each.load]
    assert any(isinstance(each, Campaign) for each in examples)
    assert any(load.stages for load in loads)
    assert any(load.arrival for load in loads)
    assert any(load.shape for load in loads)
    assert any(load.search for load in loads)
    assert any(not (load.stages or load.arrival or load.shape or load.search) for load in loads)
    assert any(isinstance(each, Scenario) and each.stress for each in examples)
    assert any(isinstance(each, Scenario) and each.cameras for each in examples)
    assert any(isinstance(each, Scenario) and each.storage for each in examples)
    workflows = [each.workflow for each in examples if isinstance(each, Scenario) and each.workflow]
    assert any(workflow.tests for workflow in workflows)
    assert any(not workflow.tests for workflow in workflows)


def test_the_locustfile_is_one(tmp_path: Path) -> None:
    (text,) = code("python")
    path = tmp_path / "visitors.py"
    path.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(path), "--list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Visitor" in done.stdout, done.stderr
    examples = [parsed(text) for text in code("toml")]
    loads = [each.load for each in examples if isinstance(each, Scenario) and each.load]
    shapes = {load.shape for load in loads} - {""}
    for shape in shapes:
        assert f"class {shape}(LoadTestShape)" in text


def test_the_first_page_names_every_scenario_and_campaign() -> None:
    page = (shipped_root() / "README.md").read_text(encoding="utf-8")
    parts = [page.partition(f"\n## {part}\n")[2] for part in ("Scenarios", "Stress")]
    assert all(parts)
    named = {
        name for part in parts for name in re.findall(r"`([a-z0-9-]+)`", part.partition("\n## ")[0])
    }
    assert {path.stem for path in FILE.parent.rglob("*.toml")} <= named


def shipped_steps(operation: str) -> list[Step]:
    """Those of all shipped workflows that ask for it."""
    scenarios = find_scenarios(None).contents().scenarios
    workflows = [each.workflow for each in scenarios if each.workflow is not None]
    steps = [step for workflow in workflows for step in workflow.all_steps]
    return [step for step in steps if step.operation == operation]


def row_of(operation: Operation) -> list[str]:
    """What the page says of a usual operation. Names that no shipped workflow needs stand in
    parentheses."""
    steps = shipped_steps(operation.name)
    texts = (*operation.templates, operation.body)
    words = [word for text in texts for word in words_in(text)]
    words += [word for step in steps for word, _ in step.values]
    needed = {check.place for step in steps for check in step.checks}
    needed |= {place for step in steps for _, place in step.save}
    for pages in (step.pages for step in steps if step.pages is not None):
        needed |= {pages.items, pages.id, pages.name, pages.order, *pages.fields}

    def named(pairs: tuple[tuple[str, str], ...]) -> str:
        each = (f"`{name}` `{place}`" for name, place in pairs)
        is_needed = (name in needed for name, _ in pairs)
        return ", ".join(
            text if has else f"({text})" for text, has in zip(each, is_needed, strict=True)
        )

    sent = {"nothing": NOTHING, "json": f"`{operation.body}`", "form": "the file, in a form"}
    gives = "; of a record ".join(filter(None, [named(operation.gives), named(operation.record)]))
    return [
        f"`{operation.method} {operation.path}`",
        ", ".join(f"`{key}={text}`" for key, text in operation.query) or NOTHING,
        sent[operation.sends],
        ", ".join(f"`{word}`" for word in dict.fromkeys(words)) or NOTHING,
        ", ".join(map(str, operation.status)),
        gives or NOTHING,
    ]


def test_the_usual_operations_are_those_of_the_code_and_of_the_shipped_workflows() -> None:
    assert rows("The usual operations") == {each.name: row_of(each) for each in OPERATIONS}
