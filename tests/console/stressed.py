"""Scripted runs with a stress: what their screens stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import msgspec

from tests.console.fakes import FakeEngine
from tests.console.runs import CATALOGUE, Script, orin
from tests.console.sight import scene
from tui.console.scene import Scene
from tui.core import events as ev
from tui.core.scenario import Scenario, parse_scenario
from tui.core.stress.view import (
    BurnerView,
    Change,
    FaultView,
    FoundLimit,
    HealthView,
    PartView,
    Price,
    Recovery,
    StressView,
)

BEFORE_S, STRESS_S, AFTER_S = 20.0, 120.0, 60.0
LOAD = {"users": 20, "spawn_rate": 10.0}


def stress_scenario(name: str = "stress-cpu", *, load: bool = False, **changes: Any) -> Scenario:
    """Four steps of two minutes; `changes` replace keys of [stress]."""
    stress: dict[str, Any] = {
        "before": "20s",
        "duration": "2m",
        "after": "60s",
        "steps_percent": [25, 50, 75, 100],
        "cpu": {},
        **changes,
    }
    data: dict[str, Any] = {
        "kind": "stress",
        "title": "CPU",
        "summary": "Every spare core busy.",
        "stress": {key: value for key, value in stress.items() if value is not None},
        "thresholds": {"recovery_s": "< 60", "outage_s": "< 5"},
    }
    if load:
        data["load"] = {**LOAD, "locustfile": "users.py"}
        data["thresholds"]["p95_ms"] = "< 2000"
    return parse_scenario(PurePath(f"{name}.toml"), data, {})


CPU = stress_scenario()
MIXED = stress_scenario(
    "stress-mixed", memory={"level_percent": 40}, storage={"pattern": "mixed"}, network={}
)
LOADED = stress_scenario("stress-loaded", load=True)
STRESSES = (CPU, MIXED, LOADED)


def second(name: str, asked: float, reached: float, **figures: float | str) -> ev.BurnerSecond:
    """One second of a burner."""
    return ev.BurnerSecond(name, "share of a core", asked, reached, 11_588, 0, figures)


FIGURES: dict[str, dict[str, float | str]] = {
    "cpu": {"rounds_per_s": 1204.0},
    "memory": {"held_mb": 2992.0, "available_mb": 1204.0},
    "storage": {"write_mb_per_s": 210.0, "iops": 1118.0, "fsync_p99_us": 5400.0},
    "network": {"mbit_per_s": 377.0, "jitter_us": 210.0, "path": "loopback: no wire"},
}


def stress_events(what: Scenario, seconds: int) -> Iterator[ev.Event]:
    """So many seconds of a run that only burns; its work begins at once."""
    assert what.stress is not None
    facts = Script(CATALOGUE[0]).facts()
    yield ev.RunStarted(at_s=0.0, facts=msgspec.structs.replace(facts, scenario=what))
    yield ev.TargetProbed(at_s=0.1, answered=True, detail="200", ms=12.0)
    yield ev.WorkBegan(at_s=1.0)
    yield ev.PhaseEntered(at_s=1.0, phase="measuring")
    for number in range(seconds):
        yield from _second(what, number)


def _second(what: Scenario, number: int) -> Iterator[ev.Event]:
    assert what.stress is not None
    stress, at_s = what.stress, number + 1.0
    begin_s, end_s = stress.before_s, stress.before_s + stress.duration_s
    if number == 0:
        yield ev.StressEntered(at_s=at_s, part="before")
    elif number == begin_s:
        yield ev.StressEntered(at_s=at_s, part="stress")
    elif number == end_s:
        for plan in stress.burners:
            yield ev.BurnerEnded(at_s=at_s, name=str(plan.__struct_config__.tag), verified=99_000)
        yield ev.StressEntered(at_s=at_s, part="after")
    if begin_s <= number < end_s:
        yield from _burnt(what, number - begin_s, at_s)
    yield ev.HealthProbed(at_s=at_s + 0.5, sent_s=at_s + 0.49, ms=12.0)
    tj = 50.0 + (number - begin_s) * 0.15 if number > begin_s else 50.0
    yield ev.BoardSampled(at_s=at_s + 0.9, readings=orin(number, tj=tj))


def _burnt(what: Scenario, lasted_s: float, at_s: float) -> Iterator[ev.Event]:
    assert what.stress is not None
    step = what.stress.step_at(lasted_s)
    if lasted_s == 0 or step != what.stress.step_at(lasted_s - 1):
        yield ev.StressStepped(at_s=at_s, step=step)
    share = what.stress.share_at(lasted_s)
    burners = []
    for plan in what.stress.burners:
        name = str(plan.__struct_config__.tag)
        asked = share * plan.level
        burners.append(second(name, asked, asked * 0.98, **FIGURES.get(name, {})))
    if burners:
        yield ev.BurnersReported(at_s=at_s + 0.99, burners=burners)


def stress_ending(seconds: int, reason: ev.EndReason = "completed") -> Iterator[ev.Event]:
    """The verdict, so many seconds after the work began."""
    yield ev.PhaseEntered(at_s=seconds + 1.0, phase="cleaning")
    yield ev.RunEnded(at_s=seconds + 1.5, reason=reason)


def burning(what: Scenario = CPU, seconds: int = 90) -> FakeEngine:
    """In the midst of the stress, unless told otherwise."""
    return FakeEngine().play(stress_events(what, seconds))


def over(what: Scenario = CPU) -> FakeEngine:
    """All three parts, and the verdict."""
    assert what.stress is not None
    seconds = int(what.stress.total_s)
    return FakeEngine().play([*stress_events(what, seconds), *stress_ending(seconds)])


def frame(engine: FakeEngine, what: Scenario = CPU, **changes: Any) -> Scene:
    """A frame of the Bench with the stresses in its list."""
    changes.setdefault("view", "stress")
    return scene(engine, selected=what.id, scenarios=(*CATALOGUE, *STRESSES), **changes)


def with_stress(shown: Scene, **changes: Any) -> Scene:
    """The same frame with other facts of the stress, as its fold would have them."""
    assert shown.run is not None
    assert shown.run.stress is not None
    stress = msgspec.structs.replace(shown.run.stress, **changes)
    return with_run(shown, stress=stress)


def with_run(shown: Scene, **changes: Any) -> Scene:
    """The same frame with another run."""
    assert shown.run is not None
    run = msgspec.structs.replace(shown.run, **changes)
    return msgspec.structs.replace(shown, snapshot=msgspec.structs.replace(shown.snapshot, run=run))


TELLING = StressView(
    part=None,
    step=3,
    left_s=0.0,
    burners=(
        BurnerView(
            "cpu",
            "share of a core",
            mean_asked=0.6,
            mean_reached=0.58,
            verified=85_923,
            totals={"rounds": 43_155.0},
        ),
        BurnerView("gpu", "share of the time", why_not="neither trtexec nor gpu-burn is installed"),
    ),
    parts=(
        PartView("before", 0.0, 20.0),
        PartView("stress", 20.0, 140.0),
        PartView("after", 140.0, 200.0),
    ),
    changes=(Change("p95_ms", "stress", 1.4, 1.2, 1.7), Change("p95_ms", "after", 1.0)),
    health=HealthView(132, 129, 12.0, 9.0, 18.0, 60.0, ((40.0, 43.0),), 3.0, "HTTP 503"),
    recovery=Recovery(140.0, "load", recovered_s=4.0, lost_requests=7),
    limits=(
        FoundLimit("connections", 1020.0, by="the service refused"),
        FoundLimit("threads", 4096.0, by="our own cap of 4096", is_own_cap=True),
    ),
    faults=(FaultView("network", "latency 200 ms", 80.0, 95.0),),
    price=Price(
        tj_before_c=50.0,
        tj_max_c=71.2,
        power_mean_mw=15_200.0,
        energy_j=1824.0,
        written_bytes=500_000_000,
        memory_least_mb=1200.0,
    ),
)
"""An ended one that has everything to tell."""
