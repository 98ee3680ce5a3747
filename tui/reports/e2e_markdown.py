"""A workflow in a ticket: tables as GitHub and GitLab draw them, and the round as a drawing."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.e2e.view import FailedStep, Standing, TestView, WorkflowView
from tui.core.format import count
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports import item_words, suite_words
from tui.reports.e2e_text import waterfall_lines
from tui.reports.stress_words import said
from tui.reports.ticket import bullets, code, prose, table

MARKS: dict[Standing, str] = {
    "passed": "✅",
    "failed": "❌",
    "skipped": "⏭️",
    "omitted": "➖",
    "running": "⏳",
    "waiting": "⏳",
}
"""In front of a test."""


def workflow_sections(view: RunView) -> list[str]:
    """What became of the rounds, each step, the round that is shown, and each step that failed;
    nothing for a run without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return []
    if workflow.is_suite:
        return [*_suite(view, workflow), *_items(workflow), *_failed(workflow)]
    facts = [(prose(name), prose(told)) for name, told in words.workflow_facts(workflow)]
    drawn = words.steps_table(workflow)
    rows = [(code(row[0]), code(row[1]), *row[2:]) for row in drawn.rows]
    return [
        "### Workflow",
        table(("", ""), facts),
        table(drawn.heads, rows, right=set(drawn.numbers)),
        *bullets(f"{name}: {told}" for name, told in words.notes_of(workflow)),
        *_items(workflow),
        *_waterfall(workflow),
        *_failed(workflow),
    ]


def made_notes(view: RunView) -> list[str]:
    """That no camera took a part, ahead of everything."""
    return [f"> **NOT A CAMERA**: {prose(line)}." for line in words.simulated_words(view)]


def _suite(view: RunView, workflow: WorkflowView) -> list[str]:
    facts = [(prose(name), prose(told)) for name, told in suite_words.suite_facts(view, workflow)]
    parts = ["### Suite", table(("", ""), facts)]
    for group in suite_words.groups_of(workflow):
        rows = [row for test in group.tests for row in _test_rows(workflow, test)]
        heads = ("", "test", "took", "said")
        parts += [f"#### {prose(group.head)}", table(heads, rows, right={2})]
    return parts


def _test_rows(workflow: WorkflowView, test: TestView) -> Iterator[tuple[str, ...]]:
    """The test, and under it its steps."""
    named = f"**{prose(test.id)}** {prose(said(test.title))}"
    yield MARKS[test.state], named, suite_words.took_words(test), prose(said(test.why))
    for step in suite_words.steps_of(workflow, test):
        asked = f"{code(said(step.name))} {code(said(step.what))}"
        told = suite_words.said_of(step) if step.state == "passed" else ""
        took = suite_words.took_words(step)
        yield "", asked, took, prose(told)


def _items(workflow: WorkflowView) -> list[str]:
    items = item_words.items_table(workflow)
    if items is None:
        return []
    rows = [(code(row[0]), *row[1:]) for row in items.rows]
    return [table(items.heads, rows, right=set(items.numbers))]


def _waterfall(workflow: WorkflowView) -> list[str]:
    lines = waterfall_lines(workflow)
    return ["\n".join(["```text", *lines, "```"])] if lines else []


def _failed(workflow: WorkflowView) -> list[str]:
    shown, more = words.first_failures(workflow)
    found = [part for failed in shown for part in _one(failed)]
    return [*found, *([f"and {count(more)} more failed steps"] if more > 0 else [])]


def _one(failed: FailedStep) -> list[str]:
    rows = [("**why**", prose(said(failed.why)))]
    named = (*words.difference(failed), *words.exchange_facts(failed))
    rows += [(prose(name), prose(told)) for name, told in named]
    return [f"#### ❌ {prose(words.failure_head(failed))}", table(("", ""), rows)]
