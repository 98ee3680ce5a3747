"""The steps of a workflow: each in its row, with a bar from its beginning to its end in the round,
and beneath it what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.cells import Canvas, Piece, clean, width_of
from tui.console.glyphs import NOTHING, RUNNING
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.gauge import fill_ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.log import wrapped
from tui.console.widgets.planned_steps import fitted, name_width, planned_rows
from tui.console.widgets.plot import table_foot
from tui.core.e2e.view import FailedStep, Standing, StepView, WorkflowView
from tui.core.e2e.workflow import Workflow
from tui.core.format import count, counted, ms

Row = list[Piece]
LEAST_BAR = 12
WIDE = 84
"""From here on a row also says what is asked for, and its p95 over all rounds."""
MOST_WHAT, P95 = 28, 9
STANDING: dict[Standing, tuple[str, Ink]] = {
    "waiting": (NOTHING, Ink.MUTE),
    "running": (RUNNING, Ink.ACCENT),
    "passed": ("✓", Ink.PASS),
    "failed": ("✗", Ink.FAIL),
    "skipped": ("–", Ink.MUTE),
}


class Columns(msgspec.Struct, frozen=True):
    """How wide each part of a row is, in cells; 0: left out."""

    name: int
    what: int
    bar: int
    ms: int
    limit: int
    p95: int


def draw_steps(canvas: Canvas, scene: Scene) -> None:
    """Before a run what it will do; then the round that is shown, as far as there are rows."""
    view = scene.run.workflow if scene.run is not None else None
    room, width = max(canvas.height - 2, 0), canvas.width - 4
    workflow = scene.shown.workflow if scene.shown is not None else None
    if view is None or not view.begun:
        target = scene.run.facts.target if scene.run is not None else scene.target
        rows = planned_rows(workflow, target.operations, width) if workflow is not None else []
    else:
        rows = step_rows(view, workflow, width)
        if len(rows) > room:
            rows = step_rows(view, workflow, width, is_brief=True)
    hidden = max(len(rows) - room, 0)
    start = min(scene.scrolled("endpoints"), hidden)
    focused = scene.panel == "endpoints" and not scene.is_narrow
    title: Row = [("steps", Ink.ACCENT if focused else Ink.MUTE, focused)]
    title += _title(view, workflow, canvas.width - 14)
    foot = _foot(view, hidden, canvas.width - 8 - line_width(table_foot(scene, [("", Ink.MUTE)])))
    canvas.frame(title, table_foot(scene, foot), focused=focused)
    for y, row in enumerate(rows[start : start + room], 1):
        canvas.pieces(2, y, row, end=canvas.width - 1)


def step_rows(
    view: WorkflowView, workflow: Workflow | None, width: int, *, is_brief: bool = False
) -> list[Row]:
    """The round that is shown, `width` cells wide, then what failed in others; `is_brief`: without
    what only makes it easier to read."""
    limits = _limits(workflow)
    columns = _columns(view, limits, width)
    scale_ms = _scale_ms(view)
    rows: list[Row] = []
    for number, step in enumerate(view.steps):
        is_first_cleanup = step.is_cleanup and not view.steps[number - 1].is_cleanup
        if is_first_cleanup and not is_brief:
            rows.append([("cleaned up afterwards", Ink.FAINT)])
        rows.append(_step_row(step, limits.get(step.name), columns, scale_ms))
        if step.state == "failed":
            rows += _wrong(step, _failure_of(view, step), width)
    if not is_brief:
        rows.append(_axis(columns, scale_ms))
    for text in _elsewhere(view):
        rows += _wrapped(text, ("✗ ", Ink.FAIL, True), Ink.FAIL, width)
    if view.left:
        text = f"{counted(view.left, 'thing')} it made could not be cleaned up"
        rows += _wrapped(text, ("! ", Ink.WARN, True), Ink.WARN, width)
    return rows


def _elsewhere(view: WorkflowView) -> list[str]:
    """What failed in other rounds: a line for each step and cause."""
    rounds: dict[tuple[str, str], list[int]] = {}
    for failed in view.failures:
        if failed.round != view.shown:
            rounds.setdefault((failed.name, failed.why), []).append(failed.round)
    return [f"{name} failed in {_which(numbers)}: {why}" for (name, why), numbers in rounds.items()]


def _which(rounds: Sequence[int]) -> str:
    if len(rounds) == 1:
        return f"round {count(rounds[0])}"
    return f"{counted(len(rounds), 'other round')}, first in round {count(rounds[0])}"


def _limits(workflow: Workflow | None) -> dict[str, float]:
    steps = workflow.all_steps if workflow is not None else ()
    return {step.name: step.within_ms for step in steps if step.within_ms is not None}


def _columns(view: WorkflowView, limits: dict[str, float], width: int) -> Columns:
    name = name_width([step.name for step in view.steps])
    figures = max(len(ms(step.ms)) for step in view.steps)
    limit = max((len(f" / {ms(value)}") for value in limits.values()), default=0)
    is_wide = width >= WIDE
    what = max(width_of(clean(step.what)) for step in view.steps)
    columns = Columns(
        name,
        min(what, MOST_WHAT) + 2 if is_wide else 0,
        0,
        max(figures, 5),
        limit,
        P95 if is_wide and view.rounds > 1 else 0,
    )
    bar = width - 2 - name - 1 - columns.what - columns.ms - limit - 4 - columns.p95
    if bar < LEAST_BAR:
        bar, columns = bar + limit, msgspec.structs.replace(columns, limit=0)
    return msgspec.structs.replace(columns, bar=max(bar, 0))


def _scale_ms(view: WorkflowView) -> float:
    """What the width of a bar's column stands for: the round, clean-up included."""
    ends = [step.began_s * 1000 + (step.ms or 0.0) for step in view.steps]
    going = [step.began_s * 1250 for step in view.steps if step.state == "running"]
    # A round that goes on is likely to take as long as those before it: its bars stay in place.
    likely = [view.slowest_ms or 0.0] if going else []
    return max([*ends, *going, *likely, 1.0])


def _step_row(step: StepView, limit_ms: float | None, columns: Columns, scale_ms: float) -> Row:
    glyph, ink = STANDING[step.state]
    strong = step.state in ("running", "failed")
    name_ink = Ink.MUTE if step.state in ("waiting", "skipped") else Ink.TEXT
    row: Row = [(f"{glyph} ", ink, True), (f"{fitted(step.name, columns.name)} ", name_ink, strong)]
    if columns.what:
        row.append((f"{fitted(step.what, columns.what - 2)}  ", Ink.MUTE))
    if step.state == "skipped":
        words = clean(step.why) or "left out"
        return [*row, (fitted(words, columns.bar), Ink.FAINT)]
    row += _bar(step, limit_ms, columns.bar, scale_ms)
    if step.ms is None:
        return row
    figure_ink = Ink.FAIL if step.state == "failed" else Ink.TEXT
    row.append((f" {ms(step.ms):>{columns.ms}}", figure_ink, True))
    limit = f" / {ms(limit_ms)}" if limit_ms is not None and columns.limit else ""
    row.append((f"{f'{limit} ms':<{columns.limit + 3}}", Ink.MUTE))
    if columns.p95 and step.p95_ms is not None:
        row.append((f"{f'p95 {ms(step.p95_ms)}':>{columns.p95}}", Ink.FAINT))
    return row


def _bar(step: StepView, limit_ms: float | None, width: int, scale_ms: float) -> Row:
    """From its beginning to its end; what is neither request nor picture is dashed."""
    if step.state == "waiting" or width <= 0:
        return [(" " * width, Ink.LINE)]
    start = min(round(step.began_s * 1000 / scale_ms * width), width - 1)
    if step.state == "running":
        return [(" " * start, Ink.LINE), ("╍" * (width - start), Ink.ACCENT)]
    end = round((step.began_s * 1000 + (step.ms or 0.0)) / scale_ms * width)
    cells = max(min(end, width) - start, 1)
    beyond = 0
    if step.ms and step.request_ms is not None:
        beyond = min(round((step.ms - step.request_ms) / scale_ms * width), cells - 1)
    ink = fill_ink(step.ms / limit_ms) if step.ms is not None and limit_ms else Ink.P50
    ink = Ink.FAIL if step.state == "failed" else ink
    return [
        (" " * start, Ink.LINE),
        ("━" * (cells - beyond), ink),
        ("╍" * beyond, Ink.MUTE),
        (" " * (width - start - cells), Ink.LINE),
    ]


def _axis(columns: Columns, scale_ms: float) -> Row:
    """What the bars' width stands for."""
    text = f" {ms(scale_ms)} ms"
    indent = 2 + columns.name + 1 + columns.what
    line = "─" * max(columns.bar - 2 - len(text), 0)
    return [(f"{' ' * indent}0 ", Ink.FAINT), (line, Ink.LINE), (text, Ink.FAINT)]


def _failure_of(view: WorkflowView, step: StepView) -> FailedStep | None:
    """The same failure with all that is known of it; None where it was one too many to keep."""
    found = [one for one in view.failures if (one.round, one.name) == (view.shown, step.name)]
    return found[-1] if found else None


def _wrong(step: StepView, failed: FailedStep | None, width: int) -> list[Row]:
    """Why, what was wanted and what came, and the request with its answer."""
    rows = _wrapped(step.why or "failed", ("  ", Ink.FAIL), Ink.FAIL, width)
    if failed is None:
        return rows
    if failed.wanted or failed.got:
        rows += _wrapped(failed.wanted or "–", ("  wanted ", Ink.MUTE), Ink.TEXT, width)
        rows += _wrapped(failed.got or "nothing", ("  got    ", Ink.MUTE), Ink.TEXT, width)
    exchange = failed.exchange
    if exchange is not None and exchange.url:
        answer = "no answer" if exchange.status is None else str(exchange.status)
        text = f"{exchange.method} {exchange.url}: {answer}"
        text += f", {exchange.answer}" if exchange.answer else ""
        rows += _wrapped(text, ("  ", Ink.MUTE), Ink.MUTE, width)
    return rows


def _wrapped(text: str, head: Piece, ink: Ink, width: int) -> list[Row]:
    """The text behind `head`, its later rows indented as far."""
    indent = line_width([head])
    first, *rest = wrapped(text, max(width - indent, 1))
    rows: list[Row] = [[head, (first, ink)]]
    return rows + [[(" " * indent + row, ink)] for row in rest]


def _title(view: WorkflowView | None, workflow: Workflow | None, room: int) -> Row:
    """Which round it is, and what it can be found by in the logs of the service."""
    if view is None or not view.begun:
        return [(f"  {counted(workflow.rounds, 'round')}", Ink.MUTE)] if workflow else []
    row: Row = [(f"  round {count(view.shown)} of {count(view.rounds)}", Ink.MUTE)]
    if any(failed.round == view.shown for failed in view.failures):
        row.append((" failed", Ink.FAIL, True))
    if view.labels:
        row.append((f"  {', '.join(view.labels)}", Ink.WARN))
    name: Piece = (f"  {view.correlation}", Ink.FAINT)
    return [*row, name] if view.correlation and line_width([*row, name]) <= room else row


def _foot(view: WorkflowView | None, hidden: int, room: int) -> Row:
    """How the rounds went; the later parts give way where there is no room."""
    parts: list[Row] = [[(f"{hidden} more", Ink.FAINT)]] if hidden else []
    if view is not None and view.begun:
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
