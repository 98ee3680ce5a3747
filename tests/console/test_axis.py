"""Axes and courses."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.console.fakes import FakeEngine
from tests.console.runs import Script, scenario
from tui.console.widgets.axis import CALM_S, Scale, axis_total_s, nice_top, time_labels
from tui.console.widgets.braille import curve
from tui.console.widgets.plot import apart
from tui.console.widgets.series import failing_columns, head_column, robust_peak, spread
from tui.core.timeline import Point


def point(start_s: float, p95: float | None, *, rps: float = 10, failures: int = 0) -> Point:
    return Point(start_s, 1, p95, p95, p95, rps, failures, 20, 5)


def p95(of: Point) -> float | None:
    return of.p95_ms


@pytest.mark.parametrize(
    ("needed", "ticks", "top", "step"),
    [(1400, 4, 1500, 500), (2000, 4, 2000, 500), (2702, 4, 3000, 1000), (0.3, 4, 0.3, 0.1)],
)
def test_an_axis_ends_at_a_multiple_of_one_two_or_five(
    needed: float, ticks: int, top: float, step: float
) -> None:
    assert nice_top(needed, ticks) == pytest.approx((top, step))


def test_an_axis_grows_at_once() -> None:
    scale = Scale()
    scale.fit("run", 900, 4, 0)
    assert scale.fit("run", 1800, 4, 1) == (2000, 500)


def test_an_axis_shrinks_only_after_a_calm_while() -> None:
    scale = Scale()
    scale.fit("run", 1800, 4, 0)
    assert scale.fit("run", 300, 4, 1)[0] == 2000
    assert scale.fit("run", 300, 4, CALM_S - 1)[0] == 2000
    assert scale.fit("run", 300, 4, CALM_S + 1)[0] == 300


def test_another_run_starts_with_an_axis_of_its_own() -> None:
    scale = Scale()
    scale.fit("first", 1800, 4, 0)
    assert scale.fit("second", 300, 4, 1)[0] == 300


def test_a_pause_moves_the_time_axis_by_tenths_only() -> None:
    assert axis_total_s(300, 300) == 300
    assert axis_total_s(300, 301) == axis_total_s(300, 329) == 330


def test_time_labels_begin_at_zero_end_with_the_run_and_never_touch() -> None:
    for total_s in (30, 60, 300, 601, 1800, 86_400):
        for columns in (20, 42, 66, 120):
            labels = time_labels(total_s, columns)
            assert labels[0] == (0, "0:00")
            assert labels[-1][0] + len(labels[-1][1]) == columns
            for (start, text), (following, _) in pairwise(labels):
                assert start + len(text) < following


def test_points_in_one_column_are_averaged_by_their_requests() -> None:
    values = spread([point(0, 100, rps=30), point(1, 200, rps=10)], p95, 10, 5)
    assert values[0] == pytest.approx(125)
    assert values[1] is None


def test_a_second_without_answers_is_a_gap() -> None:
    values = spread([point(0, 100), point(1, None), point(2, 300)], p95, 10, 10)
    assert values[:3] == [pytest.approx(100), None, pytest.approx(300)]


def test_failures_are_counted_where_they_happened() -> None:
    points = [point(second, 100, failures=second == 7) for second in range(9)]
    assert failing_columns(points, 10, 20) == {14}
    assert head_column(points, 10, 20) == 18


def test_the_cold_first_second_does_not_flatten_the_whole_chart() -> None:
    points = [point(0, 9000.0), *(point(second, 400.0) for second in range(1, 60))]
    assert robust_peak(points, p95, 0.98) == 400


def test_a_rise_in_the_last_seconds_is_on_the_axis_at_once() -> None:
    points = [*(point(second, 400.0) for second in range(60)), point(60, 2000.0)]
    assert robust_peak(points, p95, 0.9) == 2000


def test_a_curve_joins_its_neighbours_and_leaves_gaps_open() -> None:
    dots = curve([0.0, 1.0, None, 0.0], rows=4)
    assert {row for column, row in dots if column == 0} == {0, 1, 2, 3}
    assert {row for column, row in dots if column == 1} == {3}


def test_head_figures_never_share_a_row() -> None:
    assert apart([5, 5, 5], 1, 9) == [3, 4, 5]
    assert apart([1, 1, 1], 1, 9) == [1, 2, 3]
    assert apart([2, 6, 9], 1, 9) == [2, 6, 9]


def test_a_long_run_still_ends_at_the_right_edge() -> None:
    engine = FakeEngine().play(Script(scenario(minutes=10)).until(500))
    run = engine.snapshot().run
    assert run is not None
    assert head_column(run.points, 600, 60) == pytest.approx(50, abs=1)
