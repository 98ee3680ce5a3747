"""A stress with a load beside it, as events: 20 s before, 60 s of stress, 30 s after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.core import script
from tui.core import events as ev
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.run_fold import RunFold
from tui.core.tally import Row

BEGAN_S = 1.0
STRESS_S, AFTER_S, END_S = 20, 80, 110


def facts(**thresholds: Any) -> ev.RunFacts:
    """`thresholds` as in a scenario file; that of p95 is always there."""
    stress = {"before": "20s", "duration": "60s", "after": "30s", "cpu": {}}
    scenario = script.scenario(
        "stress-loaded",
        kind="stress",
        stress=stress,
        load={"users": 20, "spawn_rate": 10.0},
        thresholds={"p95_ms": "< 100", **thresholds},
    )
    return script.facts(scenario=scenario)


def begin(about: ev.RunFacts) -> list[ev.Event]:
    """Up to the first measured second."""
    return [
        ev.RunStarted(at_s=0.0, facts=about),
        ev.WorkBegan(at_s=BEGAN_S),
        ev.PhaseEntered(at_s=BEGAN_S, phase="measuring"),
        ev.StressEntered(at_s=BEGAN_S, part="before"),
    ]


def end() -> list[ev.Event]:
    """The end of the run, when all windows have been told of."""
    return [
        ev.PhaseEntered(at_s=END_S + BEGAN_S, phase="draining"),
        ev.RunEnded(at_s=END_S + BEGAN_S + 3, reason="completed"),
    ]


def told(
    rows: dict[int, Row], disturbed: Sequence[int] = (), *, until_s: int = END_S
) -> Iterator[ev.Event]:
    """Each second's window two seconds late, the engine's clock, and the parts in their time.

    `rows` begin at their keys; `until_s` is when the telling breaks off.
    """
    for at_s in range(until_s + 1):
        if at_s in (STRESS_S, AFTER_S):
            part: Any = "stress" if at_s == STRESS_S else "after"
            yield ev.StressEntered(at_s=at_s + BEGAN_S, part=part)
        late_ms = 40.0 if at_s - 1 in disturbed else 0.2
        yield ev.JitterMeasured(at_s=at_s + BEGAN_S, p99_ms=late_ms, worst_ms=late_ms)
        second = at_s - 3
        if second >= 0:
            row = rows[max(key for key in rows if key <= second)]
            yield script.window(second, row, began_s=BEGAN_S)


def folded(about: ev.RunFacts, *events: ev.Event) -> RunFold:
    """The run, fed with them."""
    fold = RunFold(about)
    for event in (*begin(about), *events):
        fold.apply(event)
    return fold


def state(view: RunView, metric: str) -> LimitState:
    """That threshold."""
    (found,) = [each for each in view.thresholds if each.limit.metric == metric]
    return found
