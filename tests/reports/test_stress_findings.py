from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.reports.runs import STRESSED, recovery_state, stress_view
from tui.core.incidents import Incident, Rise
from tui.core.limits import Limit, LimitState
from tui.core.stress.view import BurnerView, Recovery
from tui.core.verdict import Judgement
from tui.reports.facts import facts_of
from tui.reports.findings import findings, recommendations
from tui.reports.measurement import measurement_of

FAILED = Judgement("FAIL", "cpu: 1 result wrong of 10, and 1 more")
WRONG = msgspec.structs.replace(
    STRESSED,
    burners=(BurnerView("cpu", "a core", mean_asked=1, mean_reached=1, verified=9, bad=1),),
)
SLOW_BACK = msgspec.structs.replace(STRESSED, recovery=Recovery(8.0, "load", None, 30.0))


def told(**changes: Any) -> list[str]:
    return [finding.what for finding in findings(stress_view(**changes))]


def test_the_verdicts_reason_is_not_told_beside_what_it_sums_up() -> None:
    found = told(stress=WRONG, judgement=FAILED)
    assert FAILED.reason not in found
    assert "cpu: 1 result wrong of 10" in found


def test_a_service_that_did_not_come_back_is_told_where_no_threshold_says_it() -> None:
    assert any(
        each.startswith("recovery: not within") for each in told(stress=SLOW_BACK, thresholds=())
    )
    judged = told(stress=SLOW_BACK, thresholds=(recovery_state(None, passed=False),))
    assert not any(each.startswith("recovery: ") for each in judged)


def test_an_outage_is_told_where_no_threshold_says_it() -> None:
    assert any(each.startswith("outage: 3.0 s") for each in told(thresholds=()))
    assert not any(each.startswith("outage: ") for each in told())


def test_an_outage_before_the_stress_is_neither_a_finding_nor_the_log_to_read() -> None:
    before = msgspec.structs.replace(
        STRESSED.health, outages=((1.0, 2.5),), outage_s=0.0, outage_before_s=1.5
    )
    early = msgspec.structs.replace(STRESSED, health=before)
    assert not any(each.startswith("outage: ") for each in told(stress=early, thresholds=()))
    both = msgspec.structs.replace(before, outages=((1.0, 2.5), (4.0, 7.0)), outage_s=3.0)
    view = stress_view(stress=msgspec.structs.replace(STRESSED, health=both), thresholds=())
    assert any("read the service's log at 00:04" in each for each in recommendations(view))


def test_only_a_change_that_is_sure_is_a_finding() -> None:
    found = [each for each in told() if "times what it was before" in each]
    assert len(found) == 1
    assert found[0].startswith("p95 under stress 1.84")


def test_nobody_has_to_look_for_what_a_burner_takes_on_purpose() -> None:
    alert = Incident(
        "cpu_percent", "alert", "cpu above 85 %", "cpu", "warn", 3.0, gauge="cpu_percent"
    )
    memory = msgspec.structs.replace(alert, key="ram_percent", text="memory above 90 %")
    advice = recommendations(stress_view(incidents=(alert, memory)))
    assert not any("`top`)" in each for each in advice)
    assert any("`top -o RES`" in each for each in advice)


def test_nobody_has_to_look_for_the_cause_of_a_rise_under_stress() -> None:
    rise = Rise(began_s=4.0, ended_s=7.0, before_ms=10.0, peak_ms=30.0, now_ms=10.0)
    assert not any(
        "explains the rise" in each for each in recommendations(stress_view(rises=(rise,)))
    )


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("outage_s", "read the service's log at 00:04"),
        ("recovery_s", "read the service's log from 00:08 on"),
        ("p95_ratio", "give the service more weight"),
        ("rps_ratio", "give the service more weight"),
    ],
)
def test_a_broken_limit_of_a_stress_says_what_to_do(metric: str, words: str) -> None:
    state = LimitState(Limit(metric, "<", 1.0), 2.0, passed=False)
    view = stress_view(thresholds=(state,), judgement=Judgement("FAIL", "broken"))
    assert any(words in each for each in recommendations(view))


@pytest.mark.parametrize("is_loaded", [True, False])
def test_what_was_measured_of_requests_is_told_only_where_some_were_sent(is_loaded: bool) -> None:
    view = stress_view(is_loaded=is_loaded)
    assert ("measured" in dict(facts_of(view))["duration"]) is is_loaded
    assert ("generator" in dict(measurement_of(view))) is is_loaded


def test_the_engines_own_clock_is_told_beside_a_stress() -> None:
    assert dict(measurement_of(stress_view()))["its clock"].startswith("late by 0.40 ms (p99)")


def test_what_was_asked_stands_among_the_facts() -> None:
    facts = dict(facts_of(stress_view()))
    assert facts["stress"] == "cpu for 1 min"
    assert facts["burners"] == "cpu matrix 100 %"
    assert facts["intent"] == "contend: competes with the service"
    assert "load" not in facts
