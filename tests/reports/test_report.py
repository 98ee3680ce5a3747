from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest

from tests.core import script
from tests.reports.reading import SCHEMA, validate
from tests.reports.runs import staged_view
from tui.core import events as ev
from tui.core.remarks import DEMO_WARNING
from tui.core.scenario import Scenario
from tui.core.tally import MEASURED, WARM_UP
from tui.reports.report import report, to_json

GOALS = script.scenario(goals={"p99_ms": "< 100", "rps": ">= 1"})


def report_of(events: list[ev.Event]) -> dict[str, Any]:
    return report(script.view_of(events))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("make", "verdict"),
    [
        (script.good_run, "PASS"),
        (script.failing_run, "FAIL"),
        (script.invalid_run, "INVALID"),
        (script.cut_short_run, "INTERRUPTED"),
        (script.empty_run, "FAIL"),
        (script.unsent_run, "FAIL"),
        (script.beginning, None),
        (lambda facts: script.beginning(facts)[:1], None),
        (
            lambda facts: [*script.beginning(facts)[:1], *script.ending(3.0, "crashed")[-1:]],
            "INTERRUPTED",
        ),
    ],
)
@pytest.mark.parametrize("scenario", [script.STANDARD, GOALS])
def test_every_run_has_a_report_by_the_schema(
    make: script.RunMaker, verdict: str | None, scenario: Scenario
) -> None:
    text = to_json(report_of(make(script.facts(scenario=scenario))))
    data = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in a report"))
    validate(data)
    assert data["verdict"] == verdict


def test_the_figures_are_those_of_the_view_to_the_last_digit() -> None:
    view = script.view_of(script.failing_run(script.facts()))
    total = json.loads(to_json(report(view)))["load"]["total"]
    assert total["rps"] == view.total.rps
    assert total["latency_ms"]["p95"] == view.total.latency.p95
    assert total["succeeded_latency_ms"]["p50"] == view.total.succeeded.p50
    assert total["latency_ms"]["min"] == 3.0
    assert total["succeeded_latency_ms"]["min"] > 2400.0


def test_failures_are_stamped_in_utc_from_the_first_user_on() -> None:
    (failure,) = report_of(script.failing_run(script.facts()))["load"]["failures"]
    # The run began at 15:06:40, the load one second later, the failures two seconds into it.
    assert failure["first_at"] == "2025-06-15T15:06:43.000000+00:00"
    assert failure["last_at"] == "2025-06-15T15:06:52.000000+00:00"
    assert (failure["class"], failure["count"], failure["sample"]) == ("5xx", 50, "busy")


def test_a_slow_request_says_when_it_ended_and_what_is_not_known() -> None:
    slow = report_of(script.good_run(script.facts()))["load"]["slow"][0]
    assert slow == {
        "at": "2025-06-15T15:06:52.500000+00:00",
        "method": "POST",
        "name": "/predict",
        "ms": 900.0,
        "tj_c": None,
        "gpu_percent": None,
    }


def test_the_load_stands_as_planned_beside_what_was_asked_last() -> None:
    load = {
        "users": 30,
        "spawn_rate": 10.0,
        "duration": "5m",
        "tags": ["predict"],
        "operations_per_user": 5,
    }
    facts = script.facts(scenario=script.scenario(load=load))
    events = script.good_run(facts)
    events.insert(8, ev.UsersRequested(at_s=4.0, users=12))
    data = report_of(events)
    validate(data)
    planned = data["load"]
    assert (planned["users"], planned["users_asked"], planned["judge"]) == (30, 12, "run")
    assert (planned["tags"], planned["exclude_tags"]) == (["predict"], [])
    assert (planned["operations_per_user"], planned["barrier_s"]) == (5, None)
    assert (planned["shape"], planned["arrival"]) == (None, None)


def test_what_force_overrode_is_in_it() -> None:
    facts = msgspec.structs.replace(script.facts(), forced=True, overridden="4 GiB of memory")
    run = report_of(script.good_run(facts))["run"]
    assert (run["forced"], run["overridden"]) == (True, "4 GiB of memory")


def test_what_was_not_judged_is_counted_beside_what_was() -> None:
    facts = script.facts()
    limits = script.percentiles(facts.scenario)
    warm = script.row([50.0] * 3, failed_ms=[9.0], phase=WARM_UP, limits=limits)
    late = script.row([70.0] * 2, phase=MEASURED, limits=limits)
    events = script.good_run(facts)
    events.insert(6, script.window(0, warm))
    events.insert(-6, ev.LateRowsArrived(at_s=13.0, rows=[late], failures=[], slow=[]))
    load = report_of(events)["load"]
    assert load["unmeasured"] == {"requests": 4, "failures": 1}
    assert (load["late"], load["total"]["requests"]) == (2, 462)
    assert load["clean_up"] == {"created": 4, "deleted": 4, "left": 0, "detail": ""}
    assert load["unfinished"] == 0


def test_the_embedded_demo_is_called_simulated() -> None:
    data = report_of(script.good_run(script.facts()))
    assert data["target"]["simulated"] is True
    assert data["warnings"][0] == DEMO_WARNING


def test_a_real_target_is_not() -> None:
    data = report_of(script.good_run(script.facts(target=script.LOCAL)))
    assert data["target"] == {
        "name": "local",
        "url": "http://127.0.0.1:8000",
        "protected": False,
        "simulated": False,
    }
    assert data["warnings"] == []


def test_not_even_the_place_of_a_secret_is_in_it() -> None:
    text = to_json(report_of(script.good_run(script.facts(target=script.LOCAL))))
    assert "token" not in text.lower()


def test_a_missed_goal_is_a_pass_with_a_warning() -> None:
    data = report_of(script.good_run(script.facts(scenario=GOALS)))
    assert data["verdict"] == "PASS"
    assert data["warnings"][1:] == ["goal missed: p99_ms < 100"]
    assert [(goal["metric"], goal["passed"]) for goal in data["goals"]] == [
        ("p99_ms", False),
        ("rps", True),
    ]


def test_gauges_stand_with_their_source() -> None:
    telemetry = report_of(script.good_run(script.facts()))["telemetry"]
    assert telemetry["samples"] == 10
    assert telemetry["interval_s"] == 1.0
    assert telemetry["metrics"]["cpu_percent"] == {
        "unit": "%",
        "source": "sysfs",
        "samples": 10,
        "min": 40.0,
        "mean": 40.0,
        "p95": 40.0,
        "max": 40.0,
    }


def test_a_nan_is_refused_rather_than_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"x": float("nan")})


def test_a_staged_run_has_all_that_is_known_of_it() -> None:
    data = json.loads(to_json(report(staged_view())))
    validate(data)
    assert data["site"] == {
        "name": "Gate 4",
        "ambient": "31 °C",
        "contacts": {"on call": "+49 30 1234"},
    }
    assert (data["run"]["campaign"], data["run"]["rung"], data["run"]["rungs"]) == (
        "prove-it",
        2,
        5,
    )
    assert data["run"]["note"] == "after the new heat sink"
    load = data["load"]
    assert [(stage["users"], stage["passed"]) for stage in load["stages"]] == [
        (10, True),
        (20, True),
        (30, False),
    ]
    assert (load["offered_rps"], load["held_s"], load["total"]["overloaded"]) == (61.5, 12.0, 3)
    assert load["total"]["service_latency_ms"]["p50"] is not None
    assert load["validity"]["floor"] == {"p50_ms": 0.4, "p99_ms": 1.2, "requests": 200}


def test_every_key_that_the_schema_knows_is_written() -> None:
    data = report(staged_view())
    known = SCHEMA["properties"]
    assert set(data) == set(known)
    for part in ("run", "load", "target", "device", "site"):
        assert set(data[part]) == set(known[part]["properties"]), part
