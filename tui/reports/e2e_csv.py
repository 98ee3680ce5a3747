"""A workflow as tables for spreadsheets: its steps over all rounds, those that failed, and the
tests of a suite."""

from __future__ import annotations

from tui.core.e2e.view import WorkflowView
from tui.core.events import Exchange
from tui.reports.cells import Cell, said, table

STEPS_END = "_steps.csv"
FAILED_END = "_failed_steps.csv"
TESTS_END = "_tests.csv"
STEPS = (
    "kind", "step", "request", "passed", "failed", "requests", "p50_ms", "p95_ms", "most_ms",
    "overhead_p95_ms", "shown_round", "state", "began_s", "ms", "request_ms", "hashes", "left",
    "label", "test", "group", "omitted", "items", "items_failed", "items_per_s", "item_p50_ms",
    "item_p95_ms", "records", "records_complete", "why", "note",
)  # fmt: skip
TESTS = ("test", "title", "group", "state", "ms", "why")
_WHOLE = (None,) * 12
"""What only steps have."""
FAILED = (
    "at_s", "round", "correlation", "step", "why", "wanted", "got", "method", "url", "sent",
    "status", "answer",
)  # fmt: skip


def workflow_csv(workflow: WorkflowView) -> dict[str, str]:
    """What comes behind the prefix to each file's text; failed steps only where some failed, tests
    only of a suite."""
    files = {STEPS_END: steps_csv(workflow)}
    if workflow.failures:
        files[FAILED_END] = failed_csv(workflow)
    if workflow.tests:
        files[TESTS_END] = tests_csv(workflow)
    return files


def tests_csv(workflow: WorkflowView) -> str:
    """One row a test, in the order of the suite."""
    return table(
        TESTS,
        (
            (
                said(test.id),
                said(test.title),
                said(test.group),
                test.state,
                test.ms,
                said(test.why),
            )
            for test in workflow.tests
        ),
    )


def steps_csv(workflow: WorkflowView) -> str:
    """One row a step, and the rounds themselves as `Aggregated`, with complete ones as passed."""
    label = " ".join(workflow.labels)
    rows: list[tuple[Cell, ...]] = [
        (
            "clean-up" if step.is_cleanup else "step",
            said(step.name),
            said(step.what),
            step.passed,
            step.failed,
            step.requests,
            step.p50_ms,
            step.p95_ms,
            step.most_ms,
            step.overhead_p95_ms,
            workflow.shown or None,
            step.state,
            step.began_s,
            step.ms,
            step.request_ms,
            step.hashes,
            None,
            label,
            said(step.test),
            said(step.group),
            step.omitted,
            step.items,
            step.items_failed,
            step.items_per_s,
            step.item_p50_ms,
            step.item_p95_ms,
            step.records,
            step.records_complete,
            said(step.why),
            said(step.note),
        )
        for step in workflow.steps
    ]
    rows.append(
        (
            "round",
            "Aggregated",
            "",
            workflow.complete,
            workflow.failed,
            sum(step.requests for step in workflow.steps),
            workflow.p50_ms,
            workflow.p95_ms,
            workflow.slowest_ms,
            None,
            workflow.shown or None,
            "",
            0.0,
            workflow.round_ms,
            None,
            workflow.hashes,
            workflow.left,
            label,
            *_WHOLE,
        )
    )
    return table(STEPS, rows)


def failed_csv(workflow: WorkflowView) -> str:
    """One row a step that failed, in order of time, in seconds since the work began."""
    return table(
        FAILED,
        (
            (
                failed.at_s,
                failed.round,
                said(failed.correlation),
                said(failed.name),
                said(failed.why),
                said(failed.wanted),
                said(failed.got),
                *_exchange(failed.exchange or Exchange()),
            )
            for failed in workflow.failures
        ),
    )


def _exchange(exchange: Exchange) -> tuple[str | int | None, ...]:
    return (
        exchange.method,
        said(exchange.url),
        said(exchange.sent),
        exchange.status,
        said(exchange.answer),
    )
