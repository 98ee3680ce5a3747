"""Latencies over the run: p50 as an area, p95 (the judged one) thick, p99 thin."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Canvas, Piece
from tui.console.glyphs import Tier
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.axis import Scale
from tui.console.widgets.braille import curve, glyph, grid_of
from tui.console.widgets.marks import draw_mark_labels, draw_mark_lines
from tui.console.widgets.plot import (
    Plot,
    apart,
    chart_foot,
    draw_area,
    draw_axes,
    draw_limit,
    label_limit,
    plot_for,
    put_dot,
    scale_key,
    shown_scenario,
    tick_room,
)
from tui.console.widgets.series import head_column, robust_peak, spread
from tui.core.format import count, ms
from tui.core.limits import PERCENTILES, Limit
from tui.core.model import RunView
from tui.core.timeline import Point


def legend(tier: Tier) -> list[Piece]:
    """What each curve looks like."""
    return [
        ("latency ms", Ink.MUTE),
        (f"   {tier.p50} ", Ink.P50),
        ("p50", Ink.P50),
        (f"  {tier.p95} ", Ink.P95, True),
        ("p95", Ink.P95, True),
        (f"  {tier.p99} ", Ink.P99),
        ("p99", Ink.P99),
    ]


class LatencyChart:
    """Draws the chart; remembers its axis from frame to frame."""

    def __init__(self) -> None:
        self._scale = Scale()

    def __call__(self, canvas: Canvas, scene: Scene) -> None:
        canvas.frame(legend(canvas.tier), chart_foot(scene))
        if canvas.height < 6 or canvas.width < 30:
            return
        run, limit = scene.run, judged_limit(scene)
        top, step = self._fit(canvas, scene, limit)
        plot = plot_for(canvas, scene, top)
        draw_axes(canvas, plot, step, run)
        points = run.points if run else ()
        draw_area(canvas, plot, spread(points, _p50, plot.total_s, plot.columns), Ink.AREA)
        if run:
            draw_mark_lines(canvas, plot, run.marks)
        if limit:
            draw_limit(canvas, plot, limit.value)
        if run:
            _draw_curves(canvas, plot, points, limit)
            _draw_heads(canvas, plot, run, limit)
            draw_mark_labels(canvas, plot, run.marks)
        else:
            _draw_hint(canvas, plot, scene)
        if limit:
            label_limit(canvas, plot, limit.value, limit_text(limit))

    def _fit(self, canvas: Canvas, scene: Scene, limit: Limit | None) -> tuple[float, float]:
        run = scene.run
        key = scale_key(scene)
        points = run.points if run else ()
        # A few slow seconds of p99 may leave the chart; a p95 hardly ever does.
        needed = max(robust_peak(points, _p95, 0.98) * 1.05, robust_peak(points, _p99, 0.9) * 1.05)
        if limit and (limit.value <= 2 * needed or not points):
            needed = max(needed, limit.value)
        return self._scale.fit(key, needed or 1000.0, tick_room(canvas), scene.snapshot.at_utc)


def _p50(point: Point) -> float | None:
    return point.p50_ms


def _p95(point: Point) -> float | None:
    return point.p95_ms


def _p99(point: Point) -> float | None:
    return point.p99_ms


def judged_limit(scene: Scene) -> Limit | None:
    """The latency limit that the chart shows: p95's, else the first."""
    scenario = shown_scenario(scene)
    limits = (
        [limit for limit in scenario.thresholds if limit.metric in PERCENTILES]
        if (scenario)
        else []
    )
    return next((limit for limit in limits if limit.metric == "p95_ms"), next(iter(limits), None))


def limit_text(limit: Limit) -> str:
    """`limit 2 000`; another percentile's limit is named."""
    prefix = "" if limit.metric == "p95_ms" else limit.metric.removesuffix("_ms") + " "
    return f"{prefix}limit {count(limit.value)}"


def _draw_curves(canvas: Canvas, plot: Plot, points: Sequence[Point], limit: Limit | None) -> None:
    limit_ms = limit.value if limit and limit.metric == "p95_ms" else float("inf")
    tier, across = canvas.tier.name, grid_of(canvas.tier.name).across
    p99 = spread(points, _p99, plot.total_s, plot.columns * across)
    p95 = spread(points, _p95, plot.total_s, plot.columns * across)
    thickness = 1 if tier == "ascii" else 2
    thin = curve([_share(value, plot) for value in p99], plot.rows, tier=tier)
    thick = curve([_share(value, plot) for value in p95], plot.rows, thickness, tier)
    for (column, row), bits in thin.items():
        if (column, row) not in thick:
            put_dot(canvas, plot, (column, row), glyph(bits, tier, canvas.tier.p99), Ink.P99)
    for (column, row), bits in thick.items():
        nearby = _of_column(p95, column, across)
        over = bool(nearby) and max(nearby) >= limit_ms
        ink = Ink.FAIL if over else Ink.P95
        put_dot(canvas, plot, (column, row), glyph(bits, tier, canvas.tier.p95), ink)
    for values, ink in ((p99, Ink.P99), (p95, Ink.P95)):
        for column in range(plot.columns):
            pair = _of_column(values, column, across)
            if pair and max(pair) > plot.top * 1.02:
                # Off the scale: an arrow rather than a line that would lie.
                over = values is p95 and max(pair) >= limit_ms
                canvas.put(plot.x + column, plot.y, "▴", Ink.FAIL if over else ink)


def _of_column(values: Sequence[float | None], column: int, across: int) -> list[float]:
    nearby = values[column * across : (column + 1) * across]
    return [value for value in nearby if value is not None]


def _share(value: float | None, plot: Plot) -> float | None:
    return None if value is None else value / plot.top


def _draw_heads(canvas: Canvas, plot: Plot, run: RunView, limit: Limit | None) -> None:
    if not run.points:
        _draw_waiting(canvas, plot, run)
        return
    x = plot.x + head_column(run.points, plot.total_s, plot.columns) + 1
    newest = run.points[-1]
    if run.now.stalled_s is not None and not run.is_over:
        text = f"nothing answered for {run.now.stalled_s:.0f} s"
        x = min(x, canvas.width - 2 - len(text))
        canvas.put(x, plot.y + plot.rows // 2, f" {text} ", Ink.FAIL, True)
        return
    over = limit is not None and limit.metric == "p95_ms"
    heads = []
    for value, ink in (
        (newest.p99_ms, Ink.P99),
        (newest.p95_ms, Ink.P95),
        (newest.p50_ms, Ink.P50),
    ):
        if value is not None:
            red = ink is Ink.P95 and over and limit is not None and value >= limit.value
            heads.append((plot.row_of(value), ms(value), Ink.FAIL if red else ink))
    for y, (_, text, ink) in zip(
        apart([row for row, _, _ in heads], plot.y, plot.y + plot.rows - 1), heads, strict=True
    ):
        canvas.put(x, y, f"{text} ", ink, ink is not Ink.P99, end=canvas.width - 1)


def _draw_waiting(canvas: Canvas, plot: Plot, run: RunView) -> None:
    text = "nothing was measured" if run.is_over else "waiting for the first answer"
    _centre(canvas, plot, [(text, Ink.MUTE)])


def _draw_hint(canvas: Canvas, plot: Plot, scene: Scene) -> None:
    if scene.chosen is None:
        text = "there is no scenario to run"
        _centre(canvas, plot, [(text, Ink.WARN)])
        return
    if scene.snapshot.preparing:
        _centre(canvas, plot, [("asking the target", Ink.MUTE)])
        return
    name = scene.campaign.id if scene.campaign else scene.chosen.id
    verb: Piece = (" runs ", Ink.TEXT)
    _centre(canvas, plot, [("enter", Ink.ACCENT, True), verb, (name, Ink.TEXT, True)])


def _centre(canvas: Canvas, plot: Plot, pieces: Sequence[Piece]) -> None:
    size = sum(len(piece[0]) for piece in pieces)
    x = plot.x + max((plot.columns - size) // 2, 0)
    canvas.pieces(x, plot.y + plot.rows // 2, pieces, end=canvas.width - 1)
