"""Of what the limits of a scenario with a stress are."""

from __future__ import annotations

from tui.core.limits import OTHER_METRICS
from tui.core.scenario import Scenario


def is_judged_under_stress(scenario: Scenario) -> bool:
    """Whether it has limits of requests, and those are of the requests under stress alone."""
    if scenario.stress is None:
        return False
    limits = (*scenario.thresholds, *scenario.goals)
    return any(limit.metric not in OTHER_METRICS for limit in limits)
