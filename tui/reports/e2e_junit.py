"""A workflow as it stands in a pipeline: a case for each step, and one for what is left."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.e2e.view import StepView, WorkflowView
from tui.core.format import counted, ms
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports.e2e_findings import advice_on_step, first_failure, step_words
from tui.reports.stress_junit import Told
from tui.reports.stress_words import said


def told_of_workflow(view: RunView) -> tuple[Told, ...]:
    """Step by step, over all rounds; nothing for a run without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return ()
    return (*(_of_step(view, workflow, step) for step in workflow.steps), _of_left(workflow))


def _of_step(view: RunView, workflow: WorkflowView, step: StepView) -> Told:
    name = f"step {words.name_words(step)}"
    output = "; ".join(_output(workflow, step))
    if step.failed:
        return Told(name, step_words(workflow, step), output, advice=advice_on_step(view, step))
    skipped = "" if step.passed else "in no round was it done"
    return Told(name, "", output, skipped)


def _of_left(workflow: WorkflowView) -> Told:
    left = words.left_words(workflow)
    output = f"left on the service: {left or 'no round began'}; rounds: "
    output += words.rounds_words(workflow)
    failed = f"left on the service: {left}" if workflow.left else ""
    return Told("workflow leaves nothing behind", failed, output)


def _output(workflow: WorkflowView, step: StepView) -> Iterator[str]:
    yield said(step.what)
    yield f"passed in {counted(step.passed, 'round')}"
    yield f"p50 {ms(step.p50_ms)} ms, p95 {ms(step.p95_ms)} ms, slowest {ms(step.most_ms)} ms"
    failed = first_failure(workflow, step)
    if failed is None:
        return
    yield f"first: {words.failure_head(failed)}"
    for name, told in (*words.difference(failed), *words.exchange_facts(failed)):
        yield f"{name}: {told}"
