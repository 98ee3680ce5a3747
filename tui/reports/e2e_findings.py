"""What a workflow showed in a run, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.e2e.advising import advice_on
from tui.core.e2e.judging import failed_text, left_text, maybe_left_text
from tui.core.e2e.view import FailedStep, StepView, WorkflowView
from tui.core.format import counted
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports.board_findings import Finding
from tui.reports.clean import visible
from tui.reports.stress_words import said

OF_COMPLETION = ("completion_rate", "tests_passed")
"""The metrics that the steps' own findings explain, with the reason of each."""


def workflow_findings(view: RunView) -> Iterator[Finding]:
    """Step by step; then what is left on the service, and that pictures were none."""
    workflow = view.workflow
    if workflow is None:
        return
    for step in workflow.steps:
        if step.failed and step.test and workflow.is_suite:
            yield Finding("fail", test_step_words(workflow, step), advice_on_step(view, step))
        elif step.failed:
            yield Finding("fail", step_words(workflow, step), advice_on_step(view, step))
    skipped = workflow.tests_in("skipped") if workflow.is_suite else ()
    if skipped:
        names = ", ".join(test.id for test in skipped)
        yield Finding("fail", f"{counted(len(skipped), 'test')} skipped: {names}")
    if workflow.left:
        named = ", ".join(workflow.left_named)
        more = ", …" if workflow.left > len(workflow.left_named) else ""
        which = f": {named}{more}" if named else ""
        advice = f"remove {'it' if workflow.left == 1 else 'them'} from the target by hand{which}"
        yield Finding("fail", left_text(workflow.left), advice)
    if workflow.maybe_left:
        what = maybe_left_text(workflow.maybe_left)
        yield Finding("warn", what, "look for them on the target")
    for line in words.simulated_words(view):
        advice = "let a real camera take the picture: [cameras.NAME] in config.toml"
        yield Finding("warn", line, advice)


def told_by_workflow(view: RunView, reason: str) -> bool:
    """Whether a verdict's reason is one that the findings of its steps tell."""
    workflow = view.workflow
    if workflow is None:
        return False
    if workflow.left and left_text(workflow.left) in reason:
        return True
    if workflow.is_suite and failed_text(workflow) and reason.startswith(failed_text(workflow)):
        return True
    return any(
        reason.startswith(f"{failed.name} failed ") and failed.why in reason
        for failed in workflow.failures
    )


def is_explained(view: RunView, state: LimitState) -> bool:
    """Whether a broken limit says no more than the steps that failed."""
    is_failed = view.workflow is not None and any(step.failed for step in view.workflow.steps)
    return state.limit.metric in OF_COMPLETION and is_failed


def said_by_workflow(view: RunView) -> set[str]:
    """The run's warnings that these findings say already."""
    workflow = view.workflow
    if workflow is None:
        return set()
    left = {left_text(workflow.left), maybe_left_text(workflow.maybe_left)}
    return {*words.simulated_words(view), *left} - {""}


def advice_on_limit(state: LimitState, view: RunView) -> str:
    """What to look at where a workflow takes too long; empty before a step was done, and where one
    failed: it may have waited for what did not come, and has advice of its own."""
    slowest = words.slowest_step(view.workflow) if view.workflow is not None else None
    if slowest is None or (view.workflow is not None and view.workflow.failures):
        return ""
    took = words.span_words(slowest.most_ms)
    return f"the slowest step is {words.name_words(slowest)} ({took}): begin with it"


def first_failure(workflow: WorkflowView, step: StepView) -> FailedStep | None:
    """Of one step; None where it is not among the failures that are kept."""
    return next((each for each in workflow.failures if each.name == step.name), None)


def step_words(workflow: WorkflowView, step: StepView) -> str:
    """`store failed in 1 of 3 rounds: status 500, not 201`."""
    failed = first_failure(workflow, step)
    why = said(failed.why if failed is not None else step.why)
    times = words.failed_times(step)
    return f"{words.name_words(step)} {times}{why and ': '}{why}{_compared(failed)}"


def _compared(failed: FailedStep | None) -> str:
    told = words.difference(failed) if failed is not None else ()
    return f" ({', '.join(f'{name} {what}' for name, what in told)})" if told else ""


def test_step_words(workflow: WorkflowView, step: StepView) -> str:
    """`SMK-07 failed at store: status 500, not 201`."""
    failed = first_failure(workflow, step)
    why = said(failed.why if failed is not None else step.why)
    return f"{step.test} failed at {said(step.name)}{why and ': '}{why}{_compared(failed)}"


def advice_on_step(view: RunView, step: StepView) -> str:
    """What to look at first; the verdict says the same of the first one."""
    workflow, plan = view.workflow, view.facts.scenario.workflow
    if workflow is None or plan is None:
        return ""
    failed = first_failure(workflow, step)
    if failed is None:
        return ""
    planned = next(each for each in plan.all_steps if each.name == step.name)
    steps = zip(plan.all_steps, workflow.steps, strict=True)
    return visible(advice_on(failed, planned, view.facts.target, steps))
