"""What a workflow showed, as limits and the verdict of its run ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tui.core.e2e.advising import AGAIN
from tui.core.e2e.metric_table import WORKFLOW_METRICS
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.view import FailedStep, WorkflowView
from tui.core.e2e.workflow import Step, Workflow
from tui.core.format import count, counted
from tui.core.limits import Limit, LimitState
from tui.core.proof import Proof, Shortfall

APPLY = "give the target in config.toml what its warnings name"
MOST_NAMED, MOST_REASONED = 6, 3
"""Tests that failed and are named in one line; with the reason of each."""
Judges = Callable[[Sequence[Limit]], Sequence[LimitState]]
NO_ROUND = "no round was completed"


def figure_of(metric: str, view: WorkflowView) -> float | None:
    """What of the workflow a limit is on; None until it is known. KeyError: no such metric."""
    return _FIGURES[metric](view)


def judged(limits: Sequence[Limit], view: WorkflowView) -> tuple[LimitState, ...]:
    """Each limit beside its figure."""
    figures = ((limit, figure_of(limit.metric, view)) for limit in limits)
    return tuple(
        LimitState(limit, figure, None if figure is None else limit.holds_for(figure))
        for limit, figure in figures
    )


def judged_under_load(
    limits: Sequence[Limit], of_workflow: Judges, of_load: Judges
) -> tuple[LimitState, ...]:
    """Each limit by whoever has its figure, in their order."""
    own = [limit for limit in limits if limit.metric in WORKFLOW_METRICS]
    others = [limit for limit in limits if limit.metric not in WORKFLOW_METRICS]
    states = {state.limit: state for state in (*of_workflow(own), *of_load(others))}
    return tuple(states[limit] for limit in limits)


def proof_of(
    view: WorkflowView,
    first_failures: Sequence[FailedStep],
    thresholds: Sequence[LimitState],
    *,
    plan: Workflow,
    advice: str = "",
    is_cut_short: bool = False,
) -> Proof:
    """Of a run that has ended; `first_failures`: for each step that failed its first time, `advice`
    on the first of them;
    `is_cut_short`: a limit on the load beside it ended it, and says so itself.

    Where a round came to nothing without a step that failed, nobody knows what it would have shown.
    """
    findings = tuple(_findings(view, first_failures))
    if is_cut_short:
        return Proof(findings=findings if first_failures else (), is_work=True)
    undone: tuple[Shortfall, ...] = ()
    if not findings and view.over < view.rounds:
        reason = f"{count(view.over)} of {counted(view.rounds, 'round')} came to an end"
        undone = (Shortfall(reason, AGAIN),)
    if not findings and not undone and _is_all_omitted(view):
        undone = (Shortfall("nothing of it applies here: every step was left out", APPLY),)
    without = [
        state.limit.metric
        for state in thresholds
        if state.observed is None and state.limit.metric in WORKFLOW_METRICS
    ]
    return Proof(
        findings=findings,
        advice=advice or AGAIN,
        undone=undone,
        unjudged={metric: _without_figure(metric, view, plan) for metric in without},
        done=done_text(view),
        is_work=True,
    )


def _without_figure(metric: str, view: WorkflowView, plan: Workflow) -> Shortfall:
    """Why a limit can't be judged: the steps that would have given the figure were left out, or
    there are none."""
    gives = _GIVES.get(metric)
    pairs = zip(plan.all_steps, view.steps, strict=True)
    left_out = [
        step for planned, step in pairs if step.never_applied and (gives is None or gives(planned))
    ]
    if not left_out:
        return Shortfall("no step has such a figure", AGAIN)
    first = left_out[0]
    more = f" and {counted(len(left_out) - 1, 'more step')}" if len(left_out) > 1 else ""
    why = f" ({first.why})" if first.why else ""
    reason = f"no step that was done has such a figure; {first.name}{more} left out{why}"
    return Shortfall(reason, APPLY)


def done_text(view: WorkflowView) -> str:
    """`3 rounds of 5 steps complete, 6 hashes right`, `14 of 14 tests passed, 2 n/a`."""
    right = f", {counted(view.hashes, 'hash')} right" if view.hashes else ""
    if view.is_suite:
        return f"{passed_text(view)}{right}"
    omitted = sum(step.never_applied for step in view.steps)
    steps = counted(len(view.steps) - omitted, "step")
    without = f", {counted(omitted, 'step')} n/a" if omitted else ""
    partly = sum(step.omitted > 0 for step in view.steps) - omitted
    without += f", {counted(partly, 'step')} n/a in some rounds" if partly else ""
    return f"{counted(view.complete, 'round')} of {steps} complete{without}{right}"


def passed_text(view: WorkflowView) -> str:
    """`14 of 14 tests passed, 2 n/a`: of those that apply here."""
    omitted = len(view.tests_in("omitted"))
    without = f", {count(omitted)} n/a" if omitted else ""
    passed = count(len(view.tests_in("passed")))
    return f"{passed} of {counted(len(view.tests) - omitted, 'test')} passed{without}"


def failed_text(view: WorkflowView) -> str:
    """`2 of 16 tests failed: SMK-07 stored (store: status 500, not 201), SMK-09 (list: status 503,
    not 200); 1 skipped`; empty where all that are over passed."""
    failed, skipped = view.tests_in("failed"), len(view.tests_in("skipped"))
    if not failed:
        return f"{counted(skipped, 'test')} skipped" if skipped else ""
    applying = len(view.tests) - len(view.tests_in("omitted"))
    first, reasoned = failed[0], failed[1:MOST_REASONED]
    more = len(failed) - MOST_NAMED
    named = [f"{first.id} {first.title} ({first.why})"]
    named += [f"{test.id} ({test.why})" for test in reasoned]
    named += [test.id for test in failed[MOST_REASONED:MOST_NAMED]]
    rest = f" and {count(more)} more" if more > 0 else ""
    also = f"; {count(skipped)} skipped" if skipped else ""
    of = f"{count(len(failed))} of {counted(applying, 'test')}"
    return f"{of} failed: {', '.join(named)}{rest}{also}"


def omitted_text(name: str, test: SmokeTest | None, why: str) -> str:
    """Of a step that does not apply here."""
    return f"{test.id + ' ' if test is not None else ''}{name} left out: {why}"


def left_text(left: int) -> str:
    """What is left on the service; empty where nothing is."""
    if not left:
        return ""
    are = "is" if left == 1 else "are"
    return f"{counted(left, 'thing')} that the run made {are} left on the service"


def maybe_left_text(maybe_left: int) -> str:
    """What may be left there; empty where everything is known."""
    if not maybe_left:
        return ""
    things = counted(maybe_left, "thing")
    return f"{things} may be left on the service: nobody was told what was made"


def _findings(view: WorkflowView, first_failures: Sequence[FailedStep]) -> Iterable[str]:
    failed = {step.name: step.failed for step in view.steps}
    in_tests = {step.name for step in view.steps if step.test and view.is_suite}
    if view.is_suite and failed_text(view):
        yield failed_text(view)
    for first in first_failures:
        if first.name in in_tests:
            continue
        times = failed[first.name]
        where = f"in round {count(first.round)}"
        if times > 1:
            where = f"in {counted(times, 'round')}, first {where}"
        yield f"{first.name} failed {where}: {first.why}"
    if view.left:
        yield left_text(view.left)
    if not (first_failures or view.left or view.over):
        yield NO_ROUND


def _is_all_omitted(view: WorkflowView) -> bool:
    """Whether nothing was done that shows anything, since none of it applies here."""
    if view.is_suite:
        return all(test.state == "omitted" for test in view.tests)
    main = [step for step in view.steps if not step.is_cleanup]
    return any(step.omitted for step in main) and not any(step.passed for step in main)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _item_error_rate(view: WorkflowView) -> float | None:
    # What is deleted behind them must not thin out those that failed.
    main = [step for step in view.steps if not step.is_cleanup]
    return _share(sum(step.items_failed for step in main), sum(step.items for step in main))


def _completeness(view: WorkflowView) -> float | None:
    complete = sum(step.records_complete for step in view.steps)
    return _share(complete, sum(step.records for step in view.steps))


def _tests_passed(view: WorkflowView) -> float | None:
    passed = len(view.tests_in("passed"))
    return _share(passed, passed + len(view.tests_in("failed")) + len(view.tests_in("skipped")))


def _most(figures: Iterable[float | None]) -> float | None:
    return max((figure for figure in figures if figure is not None), default=None)


_GIVES: dict[str, Callable[[Step], bool]] = {
    "item_error_rate": lambda step: step.has_items,
    "completeness": lambda step: step.pages is not None,
}
"""Which steps have such a figure, where not all do."""
_FIGURES: dict[str, Callable[[WorkflowView], float | None]] = {
    "round_s": lambda view: None if view.slowest_ms is None else view.slowest_ms / 1000,
    "step_ms": lambda view: _most(step.most_ms for step in view.steps),
    "completion_rate": lambda view: view.completion_rate,
    # The worst step's: a quick one must not hide behind the others.
    "overhead_ms": lambda view: _most(step.overhead_p95_ms for step in view.steps),
    "item_error_rate": _item_error_rate,
    "completeness": _completeness,
    "requests_per_s": lambda view: view.requests_per_s,
    "tests_passed": _tests_passed,
}
