"""Runs of a workflow under load written down as events, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tests.core import script
from tests.lib import workflows
from tui.core import events as ev
from tui.core.limits import Limit
from tui.core.load import Load
from tui.core.scenario import Scenario

LOAD = Load(
    users=20,
    spawn_rate=10.0,
    duration_s=0.0,
    locustfile="users.py",
    user_classes={},
    warm_up_s=None,
    timeout_s=10.0,
    slow_ms=1000.0,
    goes_on=True,
)
LIMITS = (
    Limit("completion_rate", ">=", 1.0),
    Limit("p95_ms", "<", 2000.0),
    Limit("error_rate", "<", 0.01),
)
BEGAN_S = 3.0
"""When the first round begins: the level is reached."""


def scenario(limits: Sequence[Limit] = LIMITS, load: Load = LOAD) -> Scenario:
    """Three rounds of a picture's way under twenty users."""
    return msgspec.structs.replace(workflows.scenario(limits=limits), load=load)


def facts(**keys: Any) -> ev.RunFacts:
    return workflows.facts(scenario=scenario(**keys))


def going(*latencies_ms: float, made: ev.RunFacts | None = None) -> list[ev.Event]:
    """Up to the third step of the second round; each second so many requests were answered."""
    made = facts() if made is None else made
    return [
        *script.beginning(made),
        *_windows(made, latencies_ms or (100.0,) * 20, 1),
        *workflows.round_events(1, at_s=BEGAN_S),
        *workflows.round_events(2, at_s=BEGAN_S + 1)[:6],
    ]


def whole(
    *latencies_ms: float,
    failed: str = "",
    lag_ms: float = 1.0,
    made: ev.RunFacts | None = None,
    reason: ev.EndReason = "completed",
) -> list[ev.Event]:
    """A whole run; the step called `failed` fails in the second round."""
    made = facts() if made is None else made
    events = script.beginning(made)
    for number in (1, 2, 3):
        bad = failed if number == 2 else ""
        events += workflows.round_events(number, bad, at_s=BEGAN_S + number)
    events += _windows(made, latencies_ms or (100.0,) * 20, 8, lag_ms)
    events.append(ev.WorkflowEnded(at_s=12.0))
    return [*events, *script.ending(13.0, reason)]


def _windows(
    made: ev.RunFacts, latencies_ms: Sequence[float], seconds: int, lag_ms: float = 1.0
) -> list[ev.Event]:
    limits = script.percentiles(made.scenario)
    row = script.row(latencies_ms, limits=limits)
    return [script.window(2 + second, row, lag_ms=lag_ms) for second in range(seconds)]
