"""A workflow as blocks of the headless summary: plain lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from tui.core import format as text
from tui.core.e2e.view import FailedStep, StepView, WorkflowView
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports import item_words
from tui.reports.clean import shortened
from tui.reports.columns import columns
from tui.reports.e2e_waterfall import SIGNS, Bar, waterfall
from tui.reports.stress_words import said
from tui.reports.suite_text import tests_lines
from tui.reports.suite_words import suite_facts

WIDTH = 80
ASKING, REST = "█", "░"
LEGEND = f"{ASKING} in requests, or until the camera gave its picture; {REST} the rest of the step"
_NAME, _TOOK, _LEAST_ROOM = 16, 10, 8
_LONG_NAME = 32
_HEADS = ("step", "request", "failed", "p50 ms", "p95 ms", "slowest")
_ONE_ROUND_HEADS = ("step", "request", "result", "took ms")
Lines = list[str]


def workflow_blocks(view: RunView) -> Sequence[Lines]:
    """What became of the rounds, the steps over all of them, the round that is shown, and what
    failed; nothing for a run without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return ()
    notes = notes_lines(workflow)
    if workflow.is_suite:
        blocks = [_whole(view, workflow), tests_lines(workflow, with_steps=False)]
    else:
        blocks = [
            _whole(view, workflow),
            ["Steps, all rounds:" if workflow.rounds > 1 else "Steps:", *steps_lines(workflow)],
            ["Notes:", *notes] if notes else [],
            waterfall_lines(workflow),
        ]
    items = items_lines(workflow)
    return (*blocks, ["Items:", *items] if items else [], failed_lines(workflow))


def items_lines(workflow: WorkflowView) -> Lines:
    """A line for each step of many items or of a list, under their heads; empty without any."""
    table = item_words.items_table(workflow)
    if table is None:
        return []
    rows = [(shortened(row[0], _LONG_NAME), *row[1:]) for row in table.rows]
    return columns(table.heads, rows, table.numbers, WIDTH)


def steps_lines(workflow: WorkflowView) -> Lines:
    """A line for each step, under their heads; what it asks for is cut where it is too long."""
    is_one = workflow.rounds == 1
    heads = _ONE_ROUND_HEADS if is_one else _HEADS
    rows = [
        (words.name_words(step), said(step.what), *(_once(step) if is_one else _over_all(step)))
        for step in workflow.steps
    ]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    name = min(widths[0], _NAME + len(" (clean-up)"))
    room = max(WIDTH - 2 * len(heads) - sum(widths[2:]) - name, _LEAST_ROOM)
    cut = [(shortened(row[0], name), shortened(row[1], room), *row[2:]) for row in rows]
    return columns(heads, cut, range(2, len(heads)), WIDTH)


def _once(step: StepView) -> tuple[str, ...]:
    """Of one round a percentile would be the time itself."""
    return words.STATES[step.state], text.ms(step.ms)


def _over_all(step: StepView) -> tuple[str, ...]:
    times = (text.ms(step.p50_ms), text.ms(step.p95_ms), text.ms(step.most_ms))
    return words.failed_of(step), *times


def notes_lines(workflow: WorkflowView) -> Lines:
    """What steps found or would have done, and why some do not apply."""
    return [
        line
        for name, told in words.notes_of(workflow)
        for line in _wrapped(f"{name}: {told}", "  ")
    ]


def waterfall_lines(workflow: WorkflowView) -> Lines:
    """The round that is shown, each step as a bar on one axis of time; empty before one began."""
    drawn = waterfall(workflow)
    if drawn is None:
        return []
    name = min(max(len(bar.name) for bar in drawn.bars), _NAME)
    room = WIDTH - name - _TOOK - 6
    head = f"{words.shown_words(workflow)} ({said(workflow.correlation)})"
    axis = words.span_words(drawn.axis_ms)
    return [
        *_wrapped(f"{head[0].upper()}{head[1:]}:", "", "  "),
        *(line for bar in drawn.bars for line in _bar_lines(bar, name, room)),
        f"  {'':<{name}} 0{axis:>{room - 1}}",
        *_wrapped(LEGEND, "  "),
    ]


def failed_lines(workflow: WorkflowView) -> Lines:
    """Each step that failed with its request, the answer and the difference; empty without any."""
    if not workflow.failures:
        return []
    shown, more = words.first_failures(workflow)
    lines = [line for failed in shown for line in _failed(failed)]
    rest = [f"  and {text.count(more)} more"] if more > 0 else []
    return ["Failed steps:", *lines, *rest]


def _whole(view: RunView, workflow: WorkflowView) -> Lines:
    facts = suite_facts(view, workflow) if workflow.is_suite else words.workflow_facts(workflow)
    return [
        "Suite:" if workflow.is_suite else "Workflow:",
        *(line for name, told in facts for line in _wrapped(f"{name}: {told}", "  ")),
        *(line for told in words.simulated_words(view) for line in _wrapped(f"! {told}", "  ")),
    ]


def _bar_lines(bar: Bar, name: int, room: int) -> Iterator[str]:
    drawn = _cells(bar, room) if bar.length else f" {bar.took}"
    took = bar.took if bar.length else ""
    line = f"  {shortened(bar.name, name):<{name}} {drawn:<{room}} {SIGNS[bar.state]}"
    yield f"{line} {took:>{_TOOK}}".rstrip()
    if bar.state == "failed" and bar.why:
        yield from _wrapped(bar.why, " " * (name + 3), " " * (name + 3))


def _cells(bar: Bar, room: int) -> str:
    """At least one cell for what took any time; never beyond the axis."""
    start = min(int(bar.start * room), room - 1)
    length = max(min(round((bar.start + bar.length) * room), room) - start, 1)
    asking = min(round(bar.asking / bar.length * length), length)
    return f"{' ' * start}{ASKING * asking}{REST * (length - asking)}"


def _failed(failed: FailedStep) -> Iterator[str]:
    yield from _wrapped(f"✗ {words.failure_head(failed)}: {said(failed.why)}", "  ")
    for name, told in (*words.difference(failed), *words.exchange_facts(failed)):
        yield from _wrapped(f"{name}: {told}", "      ", "        ")


def _wrapped(line: str, indent: str, following: str | None = None) -> Lines:
    after = f"{indent}  " if following is None else following
    return textwrap.wrap(
        line, WIDTH, initial_indent=indent, subsequent_indent=after, break_on_hyphens=False
    )
