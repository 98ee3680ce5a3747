"""What the board did over the run, on the time axis of latency and throughput."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui.console.cells import Canvas, Piece
from tui.console.scene import Scene
from tui.console.theme import Ink
from tui.console.widgets.axis import Scale
from tui.console.widgets.board_lines import heat_ink
from tui.console.widgets.braille import Dots, curve, glyph, grid_of
from tui.console.widgets.limits import line_width
from tui.console.widgets.marks import draw_mark_labels, draw_mark_lines
from tui.console.widgets.plot import (
    Plot,
    area_ground,
    chart_foot,
    draw_area,
    draw_axes,
    draw_limit,
    label_limit,
    plot_for,
    put_dot,
    scale_key,
    tick_room,
)
from tui.console.widgets.series import head_column, mean_of, spread_gauge
from tui.core.format import count, fixed
from tui.core.gauges import label_of
from tui.core.model import RunView
from tui.core.rails import whole_rail

_FULL = 100.0
"""Shares and temperatures have one axis; it grows with what is beyond."""
POWER = "┈"
ROOMY_ROWS = 8
"""Lower charts have no room for a line two dots thick, nor for words."""


class Curve(msgspec.Struct, frozen=True):
    """One gauge of the chart."""

    gauge: str
    label: str
    mark: str
    ink: Ink
    scale: float = 1.0
    """What its value is divided by."""


class BoardChart:
    """Draws the chart; remembers its axis from frame to frame."""

    def __init__(self) -> None:
        self._scale = Scale()

    def __call__(self, canvas: Canvas, scene: Scene) -> None:
        curves = curves_of(canvas, scene)
        legend = _legend(curves, canvas.width - 7)
        if scene.work != "load":
            legend = _with_missing(legend, curves, canvas.width - 7)
        canvas.frame(legend, chart_foot(scene, "requests/s"))
        if canvas.height < 5 or canvas.width < 30:
            return
        heat = next((each.gauge for each in curves if each.gauge.endswith("_c")), "")
        limit_c = limit_of(scene, heat) if heat else None
        needed, ticks = _needed(scene.run, curves, limit_c), min(tick_room(canvas), 4)
        top, step = self._scale.fit(scale_key(scene), needed, ticks, scene.snapshot.at_utc)
        plot = plot_for(canvas, scene, top)
        draw_axes(canvas, plot, step, scene.run)
        _draw_course(canvas, plot, scene, curves, limit_c)
        if limit_c:
            label_limit(canvas, plot, limit_c, f"limit {count(limit_c)} °C")


def _draw_course(
    canvas: Canvas, plot: Plot, scene: Scene, curves: Sequence[Curve], limit_c: float | None
) -> None:
    run = scene.run
    for each in curves:
        if each.ink is Ink.P50:
            draw_area(canvas, plot, _values(run, plot, each, plot.columns), Ink.AREA)
    if run:
        draw_mark_lines(canvas, plot, run.marks)
    if limit_c:
        draw_limit(canvas, plot, limit_c)
    beneath: Dots = {}
    for each in curves[::-1]:
        if each.mark == POWER:
            _draw_points(canvas, plot, _values(run, plot, each, plot.columns), each)
        elif each.ink is not Ink.P50:
            beneath |= _draw_curve(canvas, plot, run, each, limit_c, beneath)
    if run and run.board_points and curves:
        _draw_heads(canvas, plot, run, curves, limit_c)
        if plot.rows >= ROOMY_ROWS:
            draw_mark_labels(canvas, plot, run.marks)
        return
    text = "no sample yet" if run else "no run yet"
    text = text if curves else "no gauge to draw"
    x = plot.x + max((plot.columns - len(text)) // 2, 0)
    canvas.put(x, plot.y + plot.rows // 2, text, Ink.FAINT)


def curves_of(canvas: Canvas, scene: Scene) -> list[Curve]:
    """What the board tells of: the junction or the hottest zone, both loads, the power."""
    known = set(scene.snapshot.board)
    if scene.run is not None:
        known |= {name for point in scene.run.board_points[-1:] for name in point.gauges}
    heat = "tj_c" if "tj_c" in known else "hottest_c"
    tier, rail = canvas.tier, whole_rail(known)
    every = [
        Curve(heat, f"{label_of(heat)} °C", tier.p95, Ink.P95),
        Curve("gpu_percent", "GPU %", tier.p99, Ink.P99),
        Curve("cpu_percent", "CPU %", tier.p50, Ink.P50),
        Curve(f"{rail}_mw", f"{rail[:3].upper()} W", POWER, Ink.ACCENT, 1000.0),
    ]
    if scene.work != "load" and heat not in known and not rail:
        every += _memory(scene)
    return [each for each in every if each.gauge in known and not _is_void(scene, each.gauge)]


def _memory(scene: Scene) -> list[Curve]:
    """What is used of it: where neither heat nor power is told of, the next that a stress costs."""
    total = scene.snapshot.board.get("ram_total_mb")
    points = scene.run.board_points if scene.run is not None else ()
    if (
        total is None
        or not total.value
        or "ram_used_mb" not in (points[-1].gauges if points else ())
    ):
        return []
    return [Curve("ram_used_mb", "RAM %", POWER, Ink.ACCENT, total.value / 100)]


def _is_void(scene: Scene, gauge: str) -> bool:
    """Whether it has never had a value: why, the board's panel says."""
    reading = scene.snapshot.board.get(gauge)
    points = scene.run.board_points if scene.run is not None else ()
    return (reading is None or reading.value is None) and not any(
        gauge in point.gauges for point in points
    )


def limit_of(scene: Scene, gauge: str) -> float | None:
    """A gauge's limit as the run's statistics keep it, else as the board tells it now."""
    if scene.run is not None:
        for stats in scene.run.telemetry:
            if stats.name == gauge and stats.limit:
                return stats.limit
    reading = scene.snapshot.board.get(gauge)
    return reading.limit if reading else None


def _legend(curves: Sequence[Curve], width: int) -> list[Piece]:
    """What each curve is; what does not fit as a whole is left out."""
    pieces: list[Piece] = []
    for each in curves:
        gap = "  " if pieces else ""
        item: list[Piece] = [(f"{gap}{each.mark} {each.label}", each.ink, each.ink is Ink.P95)]
        if line_width([*pieces, *item]) <= width:
            pieces += item
    return pieces or [("board", Ink.MUTE)]


def _with_missing(legend: list[Piece], curves: Sequence[Curve], width: int) -> list[Piece]:
    """What a stress is watched for and nothing here tells."""
    gauges = [each.gauge for each in curves]
    words = [
        word
        for word, end in (("temperature", "_c"), ("power", "_mw"))
        if not any(gauge.endswith(end) for gauge in gauges)
    ]
    missing: list[Piece] = [(f"   n/a: {', '.join(words)}", Ink.FAINT)] if words else []
    return [*legend, *missing] if line_width([*legend, *missing]) <= width else legend


def _needed(run: RunView | None, curves: Sequence[Curve], limit_c: float | None) -> float:
    """The highest of everything; never less than all of a load."""
    highest = max(_FULL, limit_c or 0.0)
    for point in run.board_points if run else ():
        for each in curves:
            held = point.gauges.get(each.gauge)
            if held is not None:
                highest = max(highest, held.mean / each.scale)
    return highest


def _values(run: RunView | None, plot: Plot, each: Curve, columns: int) -> list[float | None]:
    if run is None:
        return [None] * columns
    values = spread_gauge(run.board_points, each.gauge, plot.total_s, columns)
    return [None if value is None else value / each.scale for value in values]


def _draw_curve(
    canvas: Canvas,
    plot: Plot,
    run: RunView | None,
    each: Curve,
    limit_c: float | None,
    beneath: Dots,
) -> Dots:
    """Over what is `beneath` it, whose dots stay in the cells that both go through."""
    tier = canvas.tier.name
    across = grid_of(tier).across
    values = _values(run, plot, each, plot.columns * across)
    is_heat = each.ink is Ink.P95
    thickness = 2 if is_heat and tier != "ascii" and plot.rows >= ROOMY_ROWS else 1
    shares = [None if value is None else value / plot.top for value in values]
    dots = curve(shares, plot.rows, thickness, tier)
    for (column, row), bits in dots.items():
        pair = [value for value in values[column * across : (column + 1) * across] if value]
        ink = each.ink
        if is_heat and limit_c is not None and pair and max(pair) >= limit_c:
            ink = Ink.FAIL
        bits |= beneath.get((column, row), 0)
        put_dot(canvas, plot, (column, row), glyph(bits, tier, each.mark), ink)
    return dots


def _draw_points(canvas: Canvas, plot: Plot, values: Sequence[float | None], each: Curve) -> None:
    """A dot in every other column: told from the curves where there are no colours."""
    for column in range(0, len(values), 2):
        value = values[column]
        if value is not None:
            x, y = plot.x + column, plot.row_of(value)
            canvas.put(x, y, each.mark, each.ink, ground=area_ground(canvas, x, y))


def _draw_heads(
    canvas: Canvas, plot: Plot, run: RunView, curves: Sequence[Curve], limit_c: float | None
) -> None:
    """The newest figures behind the curves, as far as there is a row for each."""
    x = plot.x + head_column(run.board_points, plot.total_s, plot.columns) + 1
    newest = run.board_points[-1]
    heads = []
    for each in curves:
        value = mean_of(newest, each.gauge)
        if value is not None:
            value /= each.scale
            decimals = 1 if each.gauge.endswith(("_c", "_mw")) else 0
            unit = "°C" if each.gauge.endswith("_c") else "W" if each.scale > 1 else "%"
            ink = each.ink
            if limit_c is not None and each.gauge.endswith("_c"):
                ink = Ink.FAIL if heat_ink(value, limit_c) is Ink.FAIL else ink
            heads.append((plot.row_of(value), f"{fixed(value, decimals)} {unit}", ink))
    heads = sorted(heads[: plot.rows], key=lambda head: head[0])
    bottom = plot.y + plot.rows
    free = plot.y
    for number, (row, text, ink) in enumerate(heads):
        # Downwards: along the upper edge stands the limit.
        y = min(max(row, free), bottom - (len(heads) - number))
        canvas.put(x, y, f"{text} ", ink, True, end=canvas.width - 1)
        free = y + 1
