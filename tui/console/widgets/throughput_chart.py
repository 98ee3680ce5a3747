"""Requests per second over the run, and where some failed."""

from __future__ import annotations

from tui.console.cells import Canvas, Piece
from tui.console.glyphs import FAILED
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.axis import Scale
from tui.console.widgets.limits import line_width
from tui.console.widgets.marks import draw_mark_lines
from tui.console.widgets.plot import (
    Plot,
    area_ground,
    chart_foot,
    draw_area,
    draw_axes,
    draw_limit,
    label_limit,
    plot_for,
    scale_key,
    shown_scenario,
    tick_room,
)
from tui.console.widgets.series import failing_columns, head_column, robust_peak, spread
from tui.core.format import count, counted, fixed, rate
from tui.core.limits import Limit
from tui.core.load import Arrival
from tui.core.model import RunView
from tui.core.timeline import Point


class ThroughputChart:
    """Draws the chart; remembers its axis from frame to frame."""

    def __init__(self) -> None:
        self._scale = Scale()

    def __call__(self, canvas: Canvas, scene: Scene) -> None:
        run = scene.run
        title: list[Piece] = [(f"{canvas.tier.p50} ", Ink.P50), ("requests/s", Ink.P50)]
        for piece in title_figures(run):
            # What does not fit as a whole is left out.
            if line_width([*title, piece]) <= canvas.width - 7:
                title.append(piece)
        canvas.frame(title, chart_foot(scene, "board"))
        if canvas.height < 5 or canvas.width < 30:
            return
        limit = floor_limit(scene)
        top, step = self._fit(canvas, scene, limit)
        plot = plot_for(canvas, scene, top)
        draw_axes(canvas, plot, step, run)
        points = run.points if run else ()
        draw_area(canvas, plot, spread(points, _rps, plot.total_s, plot.columns), Ink.AREA)
        if run:
            draw_mark_lines(canvas, plot, run.marks)
        if limit:
            draw_limit(canvas, plot, limit.value)
        if run and points:
            _draw_failures(canvas, plot, run)
            _draw_head(canvas, plot, run)
        if limit:
            label_limit(canvas, plot, limit.value, f"limit {rate(limit.value).removesuffix('.0')}")

    def _fit(self, canvas: Canvas, scene: Scene, limit: Limit | None) -> tuple[float, float]:
        run = scene.run
        key = scale_key(scene)
        points = run.points if run else ()
        needed = robust_peak(points, _rps, 1.0)
        if limit:
            needed = max(needed, limit.value * 1.3)
        return self._scale.fit(key, needed or 10.0, tick_room(canvas), scene.snapshot.at_utc)


def _rps(point: Point) -> float | None:
    return point.rps


def floor_limit(scene: Scene) -> Limit | None:
    """The least throughput that passes."""
    scenario = shown_scenario(scene)
    if scenario is None:
        return None
    return next((limit for limit in scenario.thresholds if limit.metric == "rps"), None)


def title_figures(run: RunView | None) -> list[Piece]:
    """Users, or operations that come due; requests in flight, and the age of the oldest."""
    if run is None or run.is_over or run.phase == "preparing":
        return []
    now, load = run.now, run.facts.scenario.load
    if load is None:
        return []
    arrival = load.arrival
    users = counted(now.users, "user")
    if arrival is not None:
        return [(f"   {rate(due_rps(run, arrival))} operations/s due", Ink.TEXT), *_open(run)]
    if now.users != run.users_asked and run.phase in ("warm-up", "measuring"):
        users = f"{count(now.users)} of {counted(run.users_asked, 'user')}"
    return [(f"   {users}", Ink.TEXT), *_in_flight(run)]


def due_rps(run: RunView, arrival: Arrival) -> float:
    """Operations per second that come due now: pauses and holds stop the clock of the rate."""
    return arrival.rate_at(run.elapsed_s - run.held_s, run.facts.scenario.duration_s)


def _open(run: RunView) -> list[Piece]:
    """What became of the operations that came due: the users of an open model are only slots."""
    missed = run.validity.missed_sends
    told: list[Piece] = [(f"   {count(missed)} missed", Ink.FAIL)] if missed else []
    return [*told, *_in_flight(run)]


def _in_flight(run: RunView) -> list[Piece]:
    now = run.now
    pieces: list[Piece] = []
    if now.in_flight:
        pieces.append((f"   {count(now.in_flight)} in flight", Ink.TEXT))
        if now.oldest_s >= 0.1:
            ink = Ink.FAIL if now.stalled_s is not None else Ink.MUTE
            pieces.append((f", oldest {fixed(now.oldest_s, 1)} s", ink))
    return pieces


def _draw_failures(canvas: Canvas, plot: Plot, run: RunView) -> None:
    y = plot.y + plot.rows - 1
    for column in failing_columns(run.points, plot.total_s, plot.columns):
        x = plot.x + column
        # A limit or an event that crosses the area has its colour as ground already.
        canvas.put(x, y, FAILED, Ink.FAIL, True, ground=area_ground(canvas, x, y))


def _draw_head(canvas: Canvas, plot: Plot, run: RunView) -> None:
    x = plot.x + head_column(run.points, plot.total_s, plot.columns) + 1
    # The last windows of an ended run are its drain.
    answered = [point for point in run.points if point.rps] if run.is_over else run.points
    if not answered:
        return
    newest = answered[-1]
    canvas.put(x, plot.row_of(newest.rps), f"{rate(newest.rps)} ", Ink.P50, True)
