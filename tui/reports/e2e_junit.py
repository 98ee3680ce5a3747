"""A workflow as it stands in a pipeline: a case for each step, in a suite for each test and each
step of the clean-up, and one for what is left."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.e2e.view import StepView, TestView, WorkflowView
from tui.core.format import counted, ms
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports import item_words
from tui.reports.e2e_findings import advice_on_step, first_failure, step_words
from tui.reports.stress_junit import Told
from tui.reports.stress_words import said
from tui.reports.suite_words import (
    coverage_words,
    said_of,
    state_words,
    steps_of,
    tests_name,
)


def told_of_workflow(view: RunView) -> tuple[Told, ...]:
    """Step by step, over all rounds, or test by test; nothing for a run without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return ()
    tests = workflow.tests if workflow.is_suite else ()
    alone = (step for step in workflow.steps if not (tests and step.test))
    return (
        *(_of_test(view, workflow, test) for test in tests),
        *(_of_step(view, workflow, step) for step in alone),
        _of_left(view, workflow),
    )


def _of_test(view: RunView, workflow: WorkflowView, test: TestView) -> Told:
    name = f"{test.id} {said(test.title)}"
    steps = steps_of(workflow, test)
    output = "; ".join(
        (said(test.group), *(part for step in steps for part in _step_output(workflow, step)))
    )
    why = said(test.why)
    if test.state == "failed":
        broken = next(step for step in steps if step.state == "failed")
        return Told(name, why, output, "", advice_on_step(view, broken), _seconds(test.ms))
    return Told(
        name,
        "",
        output,
        "" if test.state == "passed" else why or f"{words.STATES[test.state]} when the run ended",
        time_s=_seconds(test.ms),
    )


def _seconds(span_ms: float | None) -> float:
    return (span_ms or 0.0) / 1000


def _step_output(workflow: WorkflowView, step: StepView) -> Iterator[str]:
    told = said_of(step)
    yield f"{said(step.name)}, {said(step.what)}: {state_words(step)}{told and ', '}{told}"
    yield from _failure_output(workflow, step)


def _of_step(view: RunView, workflow: WorkflowView, step: StepView) -> Told:
    name = f"step {words.name_words(step)}"
    output = "; ".join(_output(workflow, step))
    if step.failed:
        advice = advice_on_step(view, step)
        return Told(name, step_words(workflow, step), output, "", advice, _seconds(step.total_ms))
    skipped = "" if step.passed else "in no round was it done"
    if skipped and step.omitted:
        skipped = f"n/a: {said(step.why)}" if step.state == "omitted" else "n/a"
    return Told(name, "", output, skipped, time_s=_seconds(step.total_ms))


def _of_left(view: RunView, workflow: WorkflowView) -> Told:
    left = words.left_words(workflow)
    output = f"left on the service: {left or 'no round began'}; "
    output += (
        f"{tests_name(view)}: {coverage_words(workflow)}"
        if workflow.is_suite
        else f"rounds: {words.rounds_words(workflow)}"
    )
    failed = f"left on the service: {left}" if workflow.left else ""
    return Told("workflow leaves nothing behind", failed, output)


def _output(workflow: WorkflowView, step: StepView) -> Iterator[str]:
    yield said(step.what)
    yield f"passed in {counted(step.passed, 'round')}"
    if step.passed > 1:
        yield f"p50 {ms(step.p50_ms)} ms, p95 {ms(step.p95_ms)} ms"
    if step.most_ms is not None:
        yield f"{'slowest' if step.passed + step.failed > 1 else 'took'} {ms(step.most_ms)} ms"
    yield from filter(None, (item_words.items_words(step), said(step.note)))
    yield from _failure_output(workflow, step)


def _failure_output(workflow: WorkflowView, step: StepView) -> Iterator[str]:
    failed = first_failure(workflow, step)
    if failed is None:
        return
    yield f"first: {words.failure_head(failed)}"
    for name, told in (*words.difference(failed), *words.exchange_facts(failed)):
        yield f"{name}: {told}"
