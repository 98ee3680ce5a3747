"""What a run did on purpose is told before the board, and advised on as such."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import STRESSED, stress_events, stress_facts, stress_view
from tui.core.incidents import Incident, Rise
from tui.core.limits import Limit, LimitState
from tui.core.model import FailureGroup, RunView
from tui.core.stress.view import BurnerView, FaultView, PartView, StressView
from tui.core.verdict import Judgement
from tui.reports.board_before import board_before
from tui.reports.explain import explain
from tui.reports.findings import findings, recommendations
from tui.reports.own_doing import ON_CLIENTS, ON_CONTENTION, ON_FAULT, ON_FULL_DISK, ON_SOAK

LATENCY = FaultView("network", "latency 400 ms, jitter 100 ms", 2.0, 6.0)
HOLE = FaultView("network", "black hole", 6.0, 9.0)
DISK = FaultView("disk", "free space taken to 2.0 GiB", 2.0, 9.0)
FAULTS = [{"latency_ms": 400, "jitter_ms": 100}, {"cut": "black_hole"}]
P95 = Limit("p95_ms", "<", 500.0)
FAILED = Judgement("FAIL", "p95 1 152 ms, limit 500 ms")
ALERT = Incident("p95_ms", "alert", "p95 above 750 ms", "p95", "warn", 3.0, 8.0, gauge="p95_ms")
HEAT_WORDS = ("heat", "clocks", "throttled", "`top`")


def harmed(*faults: FaultView, before_ms: float = 109.0, **changes: Any) -> RunView:
    """A run whose way to the service was harmed; `before_ms` is p95 before that."""
    times = {"before": "20s", "duration": "60s", "after": "30s"}
    sections: dict[str, Any] = {"thresholds": {"p95_ms": "< 500"}}
    facts = stress_facts(is_loaded=True, stress={**times, "faults": FAULTS}, **sections)
    parts = (
        PartView("before", 0.0, 2.0, p95_ms=before_ms),
        PartView("stress", 2.0, 9.0, p95_ms=1152.0),
    )
    stress = StressView(None, 1, 0.0, parts=parts, faults=faults or (LATENCY, HOLE))
    told = {"stress": stress, "judgement": FAILED, **changes}
    return msgspec.structs.replace(script.view_of(stress_events(facts)), **told)


def failed(failure_class: str, first_s: float, last_s: float) -> FailureGroup:
    return FailureGroup("POST", "/predict", failure_class, "it broke", 8, first_s, last_s, "")


def broken(metric: str = "p95_ms", value: float = 500.0) -> tuple[LimitState, ...]:
    return (LimitState(Limit(metric, "<", value), 1152.0, passed=False),)


def rise(by: Any, cause: str = "latency 400 ms (ours)") -> Rise:
    return Rise(3.0, 8.0, 100.0, 900.0, 120.0, cause=cause, lag_s=1.0, by=by, own_ms=800.0)


def text_of(view: RunView) -> str:
    return " ".join(explain(view).split())


class TestARise:
    def test_under_our_own_fault_is_no_warning_and_asks_after_the_clients(self) -> None:
        view = harmed(rises=(rise("fault"),))
        (found,) = [one for one in findings(view) if one.what.startswith("p95 +800 %")]
        assert found.level == "info"
        assert "1 s after latency 400 ms (ours) began" in found.what
        assert "about 800 ms of the peak are the fault's own" in found.what
        assert found.advice == ON_FAULT
        assert not any(word in found.advice for word in HEAT_WORDS)

    @pytest.mark.parametrize(("intent", "advice"), [("contend", ON_CONTENTION), ("soak", ON_SOAK)])
    def test_under_burners_is_advised_on_as_contention(self, intent: str, advice: str) -> None:
        stress = {"duration": "60s", "intent": intent, "cpu": {}}
        facts = stress_facts(stress=stress)
        made = script.view_of(stress_events(facts))
        told = rise("stress", "stress-cpu step 75 %")
        view = msgspec.structs.replace(made, rises=(told,), judgement=FAILED)
        assert advice in recommendations(view)


class TestABrokenLimit:
    def test_names_the_fault_what_it_adds_and_what_to_look_at(self) -> None:
        (advice, *_) = recommendations(harmed(thresholds=broken()))
        assert advice == (
            "latency 400 ms, jitter 100 ms (ours) alone adds 800 ms there and back, more than the "
            f"limit allows, to every answer: {ON_CLIENTS}"
        )

    def test_that_the_fault_leaves_room_for_says_only_what_it_adds(self) -> None:
        (advice, *_) = recommendations(harmed(thresholds=broken(value=1000.0)))
        assert "adds 800 ms there and back to every answer" in advice

    def test_under_faults_without_a_latency_names_them(self) -> None:
        (advice, *_) = recommendations(harmed(HOLE, thresholds=broken()))
        assert advice.startswith("the way to the service was harmed on purpose (black hole): ")

    def test_that_was_broken_before_the_fault_too_is_looked_for_in_the_service(self) -> None:
        (advice, *_) = recommendations(harmed(before_ms=900.0, thresholds=broken()))
        assert "is the slowest endpoint" in advice

    @pytest.mark.parametrize("metric", ["p95_ratio", "rps_ratio"])
    def test_of_a_ratio_asks_for_no_weight_of_the_service(self, metric: str) -> None:
        (advice, *_) = recommendations(harmed(thresholds=broken(metric, 2.0)))
        assert advice.endswith(ON_CLIENTS)

    def test_under_burners_is_advised_on_as_contention(self) -> None:
        burnt = msgspec.structs.replace(
            STRESSED, burners=(BurnerView("cpu", "", mean_asked=1.0, mean_reached=1.0),)
        )
        view = stress_view(
            is_loaded=True, stress=burnt, thresholds=broken(value=20.0), judgement=FAILED
        )
        assert recommendations(view)[0] == ON_CONTENTION

    def test_was_first_beyond_it_under_the_fault_and_not_after_something_on_the_board(self) -> None:
        view = harmed(incidents=(Incident("cpu_percent", "alert", "cpu", "cpu", "warn", 1.0),))
        slow = msgspec.structs.replace(view.points[0], start_s=3.0, p95_ms=900.0)
        (state,) = broken()
        assert board_before(state, msgspec.structs.replace(view, points=(slow,))) == (
            "p95 was first beyond its limit at 00:03, 1 s after latency 400 ms, jitter 100 ms "
            "(ours) began"
        )


class TestFailures:
    def test_under_our_own_faults_are_laid_to_them_alone(self) -> None:
        text = text_of(harmed(failures=(failed("timeout", 7.0, 12.0),)))
        # Of ten seconds of waiting some may lie in the fault before.
        under = "latency 400 ms, jitter 100 ms; black hole (ours)"
        assert f"All of them came under {under}." in text
        assert "Usual causes" not in text
        assert f"Next: {ON_FAULT}" in text
        assert not any(word in text for word in ("heat and clocks", "throttled;"))

    @pytest.mark.parametrize(
        "group",
        [failed("timeout", 0.0, 7.0), failed("timeout", 7.0, 40.0), failed("5xx", 7.0, 8.0)],
        ids=["some before", "some long after", "no matter of the way"],
    )
    def test_that_the_faults_do_not_explain_are_not(self, group: FailureGroup) -> None:
        assert "All of them came under" not in text_of(harmed(failures=(group,)))

    def test_of_a_full_disk_are_the_services_to_say(self) -> None:
        view = harmed(DISK, failures=(failed("5xx", 3.0, 8.0),))
        assert ON_FULL_DISK in recommendations(view)

    def test_of_an_error_limit_say_under_what_they_came(self) -> None:
        view = harmed(
            failures=(failed("connect", 7.0, 8.0),), thresholds=broken("error_rate", 0.01)
        )
        assert "all of them under black hole (ours)" in recommendations(view)[0]


class TestAnAlertOnLatency:
    def test_says_which_fault_was_on_and_sends_nobody_to_a_ramp(self) -> None:
        view = harmed(incidents=(ALERT,))
        (found,) = [one for one in findings(view) if one.what.startswith("alert: p95 above")]
        assert found.what.endswith(", latency 400 ms, jitter 100 ms (ours) was on when it began")
        assert found.advice == ON_FAULT

    def test_under_burners_is_contention(self) -> None:
        incidents = (msgspec.structs.replace(ALERT, began_s=4.0),)
        burnt = msgspec.structs.replace(STRESSED, faults=())
        view = stress_view(is_loaded=True, stress=burnt, incidents=incidents)
        assert ON_CONTENTION in recommendations(view)
        assert not any("`ramp`" in each for each in recommendations(view))

    def test_outside_the_fault_is_advised_on_as_ever(self) -> None:
        late = msgspec.structs.replace(ALERT, began_s=9.5, ended_s=10.0)
        view = harmed(incidents=(late,))
        assert any("`ramp` finds the level" in each for each in recommendations(view))


def test_an_alert_that_is_over_names_its_worst_value_and_its_time() -> None:
    alert = msgspec.structs.replace(ALERT, peak=1223.0, peak_s=5.0, peak_detail="1 223 ms")
    (found,) = [one for one in findings(harmed(incidents=(alert,))) if "p95 above" in one.what]
    assert "at worst 1 223 ms at 00:05" in found.what


def test_what_its_clients_need_is_advised_once() -> None:
    view = harmed(
        thresholds=broken(), rises=(rise("fault"),), failures=(failed("timeout", 7.0, 12.0),)
    )
    assert sum(ON_CLIENTS in each for each in recommendations(view)) == 1


def test_what_was_done_to_the_way_is_told_and_that_the_health_check_went_around_it() -> None:
    text = text_of(harmed())
    assert "the health check went around them." in text
    assert "competed with the service" not in text
    assert "went around them" not in text_of(stress_view())
