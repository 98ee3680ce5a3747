"""A workflow in its panel: before a run what it will do; then the round that is shown, step by
step, or test by test of a suite."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.planned_steps import planned_sheet
from tui.console.widgets.plot import table_foot
from tui.console.widgets.sheet import Row, Sheet
from tui.console.widgets.step_rows import steps_sheet
from tui.console.widgets.suite_rows import counts_pieces, planned_suite, suite_sheet
from tui.core.e2e.view import WorkflowView
from tui.core.e2e.workflow import Workflow
from tui.core.format import count, counted, ms


def draw_steps(canvas: Canvas, scene: Scene) -> None:
    """The panel, as far as there are rows: what goes on or failed is among them."""
    view, workflow = _begun(scene), scene.shown.workflow if scene.shown is not None else None
    room = max(canvas.height - 2, 0)
    sheet = _sheet(scene, canvas.width, room)
    start = sheet.start(room, scene.scrolled_to("endpoints"))
    hidden = max(len(sheet.rows) - room, 0)
    focused = scene.panel == "endpoints" and not scene.is_narrow
    what = "tests" if workflow is not None and workflow.tests else "steps"
    title: Row = [(what, Ink.ACCENT if focused else Ink.MUTE, focused)]
    title += _title(view, workflow, canvas.width - 14)
    foot = _foot(view, hidden, canvas.width - 8 - line_width(table_foot(scene, [("", Ink.MUTE)])))
    canvas.frame(title, table_foot(scene, foot), focused=focused)
    for y, row in enumerate(sheet.rows[start : start + room], 1):
        canvas.pieces(2, y, row, end=canvas.width - 1)
    # Nothing else tells on which side there is more.
    if start > 0:
        canvas.put(canvas.width - 1, 1, "↑", Ink.MUTE)
    if start < hidden:
        canvas.put(canvas.width - 1, canvas.height - 2, "↓", Ink.MUTE)


def first_row(scene: Scene, width: int, height: int) -> int:
    """How far the panel of this size is scrolled, by somebody or to what goes on."""
    room = max(height - 2, 0)
    return _sheet(scene, width, room).start(room, scene.scrolled_to("endpoints"))


def _begun(scene: Scene) -> WorkflowView | None:
    view = scene.run.workflow if scene.run is not None else None
    return view if view is not None and view.begun else None


def _sheet(scene: Scene, width: int, room: int) -> Sheet:
    view, workflow = _begun(scene), scene.shown.workflow if scene.shown is not None else None
    if view is None:
        target = scene.run.facts.target if scene.run is not None else scene.target
        if workflow is None:
            return Sheet([])
        if workflow.tests:
            return planned_suite(workflow, width - 4, room)
        return planned_sheet(workflow, target.operations, width - 4)
    if view.tests:
        return suite_sheet(view, width - 4, room)
    return steps_sheet(view, workflow, width - 4, room)


def _title(view: WorkflowView | None, workflow: Workflow | None, room: int) -> Row:
    """Which round it is, or how many tests passed, and what it can be found by in the logs of the
    service."""
    if view is None:
        return _planned_title(workflow)
    row: Row = []
    if view.tests:
        row += [("  ", Ink.MUTE), *counts_pieces(view.tests)]
    if not view.is_suite:
        row.append((f"  round {count(view.shown)} of {count(view.rounds)}", Ink.MUTE))
        if any(failed.round == view.shown for failed in view.failures):
            row.append((" failed", Ink.FAIL, True))
    if view.labels:
        row.append((f"  {', '.join(view.labels)}", Ink.WARN))
    name: Piece = (f"  {view.correlation}", Ink.FAINT)
    return [*row, name] if view.correlation and line_width([*row, name]) <= room else row


def _planned_title(workflow: Workflow | None) -> Row:
    if workflow is None:
        return []
    what = counted(workflow.rounds, "round")
    if workflow.tests:
        what = counted(len(workflow.tests), "test")
    return [(f"  {what}", Ink.MUTE)]


def _foot(view: WorkflowView | None, hidden: int, room: int) -> Row:
    """How the rounds went; the later parts give way where there is no room."""
    parts: list[Row] = [[(f"{hidden} more", Ink.FAINT)]] if hidden else []
    if view is not None and view.is_suite and view.round_ms is not None:
        parts.append([(f"{ms(view.round_ms)} ms", Ink.MUTE)])
    elif view is not None and not view.is_suite:
        if view.failed:
            parts.append([(f"{count(view.failed)} failed", Ink.FAIL, True)])
        parts.append([(f"{count(view.complete)} complete", Ink.MUTE)])
        if view.p95_ms is not None:
            parts.append([(f"p95 {ms(view.p95_ms)} ms", Ink.MUTE)])
    while len(parts) > 1 and line_width(_joined(parts)) > room:
        parts.pop()
    return _joined(parts)


def _joined(parts: Sequence[Row]) -> Row:
    row: Row = []
    for part in parts:
        row += [(" · ", Ink.FAINT), *part] if row else part
    return row
