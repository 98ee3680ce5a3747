"""A workflow in a ticket: tables as GitHub and GitLab draw them, and the round as a drawing."""

from __future__ import annotations

from tui.core.e2e.view import FailedStep, WorkflowView
from tui.core.format import count
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports.e2e_text import waterfall_lines
from tui.reports.stress_words import said
from tui.reports.ticket import code, prose, table


def workflow_sections(view: RunView) -> list[str]:
    """What became of the rounds, each step, the round that is shown, and each step that failed;
    nothing for a run without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return []
    facts = [(prose(name), prose(told)) for name, told in words.workflow_facts(workflow)]
    drawn = words.steps_table(workflow)
    rows = [(code(row[0]), code(row[1]), *row[2:]) for row in drawn.rows]
    return [
        "### Workflow",
        table(("", ""), facts),
        table(drawn.heads, rows, right=set(drawn.numbers)),
        *_waterfall(workflow),
        *_failed(workflow),
    ]


def made_notes(view: RunView) -> list[str]:
    """That no camera took a part, ahead of everything."""
    return [f"> **NOT A CAMERA**: {prose(line)}." for line in words.simulated_words(view)]


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
