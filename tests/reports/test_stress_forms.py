"""A stress in the forms for pipelines, tickets, tables and people."""

from __future__ import annotations

import csv
import io
import re
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
from tui.core.stress.view import BurnerView, FaultView, HealthView, Recovery, StressView
from tui.core.verdict import Judgement
from tui.reports.course import course
from tui.reports.csv_files import csv_files
from tui.reports.explain import explain
from tui.reports.export import CSV_ENDS
from tui.reports.html import html
from tui.reports.junit import junit
from tui.reports.markdown import markdown
from tui.reports.stress_words import step_words
from tui.reports.summary import summary

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


UNBURNT = BurnerView("gpu", "", why_not="no GPU burner here", advice="install one")


def test_a_stress_that_burnt_nothing_is_an_error_with_its_advice_and_no_green_case() -> None:
    invalid = Judgement("INVALID", "nothing could be burnt: gpu, no GPU burner here", "install one")
    found = cases(stress=msgspec.structs.replace(STRESSED, burners=(UNBURNT,)), judgement=invalid)
    error = found["run"].find("error")
    assert error is not None
    assert (error.get("message"), error.get("type")) == (invalid.reason, "INVALID")
    assert error.text == "install one"
    assert found["stress burners verified"].find("skipped") is not None


def test_what_was_not_looked_at_passes_no_case_in_a_run_that_passed() -> None:
    stress = msgspec.structs.replace(
        STRESSED, burners=(UNBURNT,), left=(), left_why="the service did not run"
    )
    found = cases(stress=stress)
    for name, why in (
        ("stress burners verified", "gpu was not burnt: no GPU burner here"),
        ("stress given back", "not compared: the service did not run"),
    ):
        skipped = found[name].find("skipped")
        assert skipped is not None
        assert skipped.get("message") == why


def test_a_service_that_is_gone_fails_its_case() -> None:
    stress = msgspec.structs.replace(
        STRESSED, left=(), left_why="the service is gone", service_fate="gone"
    )
    failed = Judgement("FAIL", "the service is gone")
    failure = cases(stress=stress, judgement=failed)["stress given back"].find("failure")
    assert failure is not None
    assert failure.get("message") == "the service is gone"


def test_a_fault_of_whose_end_nobody_told_is_not_called_undone() -> None:
    fault = FaultView("network", "latency 400 ms", 3.0)
    stress = msgspec.structs.replace(STRESSED, faults=(fault,), is_over=True)
    case = cases(stress=stress)["stress faults undone"]
    skipped = case.find("skipped")
    assert skipped is not None
    assert "not heard of" in skipped.get("message", "")
    assert "all undone" not in (case.findtext("system-out") or "")


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
    assert "| `cpu` | 50 · 100 | 49 · 95 | share of 2 cores | 18 600 | 0 |" in text
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


UNHEARD = msgspec.structs.replace(
    STRESSED, faults=(FaultView("network", "latency 400 ms", 3.0),), is_over=True
)


@pytest.mark.parametrize("form", ["summary", "markdown", "html"])
def test_a_fault_of_whose_end_nobody_told_has_a_warning_in_every_form(form: str) -> None:
    view = stress_view(stress=UNHEARD)
    events = stress_events(stress_facts())
    text = {
        "summary": lambda: summary(view),
        "markdown": lambda: markdown([view]),
        "html": lambda: html([(view, course(events))]),
    }[form]()
    told = flat(text.split("Faults")[1])
    assert "! " in told.split("not heard of: look at")[0][-80:]
    assert "jetproof doctor" in told
    assert "✓ network" not in told
    assert "undone not yet" not in told
    live = msgspec.structs.replace(UNHEARD, is_over=False)
    assert "not heard of" not in summary(stress_view(stress=live))


def test_a_ticket_and_a_page_have_a_row_for_each_step() -> None:
    row = ("100 %", "00:05", "3.0 s", "95 of 100", "1 s", "12", "23", "38.0", "2.6", "61.2", "13.1")
    assert f"| {' | '.join(row)} |" in markdown([stress_view()])
    page = html([(stress_view(), course(stress_events(stress_facts())))])
    table = page.split("<h2>Step by step (levels: % reached of asked)</h2>")[1].split("</table>")[0]
    cells = re.findall(r"<td[^>]*>([^<]*)", table.split("<tr>")[3])
    assert tuple(cell.strip() for cell in cells) == row


def test_words_on_each_step_are_there_for_who_was_not() -> None:
    low, high = step_words(STRESSED)
    assert low == (
        "50 %",
        "for 2.0 s, cpu reached 49 of 50 %, p50 9.1 ms, p95 15 ms, 42.0 rps, 0 % errors, "
        "52.0 °C at most, 10.1 W",
    )
    assert high[0] == "100 %"
    assert step_words(msgspec.structs.replace(STRESSED, steps=STRESSED.steps[:1])) == ()
