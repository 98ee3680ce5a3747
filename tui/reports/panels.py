"""Each chart of a run by itself: latency, throughput, users, and the board where it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.timeline import Point
from tui.core.board_series import BoardSeries
from tui.reports.clean import visible
from tui.reports.scale import Scale, area_path, line_path, round_range, round_up, step_path

MAX_CURVES = 4
OFF_SCALE = 2.0
"""A limit this many times above all figures would press them flat: it is named, not drawn."""
FIRST_NAMES = (
    ("tj_c", "gpu_c", "cpu_c", "hottest_c"),
    ("gpu_percent", "cpu_percent", "emc_percent"),
    ("power_mw", "vdd_in_mw", "total_mw"),
)
OWN_COST = ("console_", "generator_")

LEGEND_LEFT, LEGEND_CHARACTER = 185.0, 6.2

Place = tuple[float, float] | None


class Curve(NamedTuple):
    """A path and how it is called; `kind` is its style: area, line, stair or ticks."""

    kind: str
    ink: str
    path: str
    label: str


class Legend(NamedTuple):
    """A curve's name in the panel's title line."""

    x: float
    kind: str
    ink: str
    label: str


class Line(NamedTuple):
    """A limit across a panel."""

    y: float
    label: str


class YTick(NamedTuple):
    """A labelled height."""

    y: float
    label: str


class Panel(NamedTuple):
    """One chart; heights in SVG units, `top` and `bottom` enclose the drawing itself."""

    title: str
    unit: str
    top: float
    bottom: float
    ticks: tuple[YTick, ...]
    curves: tuple[Curve, ...]
    lines: tuple[Line, ...]
    beyond: str
    """A limit that lies above the drawing."""

    @property
    def legend(self) -> tuple[Legend, ...]:
        """Where the names of the curves stand; none where the title says it."""
        if len(self.curves) < 2 and self.curves[0].label in (self.title, "rps"):
            return ()
        x, entries = LEGEND_LEFT, []
        for curve in self.curves:
            entries.append(Legend(x, curve.kind, curve.ink, curve.label))
            x += 32 + LEGEND_CHARACTER * len(curve.label)
        return tuple(entries)


class Gauges(NamedTuple):
    """A family of the board's gauges that share a panel."""

    title: str
    unit: str
    suffix: str
    first: tuple[str, ...]
    per_unit: float


FAMILIES = (
    Gauges("temperature", "°C", "_c", FIRST_NAMES[0], 1.0),
    Gauges("board", "%", "_percent", FIRST_NAMES[1], 1.0),
    Gauges("power", "W", "_mw", FIRST_NAMES[2], 1000.0),
)


def panels_of(
    view: RunView, board: BoardSeries, time: Scale, top: float, gap: float
) -> tuple[tuple[Panel, ...], float]:
    """The panels from `top` down, and where the last one ends."""
    makers: list[tuple[float, Callable[[float, float], Panel | None]]] = [
        (168, lambda top, bottom: _latency(view, time, top, bottom)),
        (84, lambda top, bottom: _throughput(view.points, time, top, bottom)),
        (44, lambda top, bottom: _users(view.points, time, top, bottom)),
    ]
    for family in FAMILIES:
        makers.append((64, _gauge_maker(family, board, time)))
    panels = []
    for height, make in makers:
        panel = make(top + gap, top + gap + height)
        if panel is not None:
            panels.append(panel)
            top = panel.bottom
    return tuple(panels), top


def _latency(view: RunView, time: Scale, top: float, bottom: float) -> Panel:
    points = view.points
    highest = max((point.p99_ms or 0.0 for point in points), default=0.0)
    limits = _latency_limits(view.thresholds)
    drawn = [state for state in limits if state.limit.value <= OFF_SCALE * highest]
    ceiling = round_up(max([highest, *(state.limit.value for state in drawn)]) * 1.04)
    scale = Scale(0.0, ceiling, bottom, top)
    curves = (
        Curve("area", "p50", area_path(_places(points, "p50_ms", time, scale), bottom), "p50"),
        # With few requests a second both are the slowest one: the one that is judged lies on top.
        Curve("line", "p99", line_path(_places(points, "p99_ms", time, scale)), "p99"),
        Curve("line", "p95", line_path(_places(points, "p95_ms", time, scale)), "p95"),
    )
    beyond = [state for state in limits if state not in drawn]
    words = ", ".join(f"{_metric(state)} {text.ms(state.limit.value)} ms" for state in beyond)
    return Panel(
        "latency",
        "ms",
        top,
        bottom,
        _ticks(scale, 4, _tick_ms),
        curves,
        tuple(
            Line(
                scale.place(state.limit.value),
                f"{_metric(state)} limit {text.ms(state.limit.value)} ms",
            )
            for state in drawn
        ),
        f"↑ limit {words}" if words else "",
    )


def _metric(state: LimitState) -> str:
    return text.metric_label(state.limit.metric)


def _latency_limits(thresholds: Sequence[LimitState]) -> list[LimitState]:
    curves = ("p50_ms", "p95_ms", "p99_ms")
    return [state for state in thresholds if state.limit.metric in curves]


def _places(points: Sequence[Point], name: str, time: Scale, scale: Scale) -> Iterable[Place]:
    before_s: float | None = None
    for point in points:
        # A second without a window is a gap, not a slope.
        if before_s is not None and point.start_s > before_s + 1e-6:
            yield None
        before_s = point.start_s + point.width_s
        value = getattr(point, name)
        middle_s = point.start_s + point.width_s / 2
        yield None if value is None else (time.place(middle_s), scale.place(value))


def _throughput(points: Sequence[Point], time: Scale, top: float, bottom: float) -> Panel:
    scale = Scale(0.0, round_up(max(point.rps for point in points)), bottom, top)
    failed = "".join(_failure_tick(point, time, scale) for point in points if point.failures)
    curves = [Curve("area", "rps", area_path(_places(points, "rps", time, scale), bottom), "rps")]
    if failed:
        curves.append(Curve("ticks", "fail", failed, "failed"))
    return Panel(
        "throughput", "requests/s", top, bottom, _ticks(scale, 2, _tick_rate), tuple(curves), (), ""
    )


def _failure_tick(point: Point, time: Scale, scale: Scale) -> str:
    """As high as its rate, and never too short to be seen."""
    x = time.place(point.start_s + point.width_s / 2)
    height = max(scale.at_low - scale.place(point.failures / point.width_s), 9.0)
    return f"M{x:g} {scale.at_low:g}v-{height:.1f}"


def _users(points: Sequence[Point], time: Scale, top: float, bottom: float) -> Panel:
    scale = Scale(0.0, round_up(max(point.users for point in points)), bottom, top)
    stairs = [
        (
            time.place(point.start_s),
            time.place(point.start_s + point.width_s),
            scale.place(point.users),
        )
        for point in points
    ]
    return Panel(
        "users",
        "",
        top,
        bottom,
        _ticks(scale, 1, text.count),
        (Curve("stair", "users", step_path(stairs), "users"),),
        (),
        "",
    )


def _gauge_maker(
    family: Gauges, board: BoardSeries, time: Scale
) -> Callable[[float, float], Panel | None]:
    def make(top: float, bottom: float) -> Panel | None:
        names = _gauge_names(family, board.names)
        values = [
            point.gauges[name].mean / family.per_unit
            for point in board.points
            for name in names
            if name in point.gauges
        ]
        if not names or not values:
            return None
        ends = (0.0, 100.0) if family.unit == "%" else round_range(min(values), max(values))
        scale = Scale(*ends, bottom, top)
        curves = tuple(
            Curve(
                "line",
                f"g{number}",
                line_path(_gauge_places(board, name, family, time, scale)),
                _gauge_label(name, family),
            )
            for number, name in enumerate(names)
        )
        ticks = _ticks(scale, 2, text.fixed)
        return Panel(family.title, family.unit, top, bottom, ticks, curves, (), "")

    return make


def _gauge_names(family: Gauges, names: Sequence[str]) -> list[str]:
    """The well-known ones first; what jetproof itself costs and single cores stand elsewhere."""
    found = [
        name
        for name in names
        if name.endswith(family.suffix) and (name in family.first or not name.startswith(OWN_COST))
    ]
    known = [name for name in family.first if name in found]
    rest = [name for name in found if name not in known] if family.unit != "%" else []
    return [*known, *rest][:MAX_CURVES]


def _gauge_label(name: str, family: Gauges) -> str:
    return visible(name.removesuffix(family.suffix).replace("_", " "))


def _gauge_places(
    board: BoardSeries, name: str, family: Gauges, time: Scale, scale: Scale
) -> Iterable[Place]:
    for point in board.points:
        spread = point.gauges.get(name)
        middle_s = point.start_s + point.width_s / 2
        yield (
            None
            if spread is None
            else (time.place(middle_s), scale.place(spread.mean / family.per_unit))
        )


def _tick_ms(value: float) -> str:
    return text.ms(value) if value else "0"


def _tick_rate(value: float) -> str:
    return text.rate(value) if value % 1 else text.count(value)


def _ticks(scale: Scale, steps: int, words: Callable[[float], str]) -> tuple[YTick, ...]:
    values = [scale.low + (scale.high - scale.low) * step / steps for step in range(steps + 1)]
    return tuple(YTick(scale.place(value), words(value)) for value in values)
