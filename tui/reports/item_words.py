"""Steps of many items, or of a list, in the words and tables that every form of a report uses."""

from __future__ import annotations

from tui.core import format as text
from tui.core.e2e.view import StepView, WorkflowView
from tui.reports import e2e_words as words
from tui.reports.stress_tables import Table

ITEM_HEADS = ("items", "failed", "per s", "p50 ms", "p95 ms")
"""Percentiles are of the items that passed."""


def items_table(workflow: WorkflowView) -> Table | None:
    """A row for each step of many items or of a list, over all rounds; None without any."""
    told = [step for step in workflow.steps if step.items or step.records]
    if not told:
        return None
    has_items = any(step.items for step in told)
    has_records = any(step.records for step in told)
    heads = (
        "step",
        *(ITEM_HEADS if has_items else ()),
        *(("records complete",) if has_records else ()),
    )
    rows = tuple(
        (
            words.name_words(step),
            *(_item_cells(step) if has_items else ()),
            *((records_words(step) or text.NOTHING,) if has_records else ()),
        )
        for step in told
    )
    return Table(heads, rows, frozenset(range(1, len(heads))))


def _item_cells(step: StepView) -> tuple[str, ...]:
    if not step.items:
        return (text.NOTHING,) * len(ITEM_HEADS)
    return (
        text.count(step.items),
        text.count(step.items_failed),
        text.rate(step.items_per_s),
        text.ms(step.item_p50_ms),
        text.ms(step.item_p95_ms),
    )


def items_words(step: StepView) -> str:
    """`200 items, 3 failed, 41.2 per s, p50 22 ms, p95 31 ms; 197 of 200 records complete`; empty
    without any."""
    parts = []
    if step.items:
        failed = f", {text.count(step.items_failed)} failed" if step.items_failed else ""
        rate = f", {text.rate(step.items_per_s)} per s" if step.items_per_s is not None else ""
        times = ""
        if step.item_p95_ms is not None:
            times = f", p50 {text.ms(step.item_p50_ms)} ms, p95 {text.ms(step.item_p95_ms)} ms"
        parts.append(f"{text.counted(step.items, 'item')}{failed}{rate}{times}")
    if step.records:
        parts.append(f"{records_words(step)} records complete")
    return "; ".join(parts)


def records_words(step: StepView) -> str:
    """`197 of 200`; empty where it read no list."""
    if not step.records:
        return ""
    return f"{text.count(step.records_complete)} of {text.count(step.records)}"
