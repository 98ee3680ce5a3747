"""The board's last minute as the console keeps it."""

from __future__ import annotations

import pytest

from tui.console.widgets.spark import shares
from tui.console.widgets.trail import Trail
from tui.core.events import Reading

START = 1_790_000_040
"""The beginning of a minute."""


def filled(seconds: int) -> Trail:
    trail = Trail()
    for second in range(seconds):
        trail.take(START + second, {"tj_c": Reading(float(second), "sysfs")})
    return trail


def test_every_part_holds_the_mean_of_its_seconds() -> None:
    assert filled(6).course("tj_c", 20)[:3] == [1.0, 4.0, None]


def test_the_newest_overwrites_the_oldest_and_a_gap_runs_before_it() -> None:
    course = filled(66).course("tj_c", 20)
    assert course[:4] == [61.0, 64.0, None, 10.0]
    assert course[19] == 58.0


def test_only_a_minute_is_kept_and_the_same_second_counts_once() -> None:
    trail = filled(600)
    trail.take(START + 599, {"tj_c": Reading(-1.0, "sysfs")})
    known = [value for value in trail.course("tj_c", 60) if value is not None]
    assert len(known) == 59
    assert min(known) == 541.0


def test_what_could_not_be_read_leaves_a_hole() -> None:
    trail = Trail()
    trail.take(START, {"tj_c": Reading(5.0, "sysfs")})
    trail.take(START + 1, {"tj_c": Reading(None, "sysfs", "gone")})
    trail.take(START + 2, {})
    assert trail.course("tj_c", 60)[:3] == [5.0, None, None]
    assert trail.course("power_mw", 60) == [None] * 60


@pytest.mark.parametrize(
    ("values", "top", "span", "wanted"),
    [
        ([0.0, 50.0, None], 100.0, None, [0.0, 0.5, None]),
        ([2.0, 4.0], None, None, [0.5, 1.0]),
        ([60.0, 61.0], None, 8.0, [0.4375, 0.5625]),
        ([50.0, 70.0], None, 8.0, [0.0, 1.0]),
        ([None], None, None, [None]),
        ([0.0], None, None, [0.0]),
    ],
)
def test_heights_are_from_zero_or_around_the_values(
    values: list[float | None], top: float | None, span: float | None, wanted: list[float | None]
) -> None:
    assert shares(values, top, span) == wanted
