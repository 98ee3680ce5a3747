"""A round's steps: each in its row, with a bar from its beginning to its end in the round, and
beneath it what it found, or what is wrong with it."""

from __future__ import annotations

import msgspec

from tui.console.cells import clean, width_of
from tui.console.glyphs import NOTHING, RUNNING
from tui.console.theme import Ink
from tui.console.widgets.gauge import fill_ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.planned_steps import name_width
from tui.console.widgets.round_below import below, wrong
from tui.console.widgets.sheet import Row, Sheet, fitted, wrapped_rows
from tui.core.e2e.standing import items_p95_text
from tui.core.e2e.view import Standing, StepView, WorkflowView
from tui.core.e2e.workflow import Workflow
from tui.core.format import count, counted, ms, rate

LEAST_BAR = 12
AHEAD: tuple[Standing, ...] = ("running", "waiting")
WIDE = 84
"""From here on a row also says what is asked for, and its p95 over all rounds."""
MOST_WHAT, P95 = 28, 9
STANDING: dict[Standing, tuple[str, Ink]] = {
    "waiting": (NOTHING, Ink.MUTE),
    "running": (RUNNING, Ink.ACCENT),
    "passed": ("✓", Ink.PASS),
    "failed": ("✗", Ink.FAIL),
    "skipped": ("–", Ink.MUTE),
    "omitted": (NOTHING, Ink.MUTE),
}


class Columns(msgspec.Struct, frozen=True):
    """How wide each part of a row is, in cells; 0: left out."""

    name: int
    what: int
    bar: int
    ms: int
    limit: int
    p95: int


def steps_sheet(view: WorkflowView, workflow: Workflow | None, width: int, room: int) -> Sheet:
    """The round that is shown, `width` cells wide, then what failed in others; without what only
    makes it easier to read where that takes more than `room` rows."""
    sheet = _sheet(view, workflow, width, is_brief=False)
    if len(sheet.rows) <= room:
        return sheet
    return _sheet(view, workflow, width, is_brief=True)


def looked_for(view: WorkflowView) -> int | None:
    """The step that somebody looks for: what goes on, else what failed; None of a whole round."""
    states = [step.state for step in view.steps]
    failed = states.index("failed") if "failed" in states else None
    ahead = next((states.index(each) for each in AHEAD if each in states), None)
    # The clean-up goes on all the same.
    if ahead is None or (failed is not None and view.steps[ahead].is_cleanup):
        return failed
    return ahead if states[ahead] == "running" else max(ahead - 1, 0)


def told_texts(step: StepView) -> list[str]:
    """What a step of many items came to so far, and what it found."""
    texts = []
    if step.of:
        pace = f", {rate(step.going_per_s)}/s" if step.going_per_s is not None else ""
        texts.append(f"{count(step.done)} of {count(step.of)}{pace}")
    elif step.items:
        bad = f", {count(step.items_failed)} failed" if step.items_failed else ""
        pace = f", {rate(step.items_per_s)}/s" if step.items_per_s is not None else ""
        in_all = " in all" if step.passed + step.failed > 1 else ""
        texts.append(f"{counted(step.items, 'item')}{in_all}{bad}{pace}")
    if step.state not in AHEAD and (p95 := items_p95_text(step)):
        texts.append(p95)
    if step.note:
        texts.append(step.note)
    elif step.records:
        texts.append(f"{count(step.records_complete)} of {counted(step.records, 'record')} there")
    return texts


def left_out_text(step: StepView) -> str:
    """Why a step was not done."""
    if step.state == "omitted":
        return f"n/a: {step.why}" if step.why else "n/a"
    return step.why or "left out"


def _sheet(view: WorkflowView, workflow: Workflow | None, width: int, *, is_brief: bool) -> Sheet:
    limits = _limits(workflow)
    columns = _columns(view, limits, width)
    scale_ms = _scale_ms(view)
    focus, at = looked_for(view), None
    rows: list[Row] = []
    for number, step in enumerate(view.steps):
        is_first_cleanup = step.is_cleanup and not view.steps[number - 1].is_cleanup
        if is_first_cleanup and not is_brief:
            rows.append([("cleaned up afterwards", Ink.FAINT)])
        if number == focus:
            at = len(rows)
        rows.append(_step_row(step, limits.get(step.name), columns, scale_ms, width))
        for text in told_texts(step):
            rows += wrapped_rows(text, ("  ", Ink.MUTE), Ink.MUTE, width)
        if step.state == "failed":
            rows += wrong(view, step, width)
    if not is_brief:
        rows.append(_axis(columns, scale_ms))
    return Sheet([*rows, *below(view, width)], at)


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
    going = [_likely_end_ms(step) for step in view.steps if step.state == "running"]
    # A round that goes on is likely to take as long as those before it: its bars stay in place.
    likely = [view.slowest_ms or 0.0] if going else []
    return max([*ends, *going, *likely, 1.0])


def _likely_end_ms(step: StepView) -> float:
    """Of one that goes on: by the pace of its items, where it has some."""
    if step.going_per_s:
        return (step.began_s + step.of / step.going_per_s) * 1000
    return step.began_s * 1250


def _step_row(
    step: StepView, limit_ms: float | None, columns: Columns, scale_ms: float, width: int
) -> Row:
    glyph, ink = STANDING[step.state]
    strong = step.state in ("running", "failed")
    is_not_done = step.state in ("waiting", "skipped", "omitted")
    name_ink = Ink.MUTE if is_not_done else Ink.TEXT
    row: Row = [(f"{glyph} ", ink, True), (f"{fitted(step.name, columns.name)} ", name_ink, strong)]
    if columns.what:
        row.append((f"{fitted(step.what, columns.what - 2)}  ", Ink.MUTE))
    if step.state in ("skipped", "omitted"):
        return [*row, (fitted(left_out_text(step), width - line_width(row)), Ink.FAINT)]
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
    """From its beginning to its end; what is neither request nor picture is dashed, and so is what
    is still to be done of a step that goes on."""
    if step.state == "waiting" or width <= 0:
        return [(" " * width, Ink.LINE)]
    start = min(round(step.began_s * 1000 / scale_ms * width), width - 1)
    if step.state == "running":
        done = round(step.done / step.of * (width - start)) if step.of else 0
        bar: Row = [("━" * done, Ink.ACCENT), ("╍" * (width - start - done), Ink.ACCENT)]
        return [(" " * start, Ink.LINE), *bar]
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
