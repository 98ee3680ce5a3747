"""One line on how a run stands, for pipes and CI."""

from __future__ import annotations

from tui.core import format as text
from tui.core.e2e.standing import (
    items_p95_text,
    outcome_text,
    over_tests,
    rounds_text,
    step_text,
)
from tui.core.e2e.view import Standing, TestView, WorkflowView
from tui.core.model import Cooling, RunView
from tui.core.stress.view import StressView

HEAT = ("tj_c", "hottest_c")
LONG_RUN_S = 300.0
EARLY_S = 1.0
"""So long nobody wonders that no round has begun."""
FEW_ROUNDS, FEW_FAILURES = 10, 3


def stretch_of(run: RunView) -> str:
    """The phase, and in it the part of a stress or the round of a workflow: a line is due whenever
    it changes."""
    if run.workflow is not None:
        return f"{run.phase} {_workflow_stretch(run.workflow)}"
    if run.storage is not None and run.storage.now is not None:
        return f"{run.phase} {run.storage.now.size_mb}"
    return f"{run.phase} {run.stress.part if run.stress is not None else ''}"


def _workflow_stretch(view: WorkflowView) -> str:
    """A line for each of a few rounds, and for the first ones that fail; the tests of a suite have
    lines of their own."""
    if view.is_suite:
        return ""
    number = view.begun if view.rounds <= FEW_ROUNDS else 0
    return f"{number} {min(view.failed, FEW_FAILURES)}"


_WORDS: dict[Standing, str] = {
    "passed": "PASS",
    "failed": "FAIL",
    "skipped": "SKIP",
    "omitted": "n/a ",
}


def ended_lines(run: RunView) -> tuple[str, ...]:
    """A line for each test of a suite that is over: `PASS SMK-05 capture and predict  84 ms`."""
    if run.workflow is None or not run.workflow.is_suite:
        return ()
    told: dict[str, str] = {}
    for step in run.workflow.steps:
        if step.state == "passed" and (p95 := items_p95_text(step)):
            told[step.test] = f"  {p95}"
    tests = over_tests(run.workflow)
    return tuple(f"{_test_line(test)}{told.get(test.id, '')}" for test in tests)


def _test_line(test: TestView) -> str:
    took = f"  {text.ms(test.ms)} ms" if test.ms is not None else ""
    why = f"  {test.why}" if test.why else ""
    return f"{_WORDS[test.state]} {test.id} {test.title}{took}{why}"


def is_long(run: RunView) -> bool:
    """Whether a line every few seconds would be too many."""
    workflow = run.facts.scenario.workflow
    paced_s = (workflow.rounds - 1) * workflow.every_s if workflow is not None else 0.0
    grown_s = run.elapsed_s if workflow is not None else 0.0
    if run.storage is not None:
        return run.elapsed_s > LONG_RUN_S
    return max(run.facts.scenario.duration_s, paced_s, grown_s) > LONG_RUN_S


def progress_line(run: RunView) -> str:
    """One line on how a run stands; empty where there is nothing to say yet."""
    if run.stress is not None and run.stress.part is not None:
        return _stress_line(run, run.stress)
    headline = f"{run.headline.strong}{run.headline.rest}"
    if run.began_s is None or run.phase not in ("warm-up", "measuring", "paused"):
        return f"{text.clock(run.elapsed_s)}  {headline}"
    if run.workflow is not None:
        return _workflow_line(run, run.workflow)
    if run.storage is not None:
        return f"{text.clock(run.elapsed_s)}  {headline}"
    if run.cameras:
        left = text.clock(run.left_s)
        return f"{text.clock(run.elapsed_s)}  {run.phase}, {left} left  {headline}"
    if run.facts.scenario.load is None:
        return f"{text.clock(run.elapsed_s)}  {run.phase}"
    left = text.clock(run.left_s)
    return f"{text.clock(run.elapsed_s)}  {run.phase}, {left} left  {_load(run)}  {headline}"


def _load(run: RunView) -> str:
    """`20 users  60 rps  p95 38 ms  0 failed`."""
    p95_ms = run.total.latency.p95 if run.total.requests else run.now.p95_ms
    failed = run.total.failures + run.unmeasured_failures
    level = text.counted(run.now.users, "user")
    if run.facts.scenario.is_open:
        level = f"{run.now.in_flight} in flight"
    return (
        f"{level}  {text.rate(run.now.rps)} rps  p95 {text.ms(p95_ms)} ms  "
        f"{text.count(failed)} failed"
    )


def _workflow_line(run: RunView, view: WorkflowView) -> str:
    """`00:03  round 2 of 3  store…  1 complete`, and the load beside it where there is one."""
    beside = _load(run) if run.facts.scenario.load is not None else ""
    if not view.begun:
        if not beside and run.elapsed_s < EARLY_S:
            return ""
        none = run.phase if beside else f"no {'test' if view.is_suite else 'round'} yet"
        return "  ".join(filter(None, (text.clock(run.elapsed_s), none, beside)))
    parts = [text.clock(run.elapsed_s), rounds_text(view), step_text(view), outcome_text(view)]
    return "  ".join(part for part in (*parts, beside) if part)


def _stress_line(run: RunView, stress: StressView) -> str:
    """One line on how a run with a stress stands: part, burners, heat, health, load."""
    parts = [text.clock(run.elapsed_s), _stress_part(run, stress)]
    parts += [
        f"{each.name} {text.percent(each.reached)} %"
        for each in stress.burners
        if each.reached is not None and stress.part == "stress"
    ]
    tj_c = _hottest_c(run)
    if tj_c is not None:
        parts.append(f"tj {text.fixed(tj_c)} °C")
    if stress.health.probes:
        is_gone = stress.health.gone_since_s is not None
        answer = "no answer" if is_gone else f"{text.ms(stress.health.ms)} ms"
        parts.append(f"health {answer}")
    if run.facts.scenario.load is not None:
        parts += [
            f"{text.rate(run.now.rps)} rps",
            f"p95 {text.ms(run.now.p95_ms)} ms",
            f"{text.count(run.total.failures + run.unmeasured_failures)} failed",
        ]
    parts.append(f"{run.headline.strong}{run.headline.rest}")
    return "  ".join(parts)


def _stress_part(run: RunView, stress: StressView) -> str:
    """`stress 2/4 50 %`, `before, 00:12 left`, `after, at most 00:40 left`."""
    left = text.clock(stress.left_s)
    plan = run.facts.scenario.stress
    if stress.part != "stress" or plan is None:
        most = "at most " if stress.part == "after" else ""
        return f"{stress.part}, {most}{left} left"
    step = plan.steps[min(stress.step, len(plan.steps) - 1)]
    number = f"{stress.step + 1}/{len(plan.steps)} " if len(plan.steps) > 1 else ""
    return f"stress {number}{step.text}, {left} left"


def _hottest_c(run: RunView) -> float | None:
    gauges = run.board_points[-1].gauges if run.board_points else {}
    return next((gauges[name].max for name in HEAT if name in gauges), None)


def cooling_line(cooling: Cooling) -> str:
    """One line on what the next run waits for."""
    parts = []
    if cooling.temperature_c is not None and cooling.wanted_c is not None:
        now, wanted = text.fixed(cooling.temperature_c, 1), text.fixed(cooling.wanted_c, 1)
        parts.append(f"{now} °C, wanted {wanted}")
    if cooling.load_1m is not None:
        load, wanted = text.fixed(cooling.load_1m, 2), text.fixed(cooling.wanted_load, 1)
        parts.append(f"load {load}, wanted < {wanted}")
    state = ", ".join(parts)
    left = text.clock(cooling.left_s)
    return f"cooling down before {cooling.next}: {state}; {left} left at most"
