"""How long to burn in each period so that the mean is what was asked. Pure arithmetic."""

from __future__ import annotations

PERIOD_S = 0.1
MAX_OWED_S = 0.5
"""What is carried from period to period, at most: after a long time without a core there is no
long time at full speed."""


def busy_s(level: float, owed_s: float) -> float:
    """CPU seconds to use in the coming period, 0 to PERIOD_S."""
    return min(max(level * PERIOD_S + owed_s, 0.0), PERIOD_S)


def owed_s(before_s: float, level: float, wall_s: float, cpu_s: float) -> float:
    """CPU seconds that are still to be used (negative: used too many), after `wall_s` seconds at
    this level in which the process used `cpu_s`."""
    return min(max(before_s + level * wall_s - cpu_s, -MAX_OWED_S), MAX_OWED_S)
