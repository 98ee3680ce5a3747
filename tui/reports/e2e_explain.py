"""A workflow in plain words, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core import format as text
from tui.core.e2e.checking import compares_hash
from tui.core.e2e.view import StepView, WorkflowView
from tui.core.e2e.workflow import Workflow
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports.e2e_text import (
    failed_lines,
    items_lines,
    notes_lines,
    steps_lines,
    waterfall_lines,
)
from tui.reports.facts import load_words
from tui.reports.stress_words import said
from tui.reports.suite_text import tests_lines
from tui.reports.suite_words import coverage_words, tests_name

BODY = "body"
"""The place of an answer's own bytes."""
MEANINGS = {
    "round_s": "the longest time from a round's first step to the last before the clean-up",
    "step_ms": "the longest time that any step took",
    "completion_rate": "the share of rounds in which every step passed, the clean-up too",
    "overhead_ms": "what 95 of 100 steps take at most beyond their requests and waits",
    "item_error_rate": "the share of all items that failed, those of the clean-up left out",
    "completeness": "the share of the records made that a list had, with all their fields",
    "requests_per_s": "requests in each second in which steps were done, clean-ups left out",
    "tests_passed": "the share of the tests that apply here and passed",
}
"""What each metric of a workflow is, in one clause."""


def went(view: RunView) -> Iterator[str]:
    """Sentences on which steps it went, how often, and what became of them."""
    workflow, plan = view.workflow, view.facts.scenario.workflow
    if workflow is None or plan is None:
        return
    where = f"{said(view.facts.target.name)}, {said(view.facts.url)}"
    if workflow.is_suite:
        groups = ", ".join(dict.fromkeys(said(test.group) for test in workflow.tests))
        yield f"It ran {text.counted(len(workflow.tests), 'test')} on {where}: {groups}."
    else:
        names = ", ".join(said(step.name) for step in plan.steps)
        yield f"It went through the steps of a round on {where}: {names} ({load_words(view)})."
    if plan.cleanup:
        names = ", ".join(said(step.name) for step in plan.cleanup)
        what = "it" if workflow.is_suite else "a round"
        yield f"What {what} had made was cleaned up after it, whatever became of it: {names}."
    if workflow.is_suite:
        name = tests_name(view)
        yield f"{name[0].upper()}{name[1:]}: {coverage_words(workflow)}."
    else:
        yield f"Rounds: {words.rounds_words(workflow)}."
    if workflow.hashes:
        parts = " and ".join(_hashes(plan, workflow))
        were = "was" if workflow.hashes == 1 else "were"
        yield f"Compared with what was sent, {parts} {were} right."
    left = words.left_words(workflow)
    if left:
        yield f"Left on the service: {left}."
    yield from (f"{line[0].upper()}{line[1:]}." for line in words.simulated_words(view))


def _hashes(plan: Workflow, workflow: WorkflowView) -> Iterator[str]:
    """How many were of bytes that came back, and how many no more than the service's own word."""
    of_bytes: list[StepView] = []
    told: list[StepView] = []
    for planned, step in zip(plan.all_steps, workflow.steps, strict=True):
        if step.hashes:
            kinds = {check.place == BODY for check in planned.checks if compares_hash(check)}
            (of_bytes if kinds == {True} else told).append(step)
    ways = ((told, "that the service told"), (of_bytes, "of bytes that came back"))
    for steps, what in ways:
        if steps:
            hashes = text.counted(sum(step.hashes for step in steps), "SHA-256 hash")
            yield f"{hashes} {what} ({', '.join(map(words.name_words, steps))})"


def took(view: RunView) -> list[str]:
    """Each step over all rounds, and the round that is shown, or each test with its steps; empty
    without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return []
    items = items_lines(workflow)
    below = ["", *items] if items else []
    if workflow.is_suite:
        return [*tests_lines(workflow, with_steps=True)[1:], *below]
    notes, drawn = notes_lines(workflow), waterfall_lines(workflow)
    above = [*steps_lines(workflow), *(["", *notes] if notes else []), *below]
    return [*above, *(["", *drawn] if drawn else [])]


def broke(view: RunView) -> list[str]:
    """Each step that failed, with its request, the answer and the difference."""
    return [] if view.workflow is None else failed_lines(view.workflow)[1:]
