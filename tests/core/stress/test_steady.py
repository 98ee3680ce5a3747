from __future__ import annotations

import random
from collections.abc import Callable
from math import exp

import pytest

from tui.core.events import Reading
from tui.core.stress.steady import LEAST_S, STEEPEST_C_PER_MIN, WINDOW_S, SteadyFold

Course = Callable[[float], float]


def warming(rise_c: float, slow_s: float) -> Course:
    return lambda at_s: 45 + rise_c * (1 - exp(-at_s / slow_s))


def steady_after(
    course: Course,
    *,
    step_c: float = 0.031,
    noise_c: float = 0.1,
    every_s: float = 1.0,
    length_s: float = 2400.0,
    began_s: float = 60.0,
    source: str = "sysfs",
    age_s: float = 0.0,
) -> float | None:
    fold, dice = SteadyFold(began_s), random.Random(2)
    for number in range(int(length_s / every_s)):
        at_s = number * every_s
        value_c = round((course(at_s) + dice.gauss(0, noise_c)) / step_c) * step_c
        fold.add(began_s + at_s, {"tj_c": Reading(value_c, source, age_s=age_s)})
    return fold.after_s


@pytest.mark.parametrize("step_c", [0.031, 0.5, 1.0])
@pytest.mark.parametrize(("rise_c", "slow_s"), [(30, 60), (30, 180), (20, 30), (12, 300)])
def test_a_board_is_steady_when_it_hardly_warms_any_more(
    rise_c: float, slow_s: float, step_c: float
) -> None:
    after_s = steady_after(warming(rise_c, slow_s), step_c=step_c)
    assert after_s is not None
    still_c_per_min = rise_c / slow_s * 60 * exp(-after_s / slow_s)
    assert still_c_per_min < 1.5 * STEEPEST_C_PER_MIN
    # What it found is what has been for a while, not what will be.
    began_c_per_min = rise_c / slow_s * 60 * exp(-(after_s - WINDOW_S) / slow_s)
    assert began_c_per_min > 0.5 * STEEPEST_C_PER_MIN


@pytest.mark.parametrize("slope_c_per_min", [-2.0, 1.0, 3.0])
@pytest.mark.parametrize("step_c", [0.031, 1.0])
def test_a_board_that_warms_or_cools_is_never_steady(slope_c_per_min: float, step_c: float) -> None:
    assert steady_after(lambda at_s: 60 + slope_c_per_min * at_s / 60, step_c=step_c) is None


def test_nothing_is_steady_within_a_minute() -> None:
    after_s = steady_after(lambda at_s: 50.0, noise_c=0.2)
    assert after_s is not None
    assert LEAST_S <= after_s < 1.2 * LEAST_S


@pytest.mark.parametrize("every_s", [0.5, 1.0, 3.0, 10.0])
def test_a_sensor_in_whole_degrees_needs_the_whole_window(every_s: float) -> None:
    after_s = steady_after(lambda at_s: 50.0, step_c=1.0, noise_c=0.0, every_s=every_s)
    assert after_s is not None
    assert WINDOW_S <= after_s <= WINDOW_S + 3 * every_s + 2


def test_a_fan_that_wavers_is_steady() -> None:
    assert steady_after(lambda at_s: 70 + 0.8 * ((at_s // 20) % 2)) is not None


@pytest.mark.parametrize(("source", "age_s"), [("replay", 0.0), ("sysfs", 20.0)])
def test_a_replayed_or_stale_sensor_is_never_steady(source: str, age_s: float) -> None:
    assert steady_after(lambda at_s: 50.0, source=source, age_s=age_s) is None


def test_an_absent_sensor_is_never_steady() -> None:
    fold = SteadyFold(0.0)
    for at_s in range(600):
        fold.add(at_s, {"tj_c": Reading(None, "sysfs", "no such zone")})
        fold.add(at_s, {})
    assert fold.after_s is None


def test_a_sensor_that_was_away_starts_anew() -> None:
    fold = SteadyFold(0.0)
    for at_s in (*range(100), *range(200, 400)):
        fold.add(at_s, {"hottest_c": Reading(50.0, "sysfs")})
    assert fold.after_s == pytest.approx(200 + WINDOW_S, abs=5)


def test_the_first_time_stands() -> None:
    fold = SteadyFold(0.0)
    for at_s in range(600):
        fold.add(at_s, {"tj_c": Reading(50.0 + max(at_s - 300, 0), "sysfs")})
    assert fold.after_s == pytest.approx(WINDOW_S, abs=5)
