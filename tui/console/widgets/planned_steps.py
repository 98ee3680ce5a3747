"""What a workflow will do, step by step, before it is run."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece, clean, crop, width_of
from tui.console.glyphs import NOTHING
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Step, Workflow, asked_text
from tui.core.format import ms

Row = list[Piece]
LEAST_NAME, MOST_NAME = 8, 18
WHAT = 22


def planned_rows(workflow: Workflow, operations: Sequence[Operation], width: int) -> list[Row]:
    """Each step with what it asks for and what must come of it; then what is cleaned up."""
    name = name_width(workflow.names)
    rows = [row for step in workflow.steps for row in _rows(step, operations, name, width)]
    if workflow.cleanup:
        rows.append([("cleaned up afterwards", Ink.FAINT)])
    cleanup = (_rows(step, operations, name, width) for step in workflow.cleanup)
    return [*rows, *(row for each in cleanup for row in each)]


def name_width(names: Sequence[str]) -> int:
    """Cells for the names of steps."""
    widest = max((width_of(clean(name)) for name in names), default=0)
    return min(max(widest, LEAST_NAME), MOST_NAME)


def fitted(text: str, width: int) -> str:
    """The text in exactly so many cells."""
    text = crop(text, width)
    return text + " " * (width - width_of(text))


def order_text(workflow: Workflow) -> str:
    """`capture → predict → store, then delete`."""
    steps = " → ".join(step.name for step in workflow.steps)
    cleanup = " → ".join(step.name for step in workflow.cleanup)
    return f"{steps}, then {cleanup}" if cleanup else steps


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
    """The request, or whose picture is taken."""
    asked = asked_text(step, operations)
    if asked == step.operation:
        return f"{asked}: not known here", Ink.WARN
    return asked, Ink.TEXT


def _promises(step: Step) -> list[str]:
    """What must come of it, beside the status."""
    places = [check.place for check in step.checks]
    promises = [f"{', '.join(places)} checked"] if places else []
    if step.within_ms is not None:
        promises.append(f"within {ms(step.within_ms)} ms")
    if step.poll is not None:
        promises.append(f"asked again for {step.poll.within_s:g} s")
    return promises
