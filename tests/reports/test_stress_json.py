from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.reports.reading import SCHEMA, validate
from tests.reports.runs import (
    EVIL,
    STRESSED,
    evil_stress,
    refused,
    stress_events,
    stress_facts,
    stress_view,
)
from tui.core.model import RunView
from tui.core.stress.toxics import Toxics
from tui.core.stress.view import BurnerView, FaultView, StressView
from tui.reports.course import course
from tui.reports.report import report, to_json
from tui.reports.session import session_report
from tui.reports.validation import documents, load_test, validation


def of(view: RunView) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(report(view)))
    validate(found)
    return found


@pytest.mark.parametrize("is_loaded", [True, False])
@pytest.mark.parametrize("stress", [STRESSED, StressView(part="before", step=0, left_s=4.0)])
def test_a_stress_has_a_report_by_the_schema(is_loaded: bool, stress: StressView) -> None:
    data = of(stress_view(is_loaded=is_loaded, stress=stress))
    assert (data["load"] is not None) is is_loaded
    assert data["stress"]["intent"] == "contend"


def test_a_run_without_a_stress_has_none() -> None:
    assert of(script.view_of(script.good_run(script.facts())))["stress"] is None


def test_every_key_of_a_stress_that_the_schema_knows_is_written() -> None:
    known = SCHEMA["properties"]["stress"]["properties"]
    stress = report(stress_view())["stress"]
    assert set(stress) == set(known)
    for part, keys in known.items():
        found, inner = stress[part], keys.get("items", keys).get("properties")
        if inner is not None:
            assert set(found[0] if isinstance(found, list) else found) == set(inner), part


def test_the_figures_of_a_stress_are_those_of_the_view() -> None:
    stress = of(stress_view())["stress"]
    cpu, gpu = stress["burners"]
    assert (cpu["asked"], cpu["reached"], cpu["totals"]) == (
        0.75,
        0.72,
        {"cpu_s": 43.2, "rounds": 9953.0},
    )
    assert (gpu["asked"], gpu["why_not"]) == (None, "no program that burns it is installed")
    assert [part["p95_ms"] for part in stress["parts"]] == [12.1, 22.3, 12.4]
    assert stress["health"]["outages"] == [{"from_s": 4.0, "until_s": 7.0}]
    assert [left["given_back"] for left in stress["left"]] == [True, False]
    assert stress["price"]["written_bytes"] == 1_234_000_000


def test_what_held_a_burner_and_what_became_of_the_service_are_data() -> None:
    memory = BurnerView(
        "memory", "share", mean_asked=0.8, mean_reached=0.3, held_by="floor", told_s=60, held_s=40
    )
    early = BurnerView("storage", "share", ended_by="signal 9", is_early=True)
    held = msgspec.structs.replace(
        STRESSED, burners=(memory, early), cut="asked", service_fate="restarted"
    )
    stress = of(stress_view(stress=held))["stress"]
    assert (stress["cut"], stress["service_fate"]) == ("asked", "restarted")
    first, second = stress["burners"]
    assert (first["held_by"], first["held_s"], first["told_s"]) == ("floor", 40, 60)
    assert (first["is_early"], second["is_early"]) == (False, True)


def test_the_steps_say_what_the_way_to_the_service_suffered_from() -> None:
    view = stress_view(is_loaded=True)
    plan = view.facts.scenario.stress
    assert plan is not None
    steps = (msgspec.structs.replace(plan.steps[0], toxics=Toxics(latency_ms=80)), plan.steps[1])
    scenario = msgspec.structs.replace(
        view.facts.scenario, stress=msgspec.structs.replace(plan, steps=steps)
    )
    facts = msgspec.structs.replace(view.facts, scenario=scenario)
    found = of(msgspec.structs.replace(view, facts=facts))["stress"]["steps"]
    assert found[0]["toxics"]["latency_ms"] == 80
    assert found[1] == {"duration_s": 30.0, "share": 1.0, "toxics": None}


@pytest.mark.parametrize("evil", [*EVIL, "endless" * 10_000])
def test_what_json_can_not_say_and_endless_words_are_not_in_it(evil: str) -> None:
    stress = of(stress_view(stress=evil_stress(evil)))["stress"]
    assert stress["limits"][0]["reached"] is None
    assert list(stress["burners"][2]["totals"].values()) == [None]
    assert len(stress["ended_by"]) <= 200


def test_a_session_holds_runs_with_and_without_a_load() -> None:
    load = script.view_of(script.good_run(script.facts("r2", target=script.LOCAL)))
    data = json.loads(to_json(session_report([load, stress_view(), stress_view(is_loaded=True)])))
    validate(data, "session")
    assert [run["load"] is not None for run in data["runs"]] == [True, False, True]
    assert [run["stress"] is not None for run in data["runs"]] == [False, True, True]


def test_a_load_test_report_speaks_of_loads_alone() -> None:
    load = script.view_of(script.failing_run(script.facts("r2", target=script.LOCAL)))
    data = load_test([stress_view(), load])
    validate(data, "load_test_report")
    assert [run["id"] for run in data["runs"]] == ["r2"]
    assert data["verdict"] == "FAIL"
    good = script.view_of(script.good_run(script.facts("r3", target=script.LOCAL)))
    assert load_test([stress_view(), good, refused()])["verdict"] == "INCOMPLETE"


def test_the_kinds_of_runs_are_judged_each_by_itself() -> None:
    load = script.view_of(script.failing_run(script.facts("r2", target=script.LOCAL)))
    data = validation([stress_view(), load])
    validate(data, "production_validation_report")
    states = {kind: result["status"] for kind, result in data["detailed_results"].items()}
    assert states == {"stress": "PASSED", "load": "FAILED"}


def test_without_a_load_there_is_no_load_test_report() -> None:
    events = stress_events(stress_facts())
    names = documents([(stress_view(), course(events))])
    assert not [name for name in names if name.startswith("load_test")]
    assert "performance_report.json" in names


def test_each_step_has_its_figures_beside_what_was_asked() -> None:
    stress = of(stress_view())["stress"]
    low, high = stress["steps_measured"]
    assert (low["step"], low["text"], low["is_fault"]) == (0, "50 %", False)
    assert (low["p50_ms"], low["p95_ms"], low["rps"], low["error_rate"]) == (9.1, 15.1, 42.0, 0)
    assert (high["from_s"], high["until_s"], high["tj_max_c"]) == (5.0, 8.0, 61.2)
    assert stress["burners"][0]["levels"] == [
        {"step": 0, "asked": 0.5, "reached": 0.49, "excused": 0.0},
        {"step": 1, "asked": 1.0, "reached": 0.95, "excused": 0.0},
    ]


def test_the_way_back_says_what_it_is_held_to() -> None:
    assert of(stress_view())["stress"]["recovery"]["held_to"] == {
        "limits": ["p95_ms < 2000"],
        "rps": 41.4,
        "p95_ms": None,
        "error_rate": 0.0225,
    }


def test_a_fault_of_whose_end_nobody_told_is_marked() -> None:
    def unheard(*, is_over: bool) -> list[bool]:
        faults = (*STRESSED.faults, FaultView("network", "latency 400 ms", 3.0))
        stress = msgspec.structs.replace(STRESSED, faults=faults, is_over=is_over)
        found = of(stress_view(stress=stress))["stress"]["faults"]
        return [fault["is_unheard"] for fault in found]

    assert unheard(is_over=True) == [False, False, True]
    assert unheard(is_over=False) == [False, False, False]
