"""A burner's level in words."""

from __future__ import annotations

import pytest

from tui.core.stress.levels import asked_text, highest, is_stepped, reached_text
from tui.core.stress.view import BurnerView, Level


def burner(*levels: tuple[float, float]) -> BurnerView:
    steps = tuple(Level(step, asked, got) for step, (asked, got) in enumerate(levels))
    return BurnerView("cpu", "share", mean_asked=0.62, mean_reached=0.58, levels=steps)


@pytest.mark.parametrize(
    ("levels", "asked", "reached"),
    [
        ((), "62", "58"),
        (((1.0, 0.97), (1.0, 0.95)), "62", "58"),
        (((0.25, 0.25), (0.5, 0.5), (1.0, 0.97)), "25 · 50 · 100", "25 · 50 · 97"),
        (
            [(step / 20, step / 25) for step in range(1, 21)],
            "5.0 … 100 in 20 steps",
            "4.0 … 80 in 20 steps",
        ),
    ],
)
def test_it_is_a_figure_for_each_step_where_steps_differ(
    levels: tuple[tuple[float, float], ...], asked: str, reached: str
) -> None:
    one = burner(*levels)
    assert asked_text(one) == asked
    assert reached_text(one) == reached


def test_the_highest_step_is_the_last_that_asked_for_most() -> None:
    assert highest(burner()) is None
    found = highest(burner((0.5, 0.5), (1.0, 0.97), (0.25, 0.25), (1.0, 0.9)))
    assert found is not None
    assert found.step == 3


def test_steps_of_the_same_level_are_none() -> None:
    assert not is_stepped(burner((1.0, 0.9), (1.0, 0.5)))
    assert is_stepped(burner((0.5, 0.5), (1.0, 1.0)))
