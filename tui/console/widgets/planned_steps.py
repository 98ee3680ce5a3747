"""What a workflow will do, step by step or test by test, before it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.console.cells import clean, width_of
from tui.console.glyphs import NOTHING
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped
from tui.console.widgets.sheet import Row, Sheet, fitted
from tui.core.e2e.operation import Operation
from tui.core.e2e.step_words import batch_texts, deed_texts, pages_text, sent_text, time_texts
from tui.core.e2e.workflow import Step, Workflow, asked_text

LEAST_NAME, MOST_NAME = 8, 18
WHAT = 22


def planned_sheet(workflow: Workflow, operations: Sequence[Operation], width: int) -> Sheet:
    """Each step with what it asks for and what must come of it; then what is cleaned up."""
    name = name_width(workflow.names)
    rows = [row for step in workflow.steps for row in _rows(step, operations, name, width)]
    rows += _unknown(workflow, width)
    if workflow.cleanup:
        rows.append([("cleaned up afterwards", Ink.FAINT)])
    cleanup = (_rows(step, operations, name, width) for step in workflow.cleanup)
    return Sheet([*rows, *(row for each in cleanup for row in each)])


def name_width(names: Sequence[str]) -> int:
    """Cells for the names of steps."""
    widest = max((width_of(clean(name)) for name in names), default=0)
    return min(max(widest, LEAST_NAME), MOST_NAME)


def order_text(workflow: Workflow) -> str:
    """`capture → predict → store, then delete`; of a suite its groups, `health 4, journeys 4`."""
    if workflow.tests:
        groups = [test.group for test in workflow.tests]
        return ", ".join(f"{name} {groups.count(name)}" for name in dict.fromkeys(groups))
    names = [step.name for step in workflow.steps]
    if workflow.openapi:
        names.append(f"each operation of {workflow.openapi}")
    steps = " → ".join(names)
    cleanup = " → ".join(step.name for step in workflow.cleanup)
    return f"{steps}, then {cleanup}" if cleanup else steps


def _unknown(workflow: Workflow, width: int) -> Iterator[Row]:
    """The steps that only the service can tell."""
    if not workflow.openapi:
        return
    yield [(f"{NOTHING} ", Ink.MUTE), (f"each operation of {workflow.openapi}", Ink.TEXT, True)]
    text = "the service's own document: it is fetched when the run begins, and each operation in it"
    for line in wrapped(f"{text} becomes a step", width - 2):
        yield [(f"  {line}", Ink.MUTE)]


def _rows(step: Step, operations: Sequence[Operation], name: int, width: int) -> list[Row]:
    head: Row = [(f"{NOTHING} ", Ink.MUTE), (f"{fitted(step.name, name)} ", Ink.TEXT, True)]
    asked, ink = _asked(step, operations)
    promises = ", ".join(_promises(step))
    row: Row = [*head, (fitted(asked, max(WHAT, width_of(clean(asked)))), ink)]
    both: Row = [*row, (f"  {promises}", Ink.MUTE)]
    if not promises or line_width(both) <= width:
        return [both if promises else row]
    indent = " " * line_width(head)
    beneath = wrapped(promises, width - len(indent))
    rows: list[Row] = [row]
    return rows + [[(indent + line, Ink.MUTE)] for line in beneath]


def _asked(step: Step, operations: Sequence[Operation]) -> tuple[str, Ink]:
    """The request, the deed, or whose picture is taken."""
    asked = asked_text(step, operations)
    if step.operation and asked == step.operation:
        return f"{asked}: not known here", Ink.WARN
    return asked, Ink.TEXT


def _promises(step: Step) -> list[str]:
    """What it does beside that, and what must come of it."""
    if step.omit:
        return [f"n/a: {step.omit}"]
    promises = [*filter(None, [_unusual(step)]), *deed_texts(step), *batch_texts(step)]
    if step.pages is not None:
        promises.append(pages_text(step.pages))
    if step.status:
        promises.append(f"status {' or '.join(map(str, step.status))}")
    places = list(dict.fromkeys(check.place for check in step.checks))
    if places:
        promises.append(f"{', '.join(places)} checked")
    return [*promises, *time_texts(step)]


def _unusual(step: Step) -> str:
    """How it is asked for, where that is not how it usually is."""
    is_usual = not step.file and not step.without_file and step.body is None
    return "" if is_usual and step.bearer is None else sent_text(step)
