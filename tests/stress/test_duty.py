from __future__ import annotations

import random

import pytest

from tui.stress.duty import MAX_OWED_S, PERIOD_S, busy_s, owed_s


@pytest.mark.parametrize("level", [0.0, 0.05, 0.25, 0.5, 0.9, 1.0])
def test_the_mean_is_the_level_though_rounds_overshoot_and_sleep_is_long(level: float) -> None:
    chance = random.Random(1)
    owed = used = passed = 0.0
    for _ in range(600):
        asked = busy_s(level, owed)
        cpu = min(asked + chance.uniform(0, 0.008), PERIOD_S) if asked else 0.0
        wall = max(PERIOD_S + chance.uniform(0, 0.004), cpu)
        owed = owed_s(owed, level, wall, cpu)
        used, passed = used + cpu, passed + wall
    # A whole core for all of the time is out of reach when sleeping costs time.
    assert used / passed == pytest.approx(level, abs=0.01 if level < 1 else 0.03)


def test_a_short_time_without_a_core_is_made_up_for() -> None:
    owed = owed_s(0.0, 0.5, PERIOD_S, 0.0)
    assert busy_s(0.5, owed) == pytest.approx(2 * busy_s(0.5, 0.0))


def test_a_long_time_without_a_core_is_not() -> None:
    owed = 0.0
    for _ in range(1000):
        owed = owed_s(owed, 0.5, PERIOD_S, 0.0)
    assert owed == MAX_OWED_S


def test_too_much_is_followed_by_rest() -> None:
    assert busy_s(0.5, owed_s(0.0, 0.5, PERIOD_S, 2 * PERIOD_S)) == 0.0


def test_no_period_is_more_than_full() -> None:
    assert busy_s(1.0, MAX_OWED_S) == PERIOD_S
