from __future__ import annotations

from xml.etree import ElementTree as xml

import pytest

from tests.core import script
from tests.reports.runs import EVIL, evil_facts, evil_run, not_started, refused
from tui.core.model import RunView
from tui.core.outcome import Outcome
from tui.reports.junit import junit

GOALS = script.scenario(goals={"p99_ms": "< 100"})
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out", "system-err"},
    "properties": {"property"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
}
NEEDED = {
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "id"},
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}


def view_of(make: script.RunMaker) -> RunView:
    return script.view_of(make(script.facts(scenario=GOALS)))


def suites(*views: Outcome) -> list[xml.Element]:
    """The suites of the document, which is checked against the structure of junit-10."""
    root = xml.fromstring(junit(views))
    assert root.tag == "testsuites"
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set()), element.tag
        assert NEEDED.get(element.tag, set()) <= set(element.keys()), element.tag
    for suite in root:
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(key, "")) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
    return list(root)


def outcome(suite: xml.Element, name: str) -> str:
    """`passed`, or what stands in the case whose name begins so."""
    (case,) = [case for case in suite.findall("testcase") if case.get("name", "").startswith(name)]
    bad = [child.tag for child in case if child.tag != "system-out"]
    return bad[0] if bad else "passed"


def test_a_run_that_passed_is_green_and_says_what_it_was() -> None:
    (suite,) = suites(view_of(script.good_run))
    assert (suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("0", "0", "0")
    properties = {item.get("name"): item.get("value") for item in suite.iter("property")}
    assert properties["run"] == "r1"
    assert properties["target"] == "demo"
    assert properties["simulated"] == "true"
    assert properties["version"] == "0.1.0"


def test_a_missed_goal_passes_and_says_so() -> None:
    (suite,) = suites(view_of(script.good_run))
    assert outcome(suite, "goal p99_ms") == "passed"
    output = suite.findtext("testcase/system-out") or ""
    assert "goal missed, which fails nothing: p99 " in output


def test_a_broken_threshold_is_a_failure_with_what_was_seen() -> None:
    (suite,) = suites(view_of(script.failing_run))
    assert outcome(suite, "threshold p95_ms") == "failure"
    assert outcome(suite, "run") == "passed"
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "p95 2 500 ms, limit < 2 000 ms, over by 25 %"


def test_an_invalid_run_is_an_error_and_its_thresholds_are_not_judged() -> None:
    (suite,) = suites(view_of(script.invalid_run))
    assert outcome(suite, "validity") == "error"
    assert outcome(suite, "run") == "passed"
    assert outcome(suite, "threshold p95_ms") == "skipped"


def test_an_interrupted_run_is_an_error() -> None:
    (suite,) = suites(view_of(script.cut_short_run))
    assert outcome(suite, "run") == "error"
    assert outcome(suite, "threshold error_rate") == "skipped"


@pytest.mark.parametrize(
    "make", [script.empty_run, script.unsent_run, lambda facts: script.beginning(facts)]
)
def test_no_run_without_a_pass_is_green(make: script.RunMaker) -> None:
    (suite,) = suites(view_of(make))
    assert int(suite.get("failures", "")) + int(suite.get("errors", "")) > 0


def test_several_runs_are_several_suites() -> None:
    found = suites(view_of(script.good_run), view_of(script.failing_run))
    assert [suite.get("id") for suite in found] == ["0", "1"]


def test_each_run_that_did_not_happen_is_an_error_that_says_why() -> None:
    good, *others = suites(view_of(script.good_run), refused(), not_started())
    assert good.get("errors") == "0"
    assert [(suite.get("name"), suite.get("errors")) for suite in others] == [
        ("rush", "1"),
        ("peak", "1"),
    ]
    error = others[0].find("testcase/error")
    assert error is not None
    assert (error.get("type"), error.get("message")) == ("REFUSED", "connection refused")
    suites(refused(EVIL[0], EVIL[4]))


def test_a_threshold_that_could_not_be_judged_is_no_passed_case() -> None:
    variation = script.scenario(
        load={"stages": [{"users": 20, "duration": "1m"}], "spawn_rate": 10.0},
        thresholds={"p95_variation": "< 0.5"},
    )
    (suite,) = suites(script.view_of(script.good_run(script.facts(scenario=variation))))
    assert outcome(suite, "threshold p95_variation") == "skipped"
    assert outcome(suite, "run") == "error"


def test_what_a_target_sends_leaves_the_document_whole() -> None:
    suites(script.view_of(evil_run(evil_facts())))
