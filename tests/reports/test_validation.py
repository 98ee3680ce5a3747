from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.lib.long_run import long_run
from tests.reports.reading import validate
from tests.reports.runs import evil_facts, evil_run, not_started, refused
from tui.core import events as ev
from tui.core.outcome import NotRun
from tui.reports.course import course
from tui.reports.session import session_report
from tui.reports.validation import Measured, documents

REAL = script.LOCAL
KEYS = {
    "timestamp",
    "deployment_ready",
    "overall_success_rate",
    "total_categories",
    "passed_categories",
    "failed_categories",
    "critical_failures",
    "test_duration_seconds",
    "detailed_results",
    "recommendations",
}


def documents_of(*runs: list[ev.Event]) -> dict[str, Any]:
    """Documents by the beginning of their names, each checked against its schema."""
    return found_in([(script.view_of(events), course(events)) for events in runs])


def found_in(asked: Sequence[Measured | NotRun]) -> dict[str, Any]:
    """The same of whatever was asked for."""
    made = documents(asked)
    found = {}
    for name, data in made.items():
        document = name.removesuffix(".json").split("_2")[0]
        validate(data, document)
        found[document] = data
    return found


def test_a_passed_run_on_a_real_target_is_ready_in_the_keys_that_pipelines_know() -> None:
    data = documents_of(script.good_run(script.facts(target=REAL)))["production_validation_report"]
    assert set(data) >= KEYS
    assert data["deployment_ready"] is True
    assert data["overall_success_rate"] == 1.0
    result = data["detailed_results"]["load"]
    assert (result["status"], result["exit_code"], result["critical"]) == ("PASSED", 0, True)
    assert data["recommendations"] == []


def test_no_run_on_the_demo_is_ready_however_good() -> None:
    data = documents_of(script.good_run(script.facts()))["production_validation_report"]
    assert data["simulated"] is True
    assert data["deployment_ready"] is False


def test_a_run_that_did_not_happen_fails_its_category_however_good_the_others() -> None:
    events = script.good_run(script.facts(target=REAL))
    good = (script.view_of(events), course(events))
    found = found_in([good, refused(), not_started()])
    data = found["production_validation_report"]
    assert (data["deployment_ready"], data["overall_success_rate"]) == (False, 0.0)
    result = data["detailed_results"]["load"]
    assert (result["status"], result["exit_code"], result["runs"]) == ("INCOMPLETE", 3, ["r1"])
    assert [each["scenario"] for each in result["not_run"]] == ["rush", "peak"]
    assert "run rush on local: connection refused" in data["recommendations"]
    assert found["load_test_report"]["verdict"] == "INCOMPLETE"
    assert len(found["load_test_report"]["not_run"]) == 2


def test_nothing_that_happened_is_not_ready_either() -> None:
    found = found_in([refused()])
    assert set(found) == {"production_validation_report"}
    assert found["production_validation_report"]["deployment_ready"] is False


@pytest.mark.parametrize(("overridden", "is_ready"), [("", True), ("too little memory", False)])
def test_only_what_force_overrode_keeps_a_run_from_being_ready(
    overridden: str, is_ready: bool
) -> None:
    facts = msgspec.structs.replace(script.facts(target=REAL), overridden=overridden)
    data = documents_of(script.good_run(facts))["production_validation_report"]
    assert data["deployment_ready"] is is_ready


def test_a_run_on_a_replayed_board_is_never_ready() -> None:
    good = script.good_run(script.facts(target=REAL))
    assert documents_of(good)["production_validation_report"]["deployment_ready"] is True
    sample = script.sample(5.0, tj_c=50.0)
    replayed = ev.BoardSampled(at_s=5.0, readings={"tj_c": ev.Reading(50.0, "replay")})
    for event, is_ready in ((sample, True), (replayed, False)):
        events = [*good[:-6], event, *good[-6:]]
        found = documents_of(events)["production_validation_report"]
        assert found["deployment_ready"] is is_ready


def test_one_failed_run_fails_its_category() -> None:
    good = script.good_run(script.facts(target=REAL))
    bad = script.failing_run(script.facts("r2", target=REAL))
    data = documents_of(good, bad)["production_validation_report"]
    assert data["deployment_ready"] is False
    assert data["critical_failures"] == ["load"]
    assert data["detailed_results"]["load"]["status"] == "FAILED"
    assert data["recommendations"]


def test_the_load_report_counts_errors_by_class() -> None:
    data = documents_of(script.failing_run(script.facts()))["load_test_report"]
    (run,) = data["runs"]
    assert run["errors"]["by_class"] == {"5xx": 50}
    assert run["throughput"]["rps"] == run["total"]["rps"]


def test_the_performance_report_has_the_boards_course_with_time_stamps() -> None:
    data = documents_of(list(long_run(script.facts(), 900)))["performance_report"]
    (run,) = data["runs"]
    assert run["utilization"]["tj_c"]["max"] > 70
    assert run["throttle"]["throttled"] is None
    assert run["comparable"]["comparable"] is True
    assert 100 < len(run["system_metrics"]) <= 240
    assert run["system_metrics"][0]["gauges"]["tj_c"] > 0


def test_a_document_without_data_is_not_written() -> None:
    assert set(documents_of(script.beginning(script.facts())[:1])) == {
        "production_validation_report"
    }


def test_hostile_names_are_data_like_any_other() -> None:
    assert documents_of(evil_run(evil_facts()))["load_test_report"]["runs"][0]["endpoints"]


def test_a_session_is_written_by_its_schema() -> None:
    views = [
        script.view_of(script.good_run(script.facts())),
        script.view_of(script.failing_run(script.facts("r2"))),
    ]
    data = session_report(views)
    validate(data, "session")
    assert data["verdict"] == "FAIL"
