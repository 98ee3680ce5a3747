"""When a threshold that is broken ends a run at once."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.limits import LimitState

LEAST_RATE_S = 10.0
"""A rate over less time than this aborts no run."""


def first_broken(states: Sequence[LimitState], measured_s: float, counted_s: float) -> str:
    """The first that is broken and has waited its time, in words; empty where none is.

    `measured_s`: how long the measured phase has lasted; `counted_s`: how much of it rates are of.
    """
    for state in states:
        if state.limit.is_floor and counted_s < LEAST_RATE_S:
            continue
        if state.passed is False and measured_s >= state.limit.after_s:
            return f"{state.limit.metric} {state.limit.text}"
    return ""
