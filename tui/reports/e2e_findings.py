"""What a workflow showed in a run, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.e2e.judging import left_text, maybe_left_text
from tui.core.e2e.view import FailedStep, StepView, WorkflowView
from tui.core.e2e.workflow import Step
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports.board_findings import Finding
from tui.reports.stress_words import said

OF_COMPLETION = "completion_rate"
"""The metric that the steps' own findings explain, with the reason of each."""


def workflow_findings(view: RunView) -> Iterator[Finding]:
    """Step by step; then what is left on the service, and that pictures were none."""
    workflow = view.workflow
    if workflow is None:
        return
    for step in workflow.steps:
        if step.failed:
            yield Finding("fail", step_words(workflow, step), advice_on_step(view, step))
    if workflow.left:
        yield Finding("fail", left_text(workflow.left), "remove them from the target by hand")
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
    return any(
        reason.startswith(f"{failed.name} failed ") and failed.why in reason
        for failed in workflow.failures
    )


def is_explained(view: RunView, state: LimitState) -> bool:
    """Whether a broken limit says no more than the steps that failed."""
    is_failed = view.workflow is not None and any(step.failed for step in view.workflow.steps)
    return state.limit.metric == OF_COMPLETION and is_failed


def said_by_workflow(view: RunView) -> set[str]:
    """The run's warnings that these findings say already."""
    workflow = view.workflow
    if workflow is None:
        return set()
    left = {left_text(workflow.left), maybe_left_text(workflow.maybe_left)}
    return {*words.simulated_words(view), *left} - {""}


def advice_on_limit(state: LimitState, view: RunView) -> str:
    """What to look at where a workflow takes too long; empty before a step was done."""
    slowest = words.slowest_step(view.workflow) if view.workflow is not None else None
    if slowest is None:
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
    compared = ""
    if failed is not None and (failed.wanted or failed.got):
        compared = f" (wanted {said(failed.wanted)}, got {said(failed.got)})"
    return f"{words.name_words(step)} {words.failed_times(step)}{why and ': '}{why}{compared}"


def advice_on_step(view: RunView, step: StepView) -> str:
    """What to look at first, by what the service answered, if anything."""
    failed = first_failure(view.workflow, step) if view.workflow is not None else None
    planned = _planned(view, step)
    if planned is not None and not planned.operation:
        camera = f" {planned.camera}" if planned.camera else ""
        return f"see what the camera gives: jetproof camera probe{camera}"
    if failed is None or failed.exchange is None:
        return ""
    log = f"look for {said(failed.correlation)} in the service's log"
    status = failed.exchange.status
    if status is None:
        return f"see whether the service is up and its address right, then {log}"
    if status in (401, 403):
        return "see the token of the target, and what it may do"
    if status in (404, 405) and planned is not None:
        table = f"[targets.{view.facts.target.name}.operations.{planned.operation}]"
        return f"see method and path in {table} of config.toml; {log}"
    return log


def _planned(view: RunView, step: StepView) -> Step | None:
    workflow = view.facts.scenario.workflow
    if workflow is None:
        return None
    every = workflow.all_steps
    return next((each for each in every if each.name == step.name), None)
