"""A stress in the forms for pipelines, tickets, tables and people."""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree as xml

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import (
    EVIL,
    STRESSED,
    evil_stress,
    recovery_state,
    stress_events,
    stress_facts,
    stress_view,
)
from tui.core.stress.view import BurnerView, HealthView, Recovery, StressView
from tui.core.verdict import Judgement
from tui.reports.course import course
from tui.reports.csv_files import csv_files
from tui.reports.explain import explain
from tui.reports.export import CSV_ENDS
from tui.reports.junit import junit
from tui.reports.markdown import markdown

WRONG = msgspec.structs.replace(
    STRESSED,
    burners=(
        BurnerView("cpu", "share of a core", mean_asked=1, mean_reached=1, verified=9, bad=1),
    ),
)
FAILED = Judgement("FAIL", "cpu: 1 result wrong of 10, and 1 more")


def cases(**changes: Any) -> dict[str, xml.Element]:
    root = xml.fromstring(junit([stress_view(**changes)]))
    return {case.get("name", ""): case for case in root.iter("testcase")}


def tables(*, is_loaded: bool = False, stress: StressView = STRESSED) -> dict[str, str]:
    events = stress_events(stress_facts(is_loaded=is_loaded))
    return csv_files(stress_view(is_loaded=is_loaded, stress=stress), course(events))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_pipeline_sees_a_case_for_each_thing_that_a_stress_must_not_do() -> None:
    found = cases()
    assert set(found) >= {
        "stress burners verified",
        "stress service kept running",
        "stress health check",
        "stress faults undone",
        "stress given back",
    }
    assert found["stress burners verified"].find("failure") is None


def test_what_fails_a_stress_fails_its_own_case_and_not_the_run_twice() -> None:
    found = cases(stress=WRONG, judgement=FAILED)
    failure = found["stress burners verified"].find("failure")
    assert failure is not None
    assert failure.get("message") == "cpu: 1 result wrong of 10"
    assert found["run"].find("failure") is None


def test_a_suite_of_a_failed_stress_is_never_green() -> None:
    clean = msgspec.structs.replace(STRESSED, left=())
    found = cases(stress=clean, judgement=Judgement("FAIL", "something else"))
    assert found["run"].find("failure") is not None


def test_a_way_back_that_nothing_judges_fails_no_case() -> None:
    assert cases(thresholds=())["stress recovery"].find("skipped") is None
    gone = msgspec.structs.replace(STRESSED, recovery=Recovery(8.0, "health", None, 30.0))
    case = cases(thresholds=(), stress=gone)["stress recovery"]
    assert case.find("skipped") is not None
    assert case.find("failure") is None


def test_a_threshold_on_the_way_back_has_the_only_case_of_it() -> None:
    found = cases(
        thresholds=(recovery_state(None, passed=False),),
        judgement=Judgement("FAIL", "recovery never"),
    )
    assert "stress recovery" not in found
    failure = found["threshold recovery_s < 60"].find("failure")
    assert failure is not None
    assert failure.get("message") == "recovery never, limit < 60 s"


def test_what_could_not_be_judged_is_skipped_and_still_told() -> None:
    case = cases(stress=WRONG, judgement=Judgement("ABORTED", "hot"))["stress burners verified"]
    skipped = case.find("skipped")
    assert skipped is not None
    assert "1 result wrong" in skipped.get("message", "")


def test_a_stress_has_a_table_of_its_levels() -> None:
    rows = list(csv.DictReader(io.StringIO(tables()["_stress.csv"])))
    assert rows[0] == {"at_s": "3.0", "burner": "cpu", "asked": "0.5", "reached": "0.48"}
    assert len(rows) == len(STRESSED.points)


def test_without_a_load_there_are_no_tables_of_requests() -> None:
    assert set(tables()) == {"_board.csv", "_stress.csv"}
    assert set(tables(is_loaded=True)) == {*CSV_ENDS, "_stress.csv"}


def test_a_load_has_no_table_of_a_stress() -> None:
    events = script.good_run(script.facts())
    assert set(csv_files(script.view_of(events), course(events))) == set(CSV_ENDS)


def test_a_burners_name_is_no_formula() -> None:
    assert "'=HYPERLINK(1)" in tables(stress=evil_stress("=HYPERLINK(1)"))["_stress.csv"]


def test_a_ticket_has_a_table_for_each_finding() -> None:
    text = markdown([stress_view()])
    for head in ("Asked and reached", "Service under stress", "Limits found", "Faults"):
        assert f"### {head}\n\n|" in text
    assert "| p95 ms | 12 | 22 | 12 |" in text
    assert "| `cpu` | 75 | 72 | share of a core | 18 600 | 0 |" in text
    assert "Endpoints" not in text


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_in_a_ticket_is_drawn_or_linked_that_a_burner_says(evil: str) -> None:
    text = markdown([stress_view(stress=evil_stress(evil))])
    outside = "".join(part for number, part in enumerate(text.split("`")) if number % 2 == 0)
    if "`" not in evil:
        assert "<script" not in outside.replace("\\<", "")
        assert "<img" not in outside.replace("\\<", "")
    assert not {"\x1b", "\x00", "\u202e"} & set(text)


def test_plain_words_tell_what_it_did_what_the_service_felt_and_what_it_cost() -> None:
    text = flat(explain(stress_view()))
    assert "It burnt cpu matrix 100 %, at 50, 100 % for 30 s each." in text
    assert "The service's p95 rose from 12 ms to 22 ms" in text
    assert "The service's rps fell from 46.0 to 40.0" in text
    assert "When was it back? 4.0 s after the stress, as its load tells" in text
    assert "it kept service descriptors" in text
    assert "The board paid: temperature: 45.0 °C before" in text
    assert "requests" not in text.split("What the service felt")[0]


def test_plain_words_of_a_stress_with_a_load_tell_of_the_load_too() -> None:
    text = flat(explain(stress_view(is_loaded=True)))
    assert "Users were started 10 a second" in text
    assert "460 requests, 0 of them failed" in text


def test_a_way_back_that_never_came_is_said_so() -> None:
    text = flat(
        explain(
            stress_view(
                thresholds=(recovery_state(None, passed=False),),
                judgement=Judgement("FAIL", "recovery never"),
            )
        )
    )
    assert "It never came: FAIL." in text
    assert "read the service's log from 00:08 on" in text


def test_each_thing_that_failed_a_stress_is_a_finding_by_itself() -> None:
    text = flat(explain(stress_view(stress=WRONG, judgement=FAILED)))
    assert text.count("- cpu: 1 result wrong of 10") == 1
    assert "- service descriptors not given back: 9 before, 40 after" in text
    assert "have memory, supply and clocks looked at" in text


def test_a_service_that_never_answered_is_told_once() -> None:
    dead = msgspec.structs.replace(
        STRESSED, left=(), health=HealthView(5, 0, outages=((0.0, 5.0),), outage_s=5.0, detail="x")
    )
    judgement = Judgement("FAIL", "the service never answered its health check: x")
    text = flat(explain(stress_view(stress=dead, judgement=judgement, thresholds=())))
    assert "- outage:" not in text
    assert "see whether the service runs" in text
