"""What service, burners and board did in each step, and while each fault held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.core import script
from tests.core.stress import loaded
from tests.core.stress.loaded import AFTER_S, BEGAN_S, END_S, STRESS_S, folded, told
from tui.core import events as ev
from tui.core.limits import Limit
from tui.core.stress.burners import SETTLED_S
from tui.core.stress.view import HeldBy, PartView, StepView, StressView
from tui.core.tally import Row

P95 = Limit("p95_ms", "<", 100.0)
MIDDLE_S = 50
"""Where the second of two steps begins."""
STEPS = {"steps_percent": [25, 100], "cpu": {}}
FAULTS = {"faults": [{"latency_ms": 100}, {"cut": "black_hole"}]}


def facts(**stress: Any) -> ev.RunFacts:
    """20 s before, two steps of 30 s, 30 s after."""
    scenario = script.scenario(
        "stress-stepped",
        kind="stress",
        stress={"before": "20s", "duration": "60s", "after": "30s", **stress},
        load={"users": 20, "spawn_rate": 10.0},
        thresholds={"p95_ms": "< 100"},
    )
    return script.facts(scenario=scenario)


def second(ms: float, *, requests: int = 50, failed: int = 0) -> Row:
    return script.row([ms] * (requests - failed), failed_ms=[ms] * failed, limits=[P95])


def stepped(step: int, at_s: float) -> ev.Event:
    return ev.StressStepped(at_s=BEGAN_S + at_s, step=step)


def burnt(at_s: float, asked: float, reached: float, **figures: float) -> ev.Event:
    one = ev.BurnerSecond("cpu", "share of a core", asked, reached, figures=dict(figures))
    return ev.BurnersReported(at_s=BEGAN_S + at_s, burners=[one])


def done(at_s: float, text: str, name: str = "network") -> ev.Event:
    return ev.FaultDone(at_s=BEGAN_S + at_s, name=name, text=text)


def undone(at_s: float, name: str = "network") -> ev.Event:
    return ev.FaultUndone(at_s=BEGAN_S + at_s, name=name)


TWO_STEPS = (stepped(0, STRESS_S), stepped(1, MIDDLE_S))


def view(
    about: ev.RunFacts, rows: dict[int, Row], more: Sequence[ev.Event], **windows: Any
) -> StressView:
    """The run with these events beside those of its load, in order of time."""
    # A second's window is told of three seconds late: two steps later at the worst.
    events = sorted((*told(rows, **windows), *more), key=lambda event: event.at_s)
    found = folded(about, *events, *loaded.end()).view(END_S + 10.0).stress
    assert found is not None
    return found


def steps(about: ev.RunFacts, rows: dict[int, Row], more: Sequence[ev.Event]) -> list[StepView]:
    return list(view(about, rows, more).steps)


def test_each_step_has_the_figures_of_its_own_seconds() -> None:
    rows = {
        0: second(10),
        STRESS_S: second(20),
        MIDDLE_S: second(80, failed=5),
        AFTER_S: second(10),
    }
    first, last = steps(facts(**STEPS), rows, TWO_STEPS)
    assert [first.text, last.text] == ["25 %", "100 %"]
    assert (first.figures.from_s, first.figures.until_s) == (STRESS_S + SETTLED_S, MIDDLE_S)
    assert (last.figures.from_s, last.figures.until_s) == (MIDDLE_S + SETTLED_S, AFTER_S)
    assert first.figures.p95_ms == pytest.approx(20, rel=0.01)
    assert last.figures.p50_ms == pytest.approx(80, rel=0.01)
    assert (first.figures.error_rate, last.figures.error_rate) == (0, 0.1)
    assert (first.figures.rps, last.figures.rps) == (50, 50)
    assert (first.figures.seconds, last.figures.seconds) == (28, 28)


def test_a_step_counts_from_where_its_level_is_reached() -> None:
    rows = {0: second(10), STRESS_S: second(500), STRESS_S + 12: second(20)}
    more = (*TWO_STEPS, burnt(STRESS_S + 5, 0.125, 0.1), burnt(STRESS_S + 13, 0.25, 0.25))
    found = view(facts(**STEPS, ramp="10s"), rows, more)
    first, last = found.steps
    assert first.figures.from_s == STRESS_S + 10 + SETTLED_S
    assert first.figures.p95_ms == pytest.approx(20, rel=0.01)
    assert last.figures.from_s == MIDDLE_S + SETTLED_S
    assert [level.reached for level in found.burners[0].levels] == [0.25]


def test_a_step_without_burners_counts_from_its_begin() -> None:
    first, last = steps(facts(steps_percent=[25, 100], disk={}), {0: second(10)}, TWO_STEPS)
    assert (first.figures.from_s, last.figures.from_s) == (STRESS_S, MIDDLE_S)


def test_a_step_that_is_over_before_its_level_is_reached_has_no_figures() -> None:
    first, _ = steps(facts(**STEPS, ramp="29s"), {0: second(10)}, TWO_STEPS)
    assert first.figures.from_s == first.figures.until_s
    assert first.figures.p95_ms is None


def test_a_second_that_lies_in_two_steps_counts_in_neither() -> None:
    more = (stepped(0, STRESS_S), stepped(1, MIDDLE_S + 0.5))
    first, last = steps(facts(**STEPS), {0: second(10)}, more)
    assert first.figures.seconds + last.figures.seconds == 28 + 27


def test_a_disturbed_second_counts_its_errors_alone() -> None:
    rows = {0: second(10), MIDDLE_S: second(900, failed=10), MIDDLE_S + 5: second(20)}
    disturbed = range(MIDDLE_S, MIDDLE_S + 5)
    _, last = view(facts(**STEPS), rows, TWO_STEPS, disturbed=disturbed).steps
    assert last.figures.p95_ms == pytest.approx(20, rel=0.01)
    assert last.figures.error_rate == pytest.approx(3 * 10 / (28 * 50))
    assert last.figures.disturbed_s == 3


def test_a_late_row_counts_in_the_step_in_which_it_lay() -> None:
    rows = [second(20, failed=50)]
    late = ev.LateRowsArrived(at_s=BEGAN_S + MIDDLE_S + 1, rows=rows, failures=[], slow=[])
    first, last = steps(facts(**STEPS), {0: second(10)}, (*TWO_STEPS, late))
    assert first.figures.error_rate == pytest.approx(1 / 29)
    assert last.figures.error_rate == 0


def test_the_board_and_the_health_check_are_those_of_the_step() -> None:
    def sample(at_s: float, tj_c: float, mw: float) -> ev.Event:
        return script.sample(BEGAN_S + at_s, tj_c=tj_c, vdd_in_mw=mw)

    def probe(at_s: float, ms: float) -> ev.Event:
        return ev.HealthProbed(at_s=BEGAN_S + at_s + ms / 1000, sent_s=BEGAN_S + at_s, ms=ms)

    more = [
        *TWO_STEPS,
        *(sample(at_s + 0.1, 60.0 if at_s < MIDDLE_S else 71.5, 5000.0) for at_s in range(80)),
        *(probe(at_s + 0.3, 4.0 if at_s < MIDDLE_S else 9.0) for at_s in range(80)),
    ]
    first, last = steps(facts(**STEPS), {0: second(10)}, more)
    assert (first.figures.tj_max_c, last.figures.tj_max_c) == (60.0, 71.5)
    assert first.figures.power_mean_mw == 5000
    assert first.figures.health_p95_ms == pytest.approx(4, rel=0.02)
    assert last.figures.health_p95_ms == pytest.approx(9, rel=0.02)


def test_a_step_that_goes_on_has_no_end_yet() -> None:
    events = [*told({0: second(10)}, until_s=40), stepped(0, STRESS_S)]
    in_order = sorted(events, key=lambda event: event.at_s)
    found = folded(facts(**STEPS), *in_order).view(41.0).stress
    assert found is not None
    (first,) = found.steps
    assert first.figures.until_s is None
    assert first.figures.seconds == 40 - 3 - STRESS_S - SETTLED_S + 1


class TestABurner:
    def levels(self, *reports: ev.Event) -> list[tuple[int, float, float]]:
        (cpu,) = view(facts(**STEPS), {0: second(10)}, (*TWO_STEPS, *reports)).burners
        return [(level.step, level.asked, level.reached) for level in cpu.levels]

    def test_has_a_level_for_each_step(self) -> None:
        low = [burnt(at_s, 0.25, 0.25) for at_s in range(STRESS_S + 3, MIDDLE_S)]
        high = [burnt(at_s, 1.0, 0.97) for at_s in range(MIDDLE_S + 3, AFTER_S)]
        first, last = self.levels(*low, *high)
        assert first == pytest.approx((0, 0.25, 0.25))
        assert last == pytest.approx((1, 1.0, 0.97))

    def test_told_in_the_first_moments_of_a_step_is_of_the_one_before(self) -> None:
        stale = burnt(MIDDLE_S + 0.9, 0.25, 0.25)
        found = self.levels(stale, burnt(MIDDLE_S + 2.9, 1.0, 0.9))
        assert found == [(1, 1.0, 0.9)]

    def test_that_is_slow_to_hear_of_its_new_level_tells_nothing_of_it_meanwhile(self) -> None:
        stale = [burnt(MIDDLE_S + 4, 0.25, 0.25), burnt(MIDDLE_S + 5, 0.625, 0.6)]
        assert self.levels(*stale, burnt(MIDDLE_S + 6, 1.0, 0.9)) == [(1, 1.0, 0.9)]

    def test_that_was_held_says_for_how_long_and_what_that_kept_from_it(self) -> None:
        def held(at_s: float, reached: float, held_by: HeldBy) -> ev.Event:
            one = ev.BurnerSecond("memory", "share", 0.25, reached, held_by=held_by)
            return ev.BurnersReported(at_s=BEGAN_S + at_s, burners=[one])

        reports = [held(30, 0.05, ""), held(31, 0.05, "floor"), held(32, 0.15, "floor")]
        ended = ev.BurnerEnded(at_s=BEGAN_S + 33, name="memory")
        (memory,) = view(facts(**STEPS), {0: second(10)}, (*TWO_STEPS, *reports, ended)).burners
        assert (memory.held_by, memory.held_s, memory.told_s) == ("floor", 2, 3)
        assert memory.mean_excused == pytest.approx((0.2 + 0.1) / 3)
        assert [level.excused for level in memory.levels] == [memory.mean_excused]

    def test_says_of_how_many_cores_its_share_is(self) -> None:
        reports = [burnt(30, 1.0, 1.0, cores=2.0), burnt(31, 1.0, 0.5, cores=1.0), burnt(32, 1, 0)]
        (cpu,) = view(facts(**STEPS), {0: second(10)}, reports).burners
        assert cpu.unit == "share of 2 cores"

    def test_of_a_version_that_did_not_tell_keeps_its_own_words(self) -> None:
        (cpu,) = view(facts(**STEPS), {0: second(10)}, [burnt(30, 1.0, 1.0)]).burners
        assert cpu.unit == "share of a core"


SLOW_THEN_SILENT = {0: second(10), STRESS_S: second(210), MIDDLE_S: second(10, requests=0)}


class TestAFault:
    def figures(self, *more: ev.Event) -> list[PartView]:
        return [step.figures for step in steps(facts(**FAULTS), SLOW_THEN_SILENT, more)]

    def test_has_the_figures_of_the_time_in_which_it_held(self) -> None:
        more = (
            stepped(0, STRESS_S),
            done(STRESS_S + 0.2, "latency 100 ms"),
            stepped(1, MIDDLE_S),
            undone(MIDDLE_S + 0.2),
            done(MIDDLE_S + 0.3, "black hole"),
            undone(AFTER_S - 10),
        )
        latency, hole = self.figures(*more)
        assert latency.from_s == pytest.approx(STRESS_S + 0.2)
        assert hole.from_s == pytest.approx(MIDDLE_S + 0.3)
        assert (latency.until_s, hole.until_s) == (MIDDLE_S, AFTER_S - 10)
        assert latency.p95_ms == pytest.approx(210, rel=0.01)
        assert (hole.p95_ms, hole.rps) == (None, 0)
        texts = [step.text for step in steps(facts(**FAULTS), SLOW_THEN_SILENT, more)]
        assert texts == ["latency 100 ms", "black hole"]

    def test_that_was_never_done_has_none(self) -> None:
        assert self.figures(stepped(0, STRESS_S)) == []

    def test_on_the_disk_ends_no_step(self) -> None:
        more = (*TWO_STEPS, done(30, "all free space", "disk"), undone(40, "disk"))
        found = steps(facts(**STEPS), {0: second(10)}, more)
        assert [step.figures.until_s for step in found] == [MIDDLE_S, AFTER_S]

    def test_of_whose_end_nobody_told_is_warned_of_once_the_run_is_over(self) -> None:
        about = facts(**FAULTS)
        events = [
            *told({0: second(10)}, until_s=40),
            stepped(0, STRESS_S),
            done(STRESS_S + 0.2, "latency 100 ms"),
        ]
        fold = folded(about, *sorted(events, key=lambda event: event.at_s))
        found = fold.view(41.0)
        assert found.stress is not None
        assert found.stress.unheard == ()
        fold.apply(ev.RunEnded(at_s=45.0, reason="crashed"))
        found = fold.view(45.0)
        assert found.stress is not None
        assert [fault.text for fault in found.stress.unheard] == ["latency 100 ms"]
        assert any("`jetproof doctor`" in warning for warning in found.warnings)
        fold.apply(ev.FaultUndone(at_s=46.0, name="network", cause="the guardian"))
        found = fold.view(46.0)
        assert found.stress is not None
        assert found.stress.unheard == ()
