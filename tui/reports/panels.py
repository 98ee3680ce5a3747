"""Each chart of a run by itself: latency, throughput, users, and the board where it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.core import format as text
from tui.core.board_series import BoardSeries
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.timeline import Point
from tui.reports.camera_panels import Courses, camera_makers
from tui.reports.gauge_panels import gauge_makers
from tui.reports.health_course import HealthPoint
from tui.reports.panel import OFF_SCALE, Curve, Line, Maker, Panel, Place, ticks_of
from tui.reports.scale import Scale, area_path, line_path, round_up, step_path
from tui.reports.stress_panels import stress_makers


def panels_of(
    view: RunView,
    board: BoardSeries,
    time: Scale,
    top: float,
    gap: float,
    health: Sequence[HealthPoint] = (),
    cameras: Courses | None = None,
) -> tuple[tuple[Panel, ...], float]:
    """The panels from `top` down, and where the last one ends."""
    makers: list[Maker] = []
    if view.points:
        makers += [
            (168, lambda top, bottom: _latency(view, time, top, bottom)),
            (84, lambda top, bottom: _throughput(view.points, time, top, bottom)),
            (44, lambda top, bottom: _users(view.points, time, top, bottom)),
        ]
    if view.stress is not None:
        makers += stress_makers(view.stress, health, time)
    if cameras:
        makers += camera_makers(cameras, time)
    makers += [(64, make) for make in gauge_makers(view.telemetry, board, time)]
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
        ticks_of(scale, 4, _tick_ms),
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
        "throughput",
        "requests/s",
        top,
        bottom,
        ticks_of(scale, 2, _tick_rate),
        tuple(curves),
        (),
        "",
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
        ticks_of(scale, 1, text.count),
        (Curve("stair", "users", step_path(stairs), "users"),),
        (),
        "",
    )


def _tick_ms(value: float) -> str:
    return text.ms(value) if value else "0"


def _tick_rate(value: float) -> str:
    return text.rate(value) if value % 1 else text.count(value)
