from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.core import script
from tui.core import events as ev
from tui.core.abort import LEAST_RATE_S
from tui.core.groups import MAX_GROUPS, MAX_SLOW
from tui.core.model import RunView
from tui.core.remarks import DEMO_WARNING
from tui.core.run_fold import RunFold
from tui.core.tally import MEASURED, UNMEASURED, WARM_UP

FACTS = script.facts()
LIMITS = script.percentiles(FACTS.scenario)


def folded(*events: ev.Event, facts: ev.RunFacts = FACTS) -> RunView:
    """A run that is measuring from its third second on, and what happens then."""
    return script.view_of([*script.beginning(facts), *events])


def second(number: int, *latencies_ms: float, **more: int) -> ev.WindowClosed:
    row = script.row(latencies_ms, limits=LIMITS, **more)  # type: ignore[arg-type]
    return script.window(number, row)


def failure(name: str, count: int = 1, error: str = "HTTP 503") -> ev.FailureCount:
    return ev.FailureCount("GET", name, "5xx", error, 1, count)


def test_the_measured_time_runs_from_the_end_of_the_warm_up() -> None:
    view = folded(second(7, 100.0))
    assert (view.measured_from_s, view.measured_s) == (2.0, 7.0)
    # Rates are over what the closed windows cover: seconds 2 to 8.
    assert view.total.rps == pytest.approx(1 / 6)


def test_a_pause_is_neither_measured_time_nor_time_of_the_run() -> None:
    events = [
        ev.PhaseEntered(at_s=5.0, phase="paused"),
        ev.PhaseEntered(at_s=9.0, phase="measuring"),
        second(11, 100.0),
    ]
    view = folded(*events)
    # Measured from 3 to 5 and from 9 to 14, paused for four seconds.
    assert view.measured_s == 7.0
    assert view.measured_from_s == 2.0
    # Thirteen seconds since the load began, four of them paused.
    assert (view.elapsed_s, view.paused_s) == (9.0, 4.0)
    assert (view.total_s, view.left_s) == (300.0, 291.0)


def test_a_pause_counts_while_it_lasts() -> None:
    fold = RunFold(FACTS)
    for event in [*script.beginning(FACTS), ev.PhaseEntered(at_s=5.0, phase="paused")]:
        fold.apply(event)
    assert [fold.view(at_s).measured_s for at_s in (5.0, 50.0)] == [2.0, 2.0]
    assert [fold.view(at_s).elapsed_s for at_s in (5.0, 50.0)] == [4.0, 4.0]
    assert (fold.view(50.0).paused_s, fold.view(50.0).total_s) == (45.0, 300.0)


def test_drain_and_clean_up_are_no_measured_time() -> None:
    view = folded(second(7, 100.0), *script.ending(13.0))
    assert (view.measured_s, view.elapsed_s, view.ended_s) == (10.0, 12.0, 14.0)


@pytest.mark.parametrize("phase", [WARM_UP, UNMEASURED])
def test_what_was_sent_outside_the_measured_phase_is_counted_and_not_judged(phase: int) -> None:
    bad = script.row([9000.0] * 50, failed_ms=[1.0] * 50, phase=phase, limits=LIMITS)
    view = folded(script.window(1, bad), second(7, 100.0), *script.ending(13.0))
    assert view.judgement is not None
    assert view.judgement.verdict == "PASS"
    assert (view.total.requests, view.total.latency.max) == (1, 100.0)
    assert (view.unmeasured_requests, view.unmeasured_failures) == (100, 50)
    assert "50 requests failed outside the measured phase" in view.warnings


def test_late_rows_count_in_the_totals_and_not_in_the_course() -> None:
    late = ev.LateRowsArrived(
        at_s=12.0,
        rows=[script.row([300.0] * 4, limits=LIMITS)],
        failures=[failure("/late")],
        slow=[],
    )
    view = folded(second(7, 100.0), late)
    assert (view.total.requests, view.late_rows) == (5, 4)
    assert sum(point.rps for point in view.points) == 1
    assert view.failures[0].name == "/late"


def test_endpoints_are_told_apart_busiest_first_and_add_up() -> None:
    rows = [script.row([float(n)] * n, name=f"/{n}", limits=LIMITS) for n in (1, 2, 3)]
    view = folded(script.window(7, *rows))
    assert [(one.name, one.requests) for one in view.endpoints] == [("/3", 3), ("/2", 2), ("/1", 1)]
    assert view.total.requests == 6


def test_windows_add_up_to_one_histogram() -> None:
    view = folded(second(3, *[100.0] * 95), second(4, *[900.0] * 5))
    assert view.total.latency.p50 == pytest.approx(100.0, rel=0.01)
    assert view.total.latency.p99 == pytest.approx(900.0, rel=0.01)
    assert (view.total.latency.min, view.total.latency.max) == (100.0, 900.0)
    assert view.total.latency.mean == 140.0


def test_successes_stand_beside_all_requests() -> None:
    row = script.row([100.0] * 5, failed_ms=[1.0] * 5, limits=LIMITS)
    total = folded(script.window(7, row)).total
    assert total.latency.p50 == pytest.approx(1.0, rel=0.01)
    assert total.succeeded.p50 == pytest.approx(100.0, rel=0.01)
    assert total.error_rate == 0.5


def test_failures_are_grouped_by_endpoint_class_and_message() -> None:
    windows = [
        script.window(3, failures=[failure("/a", 2), failure("/b")]),
        script.window(8, failures=[failure("/a", 3), failure("/a", 1, "HTTP 500")]),
    ]
    groups = [(g.name, g.error, g.count, g.first_s, g.last_s) for g in folded(*windows).failures]
    assert groups == [
        ("/a", "HTTP 503", 5, 3.0, 8.0),
        ("/b", "HTTP 503", 1, 3.0, 3.0),
        ("/a", "HTTP 500", 1, 8.0, 8.0),
    ]


def test_failure_groups_are_bounded_and_none_is_lost() -> None:
    failures = [failure(f"/{n}") for n in range(MAX_GROUPS + 50)]
    groups = folded(script.window(3, failures=failures)).failures
    assert len(groups) == MAX_GROUPS + 1
    assert (groups[0].name, groups[0].count) == ("(other)", 50)
    assert sum(group.count for group in groups) == MAX_GROUPS + 50


def test_the_slowest_are_kept_slowest_first() -> None:
    slow = [ev.SlowRequest("GET", "/", float(n), 1.0) for n in range(MAX_SLOW * 2)]
    kept = folded(script.window(3, slow=slow)).slow
    assert [request.ms for request in kept] == [float(n) for n in range(99, 49, -1)]


def test_a_slow_request_of_the_warm_up_is_not_among_the_slowest() -> None:
    slow = [
        ev.SlowRequest("GET", f"/{phase}", 1.0 + phase, 1.0, phase)
        for phase in (WARM_UP, MEASURED, UNMEASURED)
    ]
    late = ev.LateRowsArrived(at_s=9.0, rows=[], failures=[], slow=slow)
    kept = folded(script.window(3, slow=slow), late).slow
    assert [request.name for request in kept] == [f"/{MEASURED}"] * 2


def test_a_stall_is_seen_before_anything_times_out() -> None:
    view = folded(second(7, 100.0), script.reported(20.0, silent_s=9.0, oldest_s=9.5))
    assert view.now.stalled_s == 9.0
    assert view.headline.strong == "nothing answered for 9 s"


@pytest.mark.parametrize(("silent_s", "oldest_s"), [(30.0, 0.2), (30.0, 0.0), (0.2, 30.0)])
def test_neither_silence_nor_an_old_request_alone_is_a_stall(
    silent_s: float, oldest_s: float
) -> None:
    report = script.reported(40.0, silent_s=silent_s, oldest_s=oldest_s)
    assert folded(second(7, 100.0), report).now.stalled_s is None


@pytest.mark.parametrize(("waited_s", "stalled_s"), [(4.0, None), (6.5, 6.5)])
def test_a_slow_service_with_an_empty_second_has_not_stalled_yet(
    waited_s: float, stalled_s: float | None
) -> None:
    report = script.reported(14.0, silent_s=waited_s, oldest_s=waited_s)
    view = folded(second(7, *[3000.0] * 20), script.window(8), report)
    assert view.now.stalled_s == stalled_s


def test_what_a_service_takes_in_its_warm_up_is_known_too() -> None:
    warm = script.row([3000.0] * 20, phase=WARM_UP, limits=LIMITS)
    report = script.reported(6.0, silent_s=4.0, oldest_s=4.0)
    assert folded(script.window(1, warm), script.window(2), report).now.stalled_s is None


def test_a_lost_worker_makes_the_run_invalid() -> None:
    lost = ev.WorkerLost(at_s=8.0, name="w1", reason="killed by signal 9", users=20)
    view = folded(second(3, 100.0), lost, *script.ending(9.0, "workers-lost"))
    assert view.judgement is not None
    assert (view.judgement.verdict, view.judgement.reason) == (
        "INVALID",
        "worker w1 lost with 20 users: killed by signal 9",
    )


def test_a_level_changed_by_hand_is_a_mark_at_once() -> None:
    view = folded(ev.UsersRequested(at_s=9.0, users=40))
    assert view.users_asked == 40
    assert view.warnings == (DEMO_WARNING,)
    assert (view.marks[-1].label, view.marks[-1].at_s) == ("40 users", 8.0)


def test_levels_changed_by_hand_are_one_warning_and_stand_in_the_reason() -> None:
    changes = [ev.UsersRequested(at_s=9.0 + n, users=users) for n, users in enumerate((40, 5, 20))]
    view = folded(second(7, 100.0), *changes, *script.ending(13.0))
    said = "users changed by hand: 5 to 40 instead of 20"
    assert view.warnings[:2] == (DEMO_WARNING, said)
    assert view.judgement is not None
    assert view.judgement.reason == f"1 request within all limits, {said}"


@pytest.mark.parametrize(
    ("event", "warning"),
    [
        (ev.TargetProbed(at_s=4.0, answered=False, detail="refused"), "did not answer before"),
        (ev.UserCodeFailed(at_s=4.0, error="KeyError"), "the locustfile's own code raised: Key"),
        (ev.CleanedUp(at_s=4.0, created=3, deleted=1, left=2), "2 things the run created"),
    ],
)
def test_what_should_be_known_is_a_warning_at_once(event: ev.Event, warning: str) -> None:
    assert any(warning in text for text in folded(event).warnings)


def test_the_same_warning_is_given_once() -> None:
    failed = [ev.UserCodeFailed(at_s=4.0, error="KeyError")] * 3
    assert len(folded(*failed, facts=script.facts(target=script.LOCAL)).warnings) == 1


def test_warnings_only_grow_and_what_may_still_change_waits_for_the_end() -> None:
    scenario = script.scenario(goals={"p95_ms": "< 1"})
    facts = script.facts(scenario=scenario)
    limits = script.percentiles(scenario)
    warm = script.row([], failed_ms=[5.0] * 2, phase=WARM_UP, limits=limits)
    events = [
        *script.beginning(facts),
        script.window(1, warm),
        script.window(3, script.row([100.0] * 5, limits=limits)),
        ev.UserCodeFailed(at_s=5.0, error="KeyError"),
        ev.DrainEnded(at_s=14.0, unfinished=3),
        ev.RunEnded(at_s=15.0, reason="completed"),
    ]
    fold = RunFold(facts)
    seen: list[tuple[str, ...]] = [()]
    for event in events:
        fold.apply(event)
        warnings = fold.view(event.at_s).warnings
        assert warnings[: len(seen[-1])] == seen[-1]
        seen.append(warnings)
    code = "the locustfile's own code raised: KeyError"
    assert seen[-2] == (DEMO_WARNING, code)
    assert seen[-1][2:] == (
        "goal missed: p95_ms < 1",
        "2 requests failed outside the measured phase",
        "3 requests unfinished at the stop",
        "p95 was judged on 5 requests: it is the slowest of them",
    )


@pytest.mark.parametrize(("times", "verdict"), [(10, "PASS"), (11, "INVALID")])
def test_user_code_that_fails_more_than_once_in_a_hundred_requests_makes_the_run_invalid(
    times: int, verdict: str
) -> None:
    raised = ev.UserCodeFailed(at_s=9.0, error="KeyError", times=times - 1)
    once = ev.UserCodeFailed(at_s=9.5, error="ValueError")
    view = folded(second(3, *[100.0] * 1000), raised, once, *script.ending(13.0))
    assert view.judgement is not None
    assert view.judgement.verdict == verdict
    said = f"the locustfile's own code failed {times} times"
    assert (said == view.judgement.reason) is (verdict == "INVALID")


def test_a_run_that_never_left_its_warm_up_says_that_nothing_was_measured() -> None:
    warm = script.row([100.0] * 20, phase=WARM_UP, limits=LIMITS)
    begun = script.beginning(FACTS)[:5]
    view = script.view_of([*begun, script.window(3, warm), *script.ending(13.0)])
    assert view.judgement is not None
    assert (view.judgement.verdict, view.judgement.reason) == (
        "FAIL",
        "the full level was never reached: nothing was measured",
    )


def test_the_last_part_of_a_second_counts_and_is_no_point_of_the_course() -> None:
    drained = ev.PhaseEntered(at_s=9.4, phase="draining")
    windows = [second(number, 100.0) for number in (6, 7, 8, 9)]
    view = folded(*windows[:1], drained, *windows[1:], *script.ending(9.4)[1:])
    # The load ended 8.4 seconds after it began: the eighth second is not whole.
    assert [point.start_s for point in view.points] == [6, 7]
    assert view.total.requests == 4


def test_an_abort_says_that_the_run_ended_early() -> None:
    view = folded(second(3, *[9000.0] * 20), *script.ending(9.0, "threshold", "p95_ms < 2000"))
    assert view.judgement is not None
    assert view.judgement.reason == "p95 9 000 ms, limit 2 000 ms, ended early"


def test_an_abort_on_a_rate_waits_until_a_rate_means_something() -> None:
    limits = {"rps": {"limit": ">= 100", "abort": True}}
    facts = script.facts(scenario=script.scenario(thresholds=limits))
    fold = RunFold(facts)
    for event in script.beginning(facts):
        fold.apply(event)
    said = []
    # The measured phase begins with the second 2.
    for number in range(2, 2 + int(LEAST_RATE_S)):
        fold.apply(script.window(number, script.row([5.0])))
        said.append(fold.broken_abort(60.0))
    assert said == [""] * (int(LEAST_RATE_S) - 1) + ["rps >= 100"]


def test_an_abort_waits_for_its_time_and_for_the_measured_phase() -> None:
    limits = {"p95_ms": {"limit": "< 100", "abort": True, "after": "5s"}}
    facts = script.facts(scenario=script.scenario(thresholds=limits))
    counted = script.percentiles(facts.scenario)
    fold = RunFold(facts)
    for event in script.beginning(facts):
        fold.apply(event)
    assert fold.broken_abort(20.0) == ""
    fold.apply(script.window(3, script.row([500.0] * 5, limits=counted)))
    assert [fold.broken_abort(at_s) for at_s in (7.9, 8.0)] == ["", "p95_ms < 100"]


def test_a_limit_that_does_not_abort_never_ends_a_run() -> None:
    fold = RunFold(FACTS)
    for event in [*script.beginning(FACTS), second(3, *[9999.0] * 50)]:
        fold.apply(event)
    assert fold.broken_abort(100.0) == ""


def test_gauges_are_folded_over_the_run() -> None:
    samples = [script.sample(4.0 + n, tj_c=50.0 + n) for n in range(11)]
    view = folded(*samples)
    (gauge,) = view.telemetry
    assert (gauge.min, gauge.mean, gauge.max) == (50.0, 55.0, 60.0)
    assert gauge.p95 == pytest.approx(60.0, rel=0.01)
    assert (view.telemetry_samples, view.telemetry_interval_s) == (11, 1.0)


def test_a_gauge_that_can_not_be_read_has_no_statistics() -> None:
    readings = {"tj_c": ev.Reading(None, "sysfs", "n/a: no sensor")}
    assert folded(ev.BoardSampled(at_s=4.0, readings=readings)).telemetry == ()


@pytest.mark.parametrize("cut", [1, 4, 5, 6, 7, 12])
def test_a_run_can_be_looked_at_and_ended_at_any_moment(cut: int) -> None:
    events = script.good_run(FACTS)[:cut]
    at_s = events[-1].at_s
    assert script.view_of(events).judgement is None
    ended = script.view_of([*events, ev.RunEnded(at_s=at_s, reason="crashed")])
    assert ended.judgement is not None
    assert ended.judgement.verdict == "INTERRUPTED"


def test_what_the_live_reports_said_last_leaves_no_trace_at_the_end() -> None:
    events = script.good_run(FACTS)
    stored = [event for event in events if not isinstance(event, ev.LoadReported)]
    assert script.view_of(events) == script.view_of(stored)


def test_the_start_of_the_load_is_known() -> None:
    assert _begun(script.beginning(FACTS)) == 1.0
    assert _begun(script.beginning(FACTS)[:3]) is None


def _begun(events: Sequence[ev.Event]) -> float | None:
    return script.view_of(events).began_s


def test_a_ramp_that_breaks_a_limit_says_at_which_rate() -> None:
    scenario = script.scenario(load={"duration": "20s", "arrival_rate": {"from": 0, "to": 40}})
    facts = script.facts(scenario=scenario)
    slow = script.row([2500.0] * 20, limits=script.percentiles(scenario))
    view = script.view_of(script.whole_run(facts, slow, reason="threshold", seconds=8))
    assert view.judgement is not None
    # Two seconds of warm-up and eight measured: half of the way.
    assert view.judgement.reason == "p95 2 500 ms, limit 2 000 ms at 20.0 operations/s"


def test_an_arrival_rate_that_may_not_have_the_users_it_needs_says_so() -> None:
    scenario = script.scenario(load={"duration": "20s", "arrival_rate": 20})
    target = msgspec.structs.replace(script.LOCAL, max_users=5)
    view = script.view_of(script.good_run(script.facts(scenario=scenario, target=target)))
    assert any(
        "at most 5 operations at once (max_users of local)" in each for each in view.warnings
    )


def test_operations_that_nobody_began_count_whenever_they_are_told() -> None:
    facts = script.facts()
    events = script.good_run(facts)
    late = msgspec.structs.replace(script.window(12), missed_sends=40)
    view = script.view_of([*events[:-6], *events[-6:-1], late, events[-1]])
    assert view.validity.missed_sends == 40
    assert view.judgement is not None
    assert view.judgement.verdict == "INVALID"


def test_an_instrument_that_could_not_be_calibrated_says_so() -> None:
    events = script.good_run(script.facts())
    events.insert(1, ev.InstrumentCalibrated(at_s=0.1, why="the responder did not start"))
    view = script.view_of(events)
    assert view.floor is None
    assert any("the responder did not start" in each for each in view.warnings)
