"""Storage on the Bench: a row for each size and number at once, both places side by side."""

from __future__ import annotations

from collections.abc import Iterator

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.log import wrapped
from tui.console.widgets.plot import table_foot
from tui.core.format import NOTHING, count, counted, fixed, ms
from tui.core.storage.crossing import crossing_texts, crossings
from tui.core.storage.fold import standing_text
from tui.core.storage.judging import failures
from tui.core.storage.measures import WAYS, PlaceName
from tui.core.storage.plan import CellPlan, StoragePlan
from tui.core.storage.view import StorageView

Row = list[Piece]
SIZE, FIGURE = 13, 9


def draw_stored(canvas: Canvas, scene: Scene) -> None:
    """Before a run what will be measured; then the cells, as far as there are rows."""
    run, shown = scene.run, scene.shown
    plan = shown.storage if shown is not None else None
    view = run.storage if run is not None else None
    rows = [] if plan is None else stored_rows(plan, view, canvas.width - 4)
    room = max(canvas.height - 2, 0)
    hidden = max(len(rows) - room, 0)
    start = min(scene.scrolled("endpoints"), hidden)
    foot: Row = [(f"{hidden} more", Ink.FAINT)] if hidden else []
    focused = scene.panel == "endpoints" and not scene.is_narrow
    title: Row = [("storage", Ink.ACCENT if focused else Ink.MUTE, focused)]
    if view is not None:
        title.append((f"  {standing_text(view)}, MB/s", Ink.MUTE))
    canvas.frame(title, table_foot(scene, foot), focused=focused)
    for y, row in enumerate(rows[start : start + room], 1):
        canvas.pieces(2, y, row, end=canvas.width - 1)


def stored_rows(plan: StoragePlan, view: StorageView | None, width: int) -> list[Row]:
    """What is wrong first, then the table, then what follows from it; `width` cells wide."""
    rows: list[Row] = []
    if view is not None:
        for what, advice in failures(view):
            rows += _wrapped(f"✗ {what}", Ink.FAIL, width)
            rows += _wrapped(f"next: {advice}", Ink.MUTE, width)
    places: list[PlaceName] = ["local"] if plan.local else []
    if plan.objects and not (view is not None and view.no_store):
        places.append("store")
    rows += _heads(places)
    rows += [_cell(cell, places, view) for cell in plan.cells]
    return rows if view is None else [*rows, *_below(view, width)]


def _heads(places: list[PlaceName]) -> list[Row]:
    over = "".join(f"{way:>{FIGURE * len(places)}}" for way in WAYS)
    under = "".join(f"{place:>{FIGURE}}" for _ in WAYS for place in places)
    return [[(f"{'':<{SIZE}}{over}", Ink.MUTE)], [(f"{'':<{SIZE}}{under}", Ink.MUTE)]]


def _cell(plan: CellPlan, places: list[PlaceName], view: StorageView | None) -> Row:
    name = f"{plan.size_mb} MB × {plan.parallel}"
    now = view.now if view is not None else None
    is_now = now is not None and (now.size_mb, now.parallel) == (plan.size_mb, plan.parallel)
    row: Row = [(f"{name:<{SIZE}}", Ink.ACCENT if is_now else Ink.TEXT, is_now)]
    for way in WAYS:
        for place in places:
            cell = None if view is None else view.cell(place, plan.size_mb, plan.parallel)
            told = cell.way(way) if cell is not None else None
            figure = NOTHING if told is None else fixed(told.mb_per_s, 1)
            ink = Ink.FAIL if cell is not None and cell.bad else Ink.TEXT
            row.append((f"{figure:>{FIGURE}}", Ink.FAINT if told is None else ink))
    return row


def _below(view: StorageView, width: int) -> Iterator[Row]:
    if view.no_store:
        yield from _wrapped(f"object store: n/a: {view.no_store}", Ink.WARN, width)
    if view.objects:
        right = f"{counted(view.objects, 'object')} read back, SHA-256 right"
        yield from _wrapped(right, Ink.MUTE, width)
    records = view.records
    if records is not None and records.per_s is not None:
        text = (
            f"metadata: {count(records.per_s)} records/s, query p95 {ms(records.query_p95_ms)} ms"
        )
        yield from _wrapped(f"{text} of {count(records.rows)} rows", Ink.MUTE, width)
    for line in crossing_texts(crossings(view.cells)):
        yield from _wrapped(line, Ink.MUTE, width)


def _wrapped(text: str, ink: Ink, width: int) -> list[Row]:
    return [[(row, ink)] for row in wrapped(text, width)]
