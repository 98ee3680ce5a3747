from __future__ import annotations

import pytest

from tui.stress.headroom import STEP_MB, Headroom, Step, next_step, rest_s

TOTAL_MB = 8000.0
FLOOR_MB = 800.0


def step(level: float, held: int, available_mb: float, pressure: float | None = 0.0) -> Step:
    return next_step(level, held, FLOOR_MB, Headroom(TOTAL_MB, available_mb, pressure))


def test_it_grows_one_block_at_a_time_to_its_share() -> None:
    # 5 % of 8000 MiB are 25 blocks of 16.
    assert step(0.05, 24, 7000) == Step(1, "grows")
    assert step(0.05, 25, 7000) == Step(0, "at the level")


def test_a_lower_level_gives_back_at_once() -> None:
    assert step(0.05, 100, 6000) == Step(-75, "at the level")
    assert step(0.0, 100, 6000) == Step(-100, "at the level")


def test_below_the_floor_it_gives_back_what_is_missing_at_least() -> None:
    assert step(1.0, 100, FLOOR_MB - 1) == Step(-1, "at the floor", "floor")
    assert step(1.0, 100, FLOOR_MB - STEP_MB - 1) == Step(-2, "at the floor", "floor")
    assert step(1.0, 3, 0.0) == Step(-3, "at the floor", "floor")


def test_the_floor_comes_before_the_level() -> None:
    assert step(0.05, 25, FLOOR_MB - 1) == Step(-1, "at the floor", "floor")


@pytest.mark.parametrize("start_mb", [7000.0, 7007.5, 700.0])
def test_it_comes_to_rest_above_the_floor_and_does_not_swing(start_mb: float) -> None:
    held, steps = 0, []
    for _ in range(1000):
        done = step(1.0, held, start_mb - held * STEP_MB)
        held += done.blocks
        steps.append(done)
    assert steps[-1] == Step(0, "at the floor", "floor")
    assert held == 0 or FLOOR_MB <= start_mb - held * STEP_MB < FLOOR_MB + 2 * STEP_MB
    assert all(one.blocks >= 0 for one in steps)


def test_pressure_stops_growth_and_a_kernel_without_it_does_not() -> None:
    assert step(0.5, 0, 7000, 5.1) == Step(0, "under pressure")
    assert step(0.5, 0, 7000, 5.0) == Step(1, "grows")
    assert step(0.5, 0, 7000, None) == Step(1, "grows")


def test_pressure_hinders_no_giving_back() -> None:
    assert step(0.0, 9, 7000, 50.0).blocks == -9


def test_near_the_floor_it_grows_slowly() -> None:
    assert rest_s(FLOOR_MB, Headroom(TOTAL_MB, 2 * FLOOR_MB)) == 0.0
    assert rest_s(FLOOR_MB, Headroom(TOTAL_MB, 2 * FLOOR_MB - 1)) > 0.0
