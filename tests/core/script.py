"""Runs written down as events, for tests: a line per second, as an engine would emit them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from tui.core import events as ev
from tui.core.config import Mix, Target
from tui.core.histogram import bucket_of
from tui.core.limits import Limit, counted_limits
from tui.core.model import RunView
from tui.core.run_fold import RunFold
from tui.core.scenario import Scenario, parse_scenario
from tui.core.tally import MEASURED, Row

RunMaker = Callable[[ev.RunFacts], list[ev.Event]]

DEMO = Target("demo", "demo:")
LOCAL = Target("local", "http://127.0.0.1:8000", token="env:JETPROOF_TOKEN")
STARTED_AT = 1_750_000_000.0


def table(**sections: Any) -> dict[str, Any]:
    """A decoded scenario file; sections replace the usual ones."""
    usual: dict[str, Any] = {
        "kind": "load",
        "title": "Standard",
        "load": {"users": 20, "spawn_rate": 10.0, "duration": "5m"},
        "thresholds": {"p95_ms": "< 2000", "error_rate": "< 0.01"},
    }
    return {**usual, **sections}


def scenario(name: str = "standard", **sections: Any) -> Scenario:
    return parse_scenario(PurePath(f"{name}.toml"), table(**sections), {})


STANDARD = scenario()


def facts(
    run_id: str = "r1",
    *,
    scenario: Scenario = STANDARD,
    target: Target = DEMO,
    started_at: float = STARTED_AT,
) -> ev.RunFacts:
    return ev.RunFacts(
        id=run_id,
        session_id="s1",
        scenario=scenario,
        target=target,
        url="http://127.0.0.1:40001" if target.is_demo else target.url,
        mix=Mix(),
        workers=1,
        device=ev.Device("Jetson Orin Nano", 6, 7620, "3.10.12", "sysfs"),
        version="0.1.0",
        config_sha256="c0ffee",
        started_at=started_at,
    )


def row(
    latencies_ms: Sequence[float],
    *,
    failed_ms: Sequence[float] = (),
    untimed: int = 0,
    phase: int = MEASURED,
    name: str = "/predict",
    limits: Sequence[Limit] = (),
) -> Row:
    """One endpoint's second; `latencies_ms` are the successful ones."""
    timed = [*latencies_ms, *failed_ms]
    buckets: dict[int, int] = {}
    failed: dict[int, int] = {}
    for ms in timed:
        buckets[bucket_of(ms)] = buckets.get(bucket_of(ms), 0) + 1
    for ms in failed_ms:
        failed[bucket_of(ms)] = failed.get(bucket_of(ms), 0) + 1
    return Row(
        method="POST",
        name=name,
        phase=phase,
        requests=len(timed) + untimed,
        failures=len(failed_ms) + untimed,
        sum_ms=sum(timed),
        min_ms=min(timed, default=float("inf")),
        max_ms=max(timed, default=0.0),
        buckets=buckets,
        failed_buckets=failed,
        over=[sum(not limit.holds_for(ms) for ms in timed) for limit in limits],
    )


def window(
    second: int,
    *rows: Row,
    failures: Sequence[ev.FailureCount] = (),
    slow: Sequence[ev.SlowRequest] = (),
    lag_ms: float = 1.0,
    cpu_percent: float | None = 30.0,
    began_s: float = 1.0,
) -> ev.WindowClosed:
    return ev.WindowClosed(
        at_s=began_s + second + 2,
        second=second,
        rows=list(rows),
        failures=list(failures),
        slow=list(slow),
        users=20,
        in_flight=3,
        oldest_s=0.1,
        lag_p99_ms=lag_ms,
        generator_cpu_percent=cpu_percent,
    )


def beginning(facts: ev.RunFacts, *, warm_up_s: float = 2.0) -> list[ev.Event]:
    """Up to the measured phase. The load begins one second into the run."""
    return [
        ev.RunStarted(at_s=0.0, facts=facts),
        ev.TargetProbed(at_s=0.2, answered=True, detail="200 OK", ms=12.0),
        ev.WorkersJoined(at_s=0.9, names=["w1"]),
        ev.WorkBegan(at_s=1.0),
        ev.PhaseEntered(at_s=1.0, phase="warm-up"),
        ev.LevelReached(at_s=1.0 + warm_up_s, users=20),
        ev.PhaseEntered(at_s=1.0 + warm_up_s, phase="measuring"),
    ]


def sample(at_s: float, **gauges: float) -> ev.BoardSampled:
    readings = {name: ev.Reading(value, "sysfs") for name, value in gauges.items()}
    return ev.BoardSampled(at_s=at_s, readings=readings)


def reported(at_s: float, *, silent_s: float = 0.1, oldest_s: float = 0.2) -> ev.LoadReported:
    return ev.LoadReported(at_s=at_s, users=20, in_flight=4, oldest_s=oldest_s, silent_s=silent_s)


def ending(at_s: float, reason: ev.EndReason = "completed", detail: str = "") -> list[ev.Event]:
    return [
        ev.PhaseEntered(at_s=at_s, phase="draining"),
        reported(at_s + 0.2),
        ev.DrainEnded(at_s=at_s + 0.5, unfinished=0),
        ev.CleanedUp(at_s=at_s + 0.8, created=4, deleted=4, left=0),
        ev.ReportsCounted(at_s=at_s + 0.8, received=40, lost=0),
        ev.RunEnded(at_s=at_s + 1.0, reason=reason, detail=detail),
    ]


def whole_run(
    facts: ev.RunFacts,
    *rows: Row,
    reason: ev.EndReason = "completed",
    detail: str = "",
    lag_ms: float = 1.0,
    seconds: int = 10,
) -> list[ev.Event]:
    """A run whose every measured second held `rows`."""
    events = beginning(facts)
    for second in range(2, 2 + seconds):
        failed = [
            ev.FailureCount("POST", one.name, "5xx", "HTTP 503", MEASURED, one.failures, "busy")
            for one in rows
            if one.failures
        ]
        slow = [ev.SlowRequest("POST", one.name, one.max_ms, second + 0.5) for one in rows]
        events.append(sample(second + 1.5, cpu_percent=40.0, console_cpu_percent=4.0))
        events.append(window(second, *rows, failures=failed, slow=slow, lag_ms=lag_ms))
        events.append(reported(second + 3.1))
    return events + ending(3.0 + seconds, reason, detail)


def good_run(facts: ev.RunFacts) -> list[ev.Event]:
    return whole_run(facts, row([100.0] * 45 + [900.0], limits=percentiles(facts.scenario)))


def failing_run(facts: ev.RunFacts) -> list[ev.Event]:
    limits = percentiles(facts.scenario)
    return whole_run(facts, row([2500.0] * 40, failed_ms=[3.0] * 5, limits=limits))


def invalid_run(facts: ev.RunFacts) -> list[ev.Event]:
    rows = row([100.0] * 20, limits=percentiles(facts.scenario))
    return whole_run(facts, rows, lag_ms=400.0)


def empty_run(facts: ev.RunFacts) -> list[ev.Event]:
    return whole_run(facts)


def cut_short_run(facts: ev.RunFacts) -> list[ev.Event]:
    rows = row([100.0] * 20, limits=percentiles(facts.scenario))
    return whole_run(facts, rows, reason="stopped", detail="interrupted by SIGINT")


def unsent_run(facts: ev.RunFacts) -> list[ev.Event]:
    return whole_run(facts, row([], untimed=7, limits=percentiles(facts.scenario)))


def percentiles(scenario: Scenario) -> list[Limit]:
    """The limits that workers count, in the order of the tally's columns."""
    every = (*scenario.thresholds, *scenario.goals)
    return list(counted_limits(every))


def view_of(events: Sequence[ev.Event]) -> RunView:
    """The run as it looks at its last event."""
    started = events[0]
    assert isinstance(started, ev.RunStarted)
    fold = RunFold(started.facts)
    for event in events:
        fold.apply(event)
    return fold.view(events[-1].at_s)


class Run(NamedTuple):
    """A run's facts and all that happened in it."""

    facts: ev.RunFacts
    events: list[ev.Event]


def run(
    run_id: str,
    make: RunMaker = good_run,
    *,
    scenario: Scenario = STANDARD,
    target: Target = DEMO,
    hour: int = 0,
) -> Run:
    """A run that began in that hour."""
    started_at = STARTED_AT + 3600 * hour
    about = facts(run_id, scenario=scenario, target=target, started_at=started_at)
    return Run(about, make(about))
