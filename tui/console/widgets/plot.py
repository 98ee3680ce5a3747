"""What both charts share: the frame around a plot, its area and its limit."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.cells import Canvas, Piece
from tui.console.glyphs import LIMIT, MARK
from tui.console.scene import LOAD_VIEWS, ONE_CHART, Scene, View, view_after
from tui.console.theme import Ink
from tui.console.widgets.axis import axis_total_s, draw_time_axis, planned_s, value_labels
from tui.core.model import RunView
from tui.core.scenario import Scenario

LABELS, HEADS = 6, 8


class Plot(msgspec.Struct, frozen=True):
    """The part of a canvas that a course is drawn in; `top` is the value at its upper edge."""

    x: int
    y: int
    columns: int
    rows: int
    top: float
    total_s: float
    from_s: float = 0.0
    """Where its time axis begins; points and marks are counted from there."""

    def row_of(self, value: float) -> int:
        """The canvas row that holds a value."""
        dots = self.rows * 4
        return self.y + min(max(round((1 - value / self.top) * dots), 0), dots - 1) // 4

    def column_of(self, at_s: float) -> int:
        """The canvas column of a moment."""
        return self.x + min(max(int(at_s / self.total_s * self.columns), 0), self.columns - 1)


def plot_for(canvas: Canvas, scene: Scene, top: float) -> Plot:
    """The plot inside a framed canvas."""
    return Plot(
        x=1 + LABELS,
        y=1,
        columns=max(canvas.width - 2 - LABELS - HEADS, 4),
        rows=max(canvas.height - 3, 1),
        top=top,
        total_s=shown_total_s(scene),
        from_s=scene.axis_from_s,
    )


_VIEWS: dict[View, str] = {
    "board": "board chart",
    "gauges": "all gauges",
    "stress": "stress chart",
    "watched": "cameras",
    "stored": "storage",
}
"""Views that are called otherwise on the screen."""


def next_foot(scene: Scene) -> list[Piece]:
    """Which key shows what else in a narrow window."""
    view = view_after(scene.view, scene.work)
    return [(f"c {_VIEWS.get(view, view)}", Ink.FAINT)]


def table_foot(scene: Scene, hidden: list[Piece]) -> list[Piece]:
    """The same behind what is `hidden` of a table; a wide window has all panels in sight."""
    if not scene.is_narrow:
        return hidden
    return [*hidden, *([(" · ", Ink.FAINT)] if hidden else []), *next_foot(scene)]


def chart_foot(scene: Scene, other: str = "") -> list[Piece]:
    """Which key shows another chart; `other` is what stands in this place then."""
    if scene.is_narrow:
        return [*next_foot(scene), (" · tab scenarios", Ink.FAINT)]
    if scene.work in ONE_CHART:
        # A wide window has no other chart of it.
        return []
    if scene.work == "both":
        other = "" if not other else "stress" if scene.view in LOAD_VIEWS else "load"
        return [(f"c {other}", Ink.FAINT)] if other else []
    return [(f"c {other}", Ink.FAINT)] if other and not scene.is_tall else []


def shown_total_s(scene: Scene) -> float:
    """How long the time axis is."""
    run = scene.run
    if run is not None:
        total_s = planned_s(run.total_s, run.elapsed_s)
        return axis_total_s(total_s, total_s + run.paused_s)
    chosen = scene.chosen
    return chosen.duration_s or 60.0 if chosen else 60.0


def shown_scenario(scene: Scene) -> Scenario | None:
    """The scenario whose limits the charts show."""
    return scene.shown


def scale_key(scene: Scene) -> str:
    """A value axis starts afresh when this changes: with a run, and with its first answers."""
    run = scene.run
    if run is None:
        return f"idle {scene.chosen.id if scene.chosen else ''}"
    return run.facts.id if run.points else f"waiting {run.facts.id}"


def tick_room(canvas: Canvas) -> int:
    """How many labels the value axis has room for."""
    rows = canvas.height - 3
    return 5 if rows >= 16 else 4 if rows >= 8 else 2


def draw_axes(canvas: Canvas, plot: Plot, step: float, run: RunView | None) -> None:
    """Values at the left, times beneath."""
    for value, text in value_labels(plot.top, step):
        canvas.right(plot.x - 1, plot.row_of(value), text, Ink.FAINT)
    bottom = plot.y + plot.rows
    canvas.right(plot.x - 1, bottom, "0", Ink.FAINT)
    measured_from_s = run.measured_from_s if run else None
    draw_time_axis(canvas, plot.x, bottom, plot.columns, plot.total_s, measured_from_s, plot.from_s)


def draw_area(canvas: Canvas, plot: Plot, values: Sequence[float | None], ink: Ink) -> None:
    """Filled from zero up, in eighths of a row or as finely as the tier can."""
    least = next(part for part, cell in enumerate(canvas.tier.area) if cell != " ")
    for column, value in enumerate(values):
        if value is None:
            continue
        eighths = round(min(value / plot.top, 1.0) * plot.rows * 8)
        if value > 0:
            eighths = max(eighths, least)
        for row in range(plot.rows):
            part = min(max(eighths - (plot.rows - 1 - row) * 8, 0), 8)
            if part:
                canvas.put(plot.x + column, plot.y + row, canvas.tier.area[part], ink)


def full_cell(canvas: Canvas) -> str:
    """What a cell wholly inside an area looks like."""
    return canvas.tier.area[8]


def area_ground(canvas: Canvas, x: int, y: int) -> Ink | None:
    """The ground for what is drawn over a cell, so that the area seems to go on behind it."""
    hides = canvas.tier.is_solid and canvas.chars[y][x] in canvas.tier.area[3:]
    return Ink.AREA if hides else None


def limit_row(plot: Plot, value: float) -> tuple[int, bool]:
    """Where a limit's line lies, and whether its true place is above the plot."""
    beyond = value > plot.top * 1.001
    return (plot.y if beyond else plot.row_of(value)), beyond


def draw_limit(canvas: Canvas, plot: Plot, value: float) -> None:
    """A dashed line at the limit, along the upper edge if that is where it would lie or above."""
    y, _ = limit_row(plot, value)
    for x in range(plot.x, plot.x + plot.columns):
        under = canvas.chars[y][x]
        if under in (" ", MARK):
            canvas.put(x, y, LIMIT, Ink.FAIL)
        elif under == full_cell(canvas):
            canvas.put(x, y, LIMIT, Ink.FAIL, ground=area_ground(canvas, x, y))


def label_limit(canvas: Canvas, plot: Plot, value: float, text: str) -> None:
    """The limit's figure in its line, at the right or wherever nothing else stands in it.

    Where the line is full of other things: beside the plot, else in a row next to it.
    """
    y, beyond = limit_row(plot, value)
    text = f"{text}{' ↑' if beyond else ''}"
    free = (" ", LIMIT, MARK)
    if _put_label(canvas, plot, y, f" {text} ", free):
        return
    x = plot.x + plot.columns
    if len(text) <= HEADS and not "".join(canvas.chars[y][x : x + HEADS]).strip():
        canvas.right(x + HEADS, y, text, Ink.FAIL)
        return
    for row in (y - 1, y + 1):
        inside = plot.y <= row < plot.y + plot.rows
        if inside and _put_label(canvas, plot, row, f" {text} ", (*free, full_cell(canvas))):
            return


def _put_label(canvas: Canvas, plot: Plot, y: int, label: str, over: Sequence[str]) -> bool:
    for x in range(plot.x + plot.columns - len(label) - 2, plot.x, -3):
        if all(cell in over for cell in canvas.chars[y][x : x + len(label)]):
            for column, character in enumerate(label, x):
                ground = area_ground(canvas, column, y)
                canvas.put(column, y, character, Ink.FAIL, ground=ground)
            return True
    return False


def put_dot(canvas: Canvas, plot: Plot, cell: tuple[int, int], character: str, ink: Ink) -> None:
    """A cell of a curve, over whatever stands there."""
    x, y = plot.x + cell[0], plot.y + cell[1]
    canvas.put(x, y, character, ink, ground=area_ground(canvas, x, y) or Ink.BG)


def apart(rows: Sequence[int], first: int, last: int) -> list[int]:
    """Rows from the top down, moved as little as needed so that no two share one."""
    placed = list(rows)
    for index in range(len(placed) - 2, -1, -1):
        placed[index] = min(placed[index], placed[index + 1] - 1)
    for index in range(len(placed)):
        floor = first if index == 0 else placed[index - 1] + 1
        placed[index] = max(placed[index], floor)
    return [min(row, last) for row in placed]
