"""The run's points spread over the columns of a chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tui.core.board_series import BoardPoint
from tui.core.stress.view import StressPoint
from tui.core.timeline import Point

Pick = Callable[[Point], "float | None"]
_Weighed = tuple[float, float, "float | None", float]
"""From and width in seconds, a value, and how much it weighs."""


def spread(points: Sequence[Point], pick: Pick, total_s: float, columns: int) -> list[float | None]:
    """For each column the mean of the points in it, each by its requests; None where none is."""
    weighed = (
        (point.start_s, point.width_s, pick(point), max(point.rps, 1e-6)) for point in points
    )
    return _spread(weighed, total_s, columns)


def spread_gauge(
    points: Sequence[BoardPoint], gauge: str, total_s: float, columns: int
) -> list[float | None]:
    """For each column the mean of one of the board's gauges; None where it had no value."""
    weighed = ((point.start_s, point.width_s, mean_of(point, gauge), 1.0) for point in points)
    return _spread(weighed, total_s, columns)


def spread_shares(
    points: Sequence[tuple[float, float, StressPoint]],
    pick: Callable[[StressPoint], float | None],
    total_s: float,
    columns: int,
) -> list[float | None]:
    """For each column the mean of a burner's shares; each point with its begin and width."""
    weighed = ((start_s, width_s, pick(point), 1.0) for start_s, width_s, point in points)
    return _spread(weighed, total_s, columns)


def mean_of(point: BoardPoint, gauge: str) -> float | None:
    """The gauge's mean in this step; None where it had no value."""
    held = point.gauges.get(gauge)
    return None if held is None else held.mean


def _spread(points: Iterable[_Weighed], total_s: float, columns: int) -> list[float | None]:
    sums = [0.0] * columns
    weights = [0.0] * columns
    for start_s, width_s, value, weighs in points:
        if value is None:
            continue
        begin = start_s / total_s * columns
        end = (start_s + width_s) / total_s * columns
        for column in range(max(int(begin), 0), min(int(end) + 1, columns)):
            share = min(end, column + 1) - max(begin, column)
            if share > 1e-9:
                weight = share * weighs
                sums[column] += value * weight
                weights[column] += weight
    return [total / weight if weight else None for total, weight in zip(sums, weights, strict=True)]


def failing_columns(points: Sequence[Point], total_s: float, columns: int) -> set[int]:
    """Columns in which a request failed."""
    return {
        min(int(point.start_s / total_s * columns), columns - 1)
        for point in points
        if point.failures and point.start_s < total_s
    }


def head_column(
    points: Sequence[Point] | Sequence[BoardPoint], total_s: float, columns: int
) -> int:
    """The column behind the newest point."""
    if not points:
        return 0
    end_s = points[-1].start_s + points[-1].width_s
    return min(int(end_s / total_s * columns + 0.999), columns)


def robust_peak(points: Sequence[Point], pick: Pick, share: float) -> float:
    """What an axis should hold: nearly all of the course, and all of its last five points.

    The cold first requests of a run must not flatten the rest of it.
    """
    values = sorted(value for point in points if (value := pick(point)) is not None)
    if not values:
        return 0.0
    newest = max((pick(point) or 0.0 for point in points[-5:]), default=0.0)
    if len(values) < 20:
        return values[-1]
    return max(values[min(int(len(values) * share), len(values) - 1)], newest)
