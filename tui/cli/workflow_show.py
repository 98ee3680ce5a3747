"""The lines of `jetproof show` that tell of a workflow: its rounds or tests, and their steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.config import Target
    from tui.core.e2e.operation import Operation
    from tui.core.e2e.workflow import Step, Workflow

Labelled = tuple[str, str]
"""What stands at the left, empty to go on with the one above, and a text."""


def workflow_size(workflow: Workflow) -> str:
    """`5 steps`, `3 × 5 steps`, `16 tests`; as narrow as it can be told."""
    from tui.core.format import counted

    if workflow.openapi:
        return "its OpenAPI"
    if workflow.tests:
        return counted(len(workflow.tests), "test")
    steps = counted(len(workflow.names), "step")
    return f"{workflow.rounds} × {steps}" if workflow.rounds > 1 else steps


def workflow_lines(workflow: Workflow, target: Target | None = None) -> Iterator[Labelled]:
    """In the order in which it happens. With a target: how it is asked, and what is left out."""
    from tui.core.e2e.asking import offered
    from tui.core.e2e.workflow import workflow_text
    from tui.core.format import duration

    operations = target.operations if target is not None else ()
    workflow = offered(workflow, target) if target is not None else workflow
    width = _width(workflow.cleanup if workflow.tests else workflow.all_steps)
    if workflow.tests:
        yield "does", f"{workflow_text(workflow)}, {duration(workflow.test_timeout_s)} each at most"
        yield from _test_lines(workflow, operations)
    else:
        pace = f"; one begins every {duration(workflow.every_s)} at most"
        yield "does", workflow_text(workflow) + (pace if workflow.every_s else "")
        yield from _step_lines("steps", workflow.steps, width, operations)
    yield from _step_lines("cleanup", workflow.cleanup, width, operations)
    label = "values"
    for name, value in workflow.values:
        yield label, f"{{target.{name}}} is {value}, unless the target has its own"
        label = ""
    what = "a test that fails or is skipped" if workflow.tests else "a step that fails"
    yield "fails", f"{what}, and anything left on the service, too"


def _test_lines(workflow: Workflow, operations: Sequence[Operation]) -> Iterator[Labelled]:
    """Group by group, each test with its steps."""
    by_name = {step.name: step for step in workflow.steps}
    label, group = "tests", ""
    for test in workflow.tests:
        if test.group != group:
            yield label, test.group
        label, group = "", test.group
        yield "", f"  {test.id}  {test.title}"
        steps = [by_name[name] for name in test.steps]
        for _, line in _step_lines("", steps, _width(steps), operations):
            yield "", f"    {line}"


def _width(steps: Sequence[Step]) -> int:
    """Of the longest name."""
    return max((len(step.name) for step in steps), default=0)


def _step_lines(
    label: str, steps: Sequence[Step], width: int, operations: Sequence[Operation]
) -> Iterator[Labelled]:
    for step in steps:
        yield label, f"{step.name:<{width}}  {_step(step, operations)}"
        label = ""


def _step(step: Step, operations: Sequence[Operation]) -> str:
    """`store with capture, within 2 000 ms; checks sha256; saves id`."""
    from tui.core.e2e.step_words import batch_texts, deed_texts, pages_text, sent_text, time_texts
    from tui.core.e2e.workflow import asked_text

    if step.omit:
        return f"n/a: {step.omit}"
    sent = f" {text}" if (text := sent_text(step)) else ""
    action = ", ".join([asked_text(step, operations) + sent, *deed_texts(step), *time_texts(step)])
    status = [f"status {' or '.join(map(str, step.status))}"] if step.status else []
    checks = ", ".join([*status, *(check.place for check in step.checks)])
    saved = ", ".join(name for name, _ in step.save)
    parts = [
        action,
        *batch_texts(step),
        pages_text(step.pages) if step.pages is not None else "",
        f"checks {checks}" if checks else "",
        f"saves {saved}" if saved else "",
    ]
    return "; ".join(filter(None, parts))
