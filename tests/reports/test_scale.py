from __future__ import annotations

import pytest

from tui.reports.scale import (
    Scale,
    area_path,
    line_path,
    round_range,
    round_up,
    step_path,
    time_ticks,
)


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 1), (0.3, 0.4), (1, 1), (7, 8), (99, 100), (101, 200), (4200, 5000)]
)
def test_an_axis_ends_on_a_round_figure(value: float, rounded: float) -> None:
    assert round_up(value) == pytest.approx(rounded)


@pytest.mark.parametrize(("low", "high"), [(50.0, 50.0), (41.3, 77.9), (-5.0, 3.0), (0.0, 0.0)])
def test_a_range_holds_its_figures_and_is_never_empty(low: float, high: float) -> None:
    bottom, top = round_range(low, high)
    assert bottom <= low
    assert top >= high
    assert top > bottom


@pytest.mark.parametrize("length_s", [1.0, 40.0, 300.0, 86_400.0, 86_400.0 * 4])
def test_a_time_axis_has_few_ticks_at_any_length(length_s: float) -> None:
    assert 1 <= len(time_ticks(length_s)) <= 11


def test_a_gap_breaks_a_curve_and_a_lone_point_is_seen() -> None:
    assert line_path([(0, 1), (1, 2), None, (3, 4)]) == "M0 1L1 2M3 4h.1"
    assert area_path([(0, 1), (1, 2)], 9) == "M0 9L0 1L1 2L1 9Z"
    assert step_path([(0, 5, 1), (5, 9, 2)]) == "M0 1H5L5 2H9"


def test_a_figure_beyond_the_axis_lies_on_its_edge() -> None:
    assert Scale(0, 10, 100, 0).place(99) == 0
