"""What both charts share: the frame around a plot, its area, its events and its limit."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.cells import Canvas, width_of
from tui.console.glyphs import LEVEL, LIMIT, MARK
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.axis import axis_total_s, draw_time_axis, value_labels
from tui.core.model import Mark, RunView
from tui.core.scenario import Scenario

_EIGHTHS = " ▁▂▃▄▅▆▇█"
LABELS, HEADS = 6, 8


class Plot(msgspec.Struct, frozen=True):
    """The part of a canvas that a course is drawn in; `top` is the value at its upper edge."""

    x: int
    y: int
    columns: int
    rows: int
    top: float
    total_s: float

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
    )


def shown_total_s(scene: Scene) -> float:
    """How long the time axis is."""
    run = scene.run
    if run is not None:
        return axis_total_s(run.total_s, run.total_s + run.paused_s)
    chosen = scene.chosen
    return chosen.load.duration_s if chosen else 60.0


def shown_scenario(scene: Scene) -> Scenario | None:
    """The scenario whose limits the charts show."""
    return scene.run.facts.scenario if scene.run else scene.chosen


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
    draw_time_axis(canvas, plot.x, bottom, plot.columns, plot.total_s, measured_from_s)


def draw_area(canvas: Canvas, plot: Plot, values: Sequence[float | None], ink: Ink) -> None:
    """Filled from zero up, in eighths of a row."""
    for column, value in enumerate(values):
        if value is None:
            continue
        eighths = round(min(value / plot.top, 1.0) * plot.rows * 8)
        if value > 0:
            eighths = max(eighths, 1)
        for row in range(plot.rows):
            part = min(max(eighths - (plot.rows - 1 - row) * 8, 0), 8)
            if part:
                canvas.put(plot.x + column, plot.y + row, _EIGHTHS[part], ink)


def is_free(canvas: Canvas, x: int, y: int, width: int) -> bool:
    """Whether a word may stand there: nothing is drawn but other events' lines."""
    cells = canvas.chars[y][max(x, 0) : x + width]
    return all(cell in (" ", MARK) for cell in cells)


def draw_marks(canvas: Canvas, plot: Plot, marks: Sequence[Mark], *, labels: bool) -> None:
    """Events as dotted verticals; a word at the upper end where it fits."""
    for mark in marks:
        ink = Ink.FAINT if mark.level == "info" else LEVEL[mark.level][1]
        x = plot.column_of(mark.at_s)
        for y in range(plot.y, plot.y + plot.rows):
            if canvas.chars[y][x] == " ":
                canvas.put(x, y, MARK, ink)
            elif canvas.chars[y][x] == "█":
                canvas.put(x, y, MARK, Ink.P99, ground=Ink.AREA)
        if labels:
            _label_mark(canvas, plot, mark, x)


def _label_mark(canvas: Canvas, plot: Plot, mark: Mark, x: int) -> None:
    ink = Ink.MUTE if mark.level == "info" else LEVEL[mark.level][1]
    width = width_of(mark.label)
    for y in range(plot.y + 1, min(plot.y + 5, plot.y + plot.rows)):
        if x + 1 + width <= plot.x + plot.columns + HEADS and is_free(canvas, x + 1, y, width + 1):
            canvas.put(x + 1, y, mark.label, ink)
            return
        if x - width >= plot.x and is_free(canvas, x - width, y, width):
            canvas.put(x - width, y, mark.label, ink)
            return


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
        elif under == "█":
            canvas.put(x, y, LIMIT, Ink.FAIL, ground=Ink.AREA)


def label_limit(canvas: Canvas, plot: Plot, value: float, text: str) -> None:
    """The limit's figure in its line, at the right or wherever nothing else stands in it."""
    y, beyond = limit_row(plot, value)
    label = f" {text}{' ↑' if beyond else ''} "
    for x in range(plot.x + plot.columns - len(label) - 2, plot.x, -3):
        cells = canvas.chars[y][x : x + len(label)]
        if all(cell in (" ", LIMIT, MARK) for cell in cells):
            canvas.put(x, y, label, Ink.FAIL)
            return
