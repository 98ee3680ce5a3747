"""A burner's level in words: one figure, or one for each step where the steps differ."""

from __future__ import annotations

from tui.core.format import percent
from tui.core.stress.view import BurnerView, Level

MOST_LEVELS = 8


def asked_text(burner: BurnerView) -> str:
    """`75`, or of a stepped burner `25 · 50 · 75 · 100`: percent, without the sign."""
    if not is_stepped(burner):
        return percent(burner.mean_asked)
    return _joined([percent(level.asked) for level in burner.levels])


def reached_text(burner: BurnerView) -> str:
    """The same of what was reached."""
    if not is_stepped(burner):
        return percent(burner.mean_reached)
    return _joined([percent(level.reached) for level in burner.levels])


def is_stepped(burner: BurnerView) -> bool:
    """Whether its steps asked for different levels: a mean over them says nothing."""
    return len({percent(level.asked) for level in burner.levels}) > 1


def highest(burner: BurnerView) -> Level | None:
    """The step that asked for most, the last of several; None without any."""
    return max(burner.levels, key=lambda level: (level.asked, level.step), default=None)


def _joined(figures: list[str]) -> str:
    if len(figures) <= MOST_LEVELS:
        return " · ".join(figures)
    return f"{figures[0]} … {figures[-1]} in {len(figures)} steps"
