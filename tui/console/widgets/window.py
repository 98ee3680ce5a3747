"""The stretch of time that both charts show, and the cursor of what is read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, inf

import msgspec

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.axis import axis_total_s, planned_s
from tui.console.widgets.limits import line_width
from tui.console.widgets.plot import plot_for
from tui.core.format import brief_duration, clock, counted, ms, rate
from tui.core.model import Mark, RunView
from tui.core.stress.view import StressView
from tui.core.timeline import Point

Draw = Callable[[Canvas, Scene], None]
CURSOR_LINE = "│"
# A window of a run that goes on moves by this share of itself: in between a second changes
# one column, as everywhere.
_STEP = 0.25


class Stretch(msgspec.Struct, frozen=True):
    """A part of a run's time axis, in seconds since the load began."""

    from_s: float
    to_s: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.to_s - self.from_s


def stretch_of(scene: Scene) -> Stretch | None:
    """What the charts show; None for the whole run."""
    run, window_s, back = scene.run, scene.window_s, scene.back
    if run is None or window_s is None:
        return None
    course = back.course if back is not None and back.course is not None else run
    total_s = planned_s(course.total_s, course.elapsed_s)
    total_s = axis_total_s(total_s, total_s + course.paused_s)
    if window_s >= total_s:
        return None
    if back is not None:
        from_s = float(round(back.at_s - window_s / 2))
    else:
        step_s = window_s * _STEP
        from_s = max(ceil((_head_s(course) - window_s) / step_s), 0) * step_s
    from_s = min(max(from_s, 0.0), max(total_s - window_s, 0.0))
    return Stretch(from_s, from_s + window_s)


def _head_s(course: RunView) -> float:
    """How far the charts go; of a stress without a load, how far the board's do."""
    points = course.points or course.board_points
    return points[-1].start_s + points[-1].width_s if points else 0.0


def windowed(draw: Draw) -> Draw:
    """A chart of the whole run as a chart of the window, with the cursor in it."""

    def drawn(canvas: Canvas, scene: Scene) -> None:
        if scene.run is None:
            draw(canvas, scene)
            return
        whole = _charted(scene, until_s=None)
        draw(canvas, whole)
        back = scene.back
        if back is not None and back.course is not None and canvas.height >= 5:
            _draw_cursor(canvas, scene, draw, whole)
        _draw_title(canvas, scene, whole)

    return drawn


def _charted(scene: Scene, until_s: float | None) -> Scene:
    """The scene with its run cut to the window, and to what came before `until_s`."""
    run, back = scene.run, scene.back
    assert run is not None
    course = back.course if back is not None and back.course is not None else run
    stretch = stretch_of(scene)
    points = _points(course, scene.fine)
    gauges = list(course.board_points)
    if until_s is not None:
        points = [point for point in points if point.start_s < until_s]
        gauges = [point for point in gauges if point.start_s < until_s]
    marks: Sequence[Mark] = (*course.marks, *_stage_marks(course))
    changes = {
        "total_s": planned_s(course.total_s, course.elapsed_s),
        "paused_s": course.paused_s,
        "measured_from_s": course.measured_from_s,
    }
    from_s = 0.0
    if stretch is not None:
        from_s = stretch.from_s
        points = [
            point
            for point in points
            if point.start_s + point.width_s > from_s and point.start_s < stretch.to_s
        ]
        gauges = [
            point
            for point in gauges
            if point.start_s + point.width_s > from_s and point.start_s < stretch.to_s
        ]
        marks = [mark for mark in marks if from_s <= mark.at_s <= stretch.to_s]
        measured_from_s = course.measured_from_s
        changes = {
            "total_s": stretch.length_s,
            "paused_s": 0.0,
            "measured_from_s": None if measured_from_s is None else measured_from_s - from_s,
        }
    shown = msgspec.structs.replace(
        run,
        points=tuple(
            msgspec.structs.replace(point, start_s=point.start_s - from_s) for point in points
        ),
        board_points=tuple(
            msgspec.structs.replace(point, start_s=point.start_s - from_s) for point in gauges
        ),
        marks=tuple(msgspec.structs.replace(mark, at_s=mark.at_s - from_s) for mark in marks),
        stress=_stress(run, course, from_s, stretch, until_s),
        **changes,
    )
    snapshot = msgspec.structs.replace(scene.snapshot, run=shown)
    return msgspec.structs.replace(scene, snapshot=snapshot, axis_from_s=from_s, put_away="")


def _stress(
    run: RunView, course: RunView, from_s: float, stretch: Stretch | None, until_s: float | None
) -> StressView | None:
    """Its levels in the window; its parts as they became, on the whole run's clock."""
    if run.stress is None or course.stress is None:
        return run.stress
    to_s = min(inf if stretch is None else stretch.to_s, inf if until_s is None else until_s)
    points = tuple(
        msgspec.structs.replace(point, at_s=point.at_s - from_s)
        for point in course.stress.points
        if from_s < point.at_s <= to_s
    )
    return msgspec.structs.replace(run.stress, points=points, parts=course.stress.parts)


def _points(course: RunView, fine: Sequence[Point]) -> list[Point]:
    """The fine ones where there are any, the run's own around them."""
    if not fine:
        return list(course.points)
    first_s, behind_s = fine[0].start_s, fine[-1].start_s + fine[-1].width_s
    coarse = course.points
    before = [point for point in coarse if point.start_s + point.width_s <= first_s]
    return [*before, *fine, *(point for point in coarse if point.start_s >= behind_s)]


def _stage_marks(course: RunView) -> list[Mark]:
    """Where a stage begins, unless an event says the same."""
    known = [mark.at_s for mark in course.marks]
    return [
        Mark(stage.from_s, counted(stage.users, "user"), "info")
        for stage in course.stages
        if not any(abs(at_s - stage.from_s) < 1 for at_s in known)
    ]


def _draw_cursor(canvas: Canvas, scene: Scene, draw: Draw, whole: Scene) -> None:
    """Up to the cursor as it stood; behind it, faint, how it went on."""
    back = scene.back
    assert back is not None
    before = Canvas(canvas.width, canvas.height, tier=canvas.tier)
    draw(before, _charted(scene, until_s=back.at_s))
    plot = plot_for(canvas, whole, 1.0)
    at_s = back.at_s - whole.axis_from_s
    cursor = plot.column_of(at_s) if plot.total_s else plot.x
    for y in range(1, canvas.height - 2):
        for x in range(plot.x, canvas.width - 1):
            if _is_drawn(before.chars[y], x) or x <= cursor:
                canvas.chars[y][x], canvas.looks[y][x] = before.chars[y][x], before.looks[y][x]
            elif canvas.chars[y][x] != " " and x < plot.x + plot.columns:
                canvas.put(x, y, canvas.chars[y][x], Ink.LINE, ground=Ink.BG)
            elif x >= plot.x + plot.columns:
                canvas.put(x, y, " ")
    for y in range(plot.y, plot.y + plot.rows):
        if canvas.chars[y][cursor] in (" ", "┊", "╌"):
            canvas.put(cursor, y, CURSOR_LINE, Ink.WARN)
    if canvas.chars[plot.y + plot.rows][cursor] in ("─", "╌"):
        canvas.put(cursor, plot.y + plot.rows, "▲", Ink.WARN, True)


def _is_drawn(row: Sequence[str], x: int) -> bool:
    """Whether something stands in this cell, or it is a blank between two words."""
    return row[x] != " " or (row[x - 1] != " " != row[x + 1])


def _draw_title(canvas: Canvas, scene: Scene, whole: Scene) -> None:
    """At the right of the upper border: the window, how coarse, and figures at the cursor."""
    room = canvas.width - 5
    while room > 0 and canvas.chars[0][room] == "─":
        room -= 1
    room = canvas.width - 5 - room
    for pieces in _titles(scene, whole):
        if pieces and line_width(pieces) + 2 <= room:
            x = canvas.width - 4 - line_width(pieces)
            canvas.put(x, 0, " ", Ink.LINE)
            x = canvas.pieces(x + 1, 0, pieces)
            canvas.put(x, 0, " ", Ink.LINE)
            return


def _titles(scene: Scene, whole: Scene) -> list[list[Piece]]:
    """What could stand there, the longest first."""
    words: list[Piece] = []
    coarse: list[Piece] = []
    points = whole.run.points if whole.run else ()
    if stretch_of(scene) is not None and scene.window_s is not None:
        words = [(brief_duration(scene.window_s), Ink.ACCENT, True)]
        width_s = max((point.width_s for point in points), default=0)
        if width_s > scene.window_s / 60:
            coarse = [(f" in steps of {brief_duration(width_s)}", Ink.MUTE)]
    figures: list[Piece] = []
    back = scene.back
    if back is not None and back.at_s < 1e9:
        figures = [(clock(back.at_s), Ink.WARN, True)]
        words = [*words, ("  ", Ink.MUTE)] if words else []
        now = scene.snapshot.run.now if scene.snapshot.run else None
        if now is not None and now.p95_ms is not None:
            more: list[Piece] = [(f"  p95 {ms(now.p95_ms)}", Ink.P95, True)]
            most = [*more, (f"  {rate(now.rps)}/s", Ink.P50)]
            return [[*words, *figures, *most], [*words, *figures, *more], [*words, *figures], words]
    return [[*words, *coarse, *figures], [*words, *figures], words]
