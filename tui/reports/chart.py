"""A still chart of a run's latencies, for terminals."""

from __future__ import annotations

from tui.core.format import short_clock
from tui.core.model import RunView
from tui.core.timeline import Point

HEIGHT = 14
_CURVES = (("p50", "."), ("p95", "#"), ("p99", "+"))


def latency_chart(view: RunView, width: int) -> str:
    """p50, p95 and p99 over the run, without colour; empty when there is no course to draw."""
    points = [point for point in view.points if point.p50_ms is not None]
    if len(points) < 2:
        return ""
    # It takes a tenth of a second to import, which no other command should pay.
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, HEIGHT)
    times = [point.start_s for point in points]
    for name, marker in _CURVES:
        values = [_value(point, name) for point in points]
        figure.draw(figure.signal(times, values, marker=marker).lines())
    ticks = [times[0] + (times[-1] - times[0]) * step / 5 for step in range(6)]
    figure.ruler("x").ticks(ticks, [short_clock(tick) for tick in ticks])
    # A legend of its own would lie over the curves.
    legend = "  ".join(f"{marker} {name}" for name, marker in _CURVES)
    figure.title(f"latency in ms  {legend}")
    text = str(plotext.uncolorize(str(figure.build())))
    figure.clear()
    return "\n".join(line.rstrip() for line in text.splitlines())


def _value(point: Point, name: str) -> float:
    value = {"p50": point.p50_ms, "p95": point.p95_ms, "p99": point.p99_ms}[name]
    assert value is not None
    return value
