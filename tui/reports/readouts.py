"""What a pointer reads on the charts of a run, at each place of its time axis."""

from __future__ import annotations

from tui.core import format as text
from tui.core.board_series import BoardSeries
from tui.core.model import RunView
from tui.core.stress.view import StressPoint
from tui.core.timeline import Point
from tui.reports.scale import Scale
from tui.reports.stress_words import said

HEAT = ("tj_c", "hottest_c")
Readout = tuple[float, str]


def readouts_of(view: RunView, board: BoardSeries, time: Scale) -> tuple[Readout, ...]:
    """The load's figures; of a run without a load what was burnt, and how hot it was."""
    if view.facts.scenario.load is not None or view.stress is None:
        return tuple(_readout(point, time) for point in view.points)
    heat = {int(point.start_s): point.gauges for point in board.points}
    found = []
    for point in view.stress.points:
        gauges = heat.get(int(point.at_s), {})
        hottest = next((gauges[name].max for name in HEAT if name in gauges), None)
        tj = [] if hottest is None else [f"{text.fixed(hottest, 1)} °C"]
        parts = [text.clock(point.at_s), *_levels(point), *tj]
        found.append((time.place(point.at_s), "   ".join(parts)))
    return tuple(found)


def _levels(point: StressPoint) -> list[str]:
    return [
        f"{said(name)} {text.percent(point.reached.get(name))} of {text.percent(asked)} %"
        for name, asked in point.asked.items()
    ]


def _readout(point: Point, time: Scale) -> tuple[float, str]:
    parts = [
        text.clock(point.start_s),
        f"p50 {text.ms(point.p50_ms)}  p95 {text.ms(point.p95_ms)}  p99 {text.ms(point.p99_ms)} ms",
        f"{text.rate(point.rps)} rps",
        f"{text.count(point.failures)} failed",
        text.counted(point.users, "user"),
    ]
    return time.place(point.start_s + point.width_s / 2), "   ".join(parts)
