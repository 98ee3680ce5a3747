"""Runs for the forms of a report: an evil one, a staged one."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import msgspec

from tests.core import script
from tui.core import events as ev
from tui.core.config import Site
from tui.core.limits import Limit, LimitState
from tui.core.model import Figures, Latency, RunView, StageView
from tui.core.outcome import NotRun
from tui.core.scenario import Scenario, parse_scenario
from tui.core.stress.view import (
    BurnerView,
    Change,
    FaultView,
    FoundLimit,
    HealthView,
    HeldTo,
    Jitter,
    Left,
    Level,
    PartView,
    Price,
    Recovery,
    StepView,
    StressPoint,
    StressView,
)
from tui.core.tally import MEASURED
from tui.core.validity import Floor
from tui.core.verdict import Judgement

EVIL = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"><b>'`|*_[a](http://evil.example)",
    "=HYPERLINK(1)",
    "\x1b[31m\x00\x07bell\r\nline",
    "\u202egnp.exe \u200b\u2066 \ufeff",
    "{{ 7 * 7 }}{% raw %}",
)

STRESSED = StressView(
    part=None,
    step=1,
    left_s=0.0,
    burners=(
        BurnerView(
            "cpu",
            "share of 2 cores",
            mean_asked=0.75,
            mean_reached=0.72,
            verified=18_600,
            totals={"cpu_s": 43.2, "rounds": 9953.0},
            levels=(Level(0, 0.5, 0.49), Level(1, 1.0, 0.95)),
        ),
        BurnerView("gpu", "", why_not="no program that burns it is installed"),
    ),
    points=tuple(
        StressPoint(3.0 + second, {"cpu": 0.5}, {"cpu": 0.48 + second / 100}) for second in range(5)
    ),
    parts=(
        PartView("before", 0.0, 3.0, 3, 0, 138, 12.1, 46.0, 0.0, 3.2, 45.0, 6200.0),
        PartView("stress", 3.0, 8.0, 4, 1, 160, 22.3, 40.0, 0.0125, 9.9, 61.2, 12400.0),
        PartView("after", 8.0, None, 2, 0, 92, 12.4, 46.0, 0.0, 3.3, 58.0, 7000.0),
    ),
    steps=(
        StepView(
            0,
            "50 %",
            is_fault=False,
            figures=PartView(
                "stress", 3.0, 5.0, 2, 0, 84, 15.1, 42.0, 0.0, 5.2, 52.0, 10100.0, 9.1, 17.0
            ),
        ),
        StepView(
            1,
            "100 %",
            is_fault=False,
            figures=PartView(
                "stress", 5.0, 8.0, 2, 1, 76, 23.4, 38.0, 0.0263, 9.9, 61.2, 13100.0, 12.2, 31.0
            ),
        ),
    ),
    changes=(
        Change("p95_ms", "stress", 1.84, 1.62, 2.10),
        Change("rps", "stress", 0.87),
        Change("p95_ms", "after", 1.02, 0.97, 1.08),
    ),
    health=HealthView(40, 37, 3.3, 3.1, 9.9, 22.0, ((4.0, 7.0),), 3.0, "HTTP 503"),
    recovery=Recovery(
        8.0,
        "load",
        4.0,
        30.0,
        2.0,
        31.0,
        12,
        held_to=HeldTo((Limit("p95_ms", "<", 2000.0),), rps=41.4, error_rate=0.0225),
    ),
    left=(
        Left("service_pss_mb", 210.0, 215.0, 50.0),
        Left("service_descriptors", 9.0, 40.0, 5.0),
    ),
    limits=(
        FoundLimit("connections", 1024.0, "", "the service refused one"),
        FoundLimit("descriptors", 65536.0, "", "enough was taken", is_own_cap=True),
    ),
    faults=(
        FaultView("disk", "all free space but 512 MiB", 3.0, 8.0),
        FaultView("proxy", "latency 80 ms", 4.0, 6.0, cause="the guardian"),
    ),
    price=Price(45.0, 61.2, 8.1, 6200.0, 12400.0, 13100.0, 744.0, 1_234_000_000, 12.0, 1200.0),
    jitter=Jitter(60, 3, 0.4, 6.0),
    steady_after_s=240.0,
    overloaded_share=0.5,
)
"""Of every kind of finding one; the board was slow and the service kept descriptors."""


def evil_run(facts: ev.RunFacts) -> list[ev.Event]:
    """Everything that a target can choose is hostile: names, errors, samples."""
    limits = script.percentiles(facts.scenario)
    rows = [script.row([50.0], failed_ms=[2000.0], name=evil, limits=limits) for evil in EVIL]
    events = script.whole_run(facts, *rows)
    failures = [
        ev.FailureCount(evil, evil, "payload", evil, MEASURED, 3, sample=evil) for evil in EVIL
    ]
    slow = [ev.SlowRequest(evil, evil, 9000.0, 3.0) for evil in EVIL]
    events.insert(-6, script.window(12, failures=failures, slow=slow))
    return events


def evil_facts() -> ev.RunFacts:
    """A run whose starter is careless too."""
    site = Site(name=EVIL[0], ambient=EVIL[1], contacts={EVIL[2]: EVIL[5]})
    return msgspec.structs.replace(script.facts(target=script.LOCAL), note=EVIL[4], site=site)


def mixed_run(*classes: str, **load: Any) -> list[ev.Event]:
    """A run of the shipped users in which three of four requests were the cheapest."""
    scenario = script.scenario(
        load={
            "users": 20,
            "spawn_rate": 10.0,
            "duration": "5m",
            "locustfile": "users.py",
            "user_classes": dict.fromkeys(classes or ("BaselineUser",), 1),
            **load,
        }
    )
    limits = script.percentiles(scenario)
    rows = [
        msgspec.structs.replace(script.row([9.0] * 3, name="/health", limits=limits), method="GET"),
        script.row([90.0], name="/predict", limits=limits),
        script.row([90.0] * 5, name="/images", limits=limits),
    ]
    return script.whole_run(script.facts(scenario=scenario), *rows)


def refused(scenario: str = "rush", why: str = "connection refused") -> NotRun:
    """A run on a real target that did not start."""
    return NotRun(
        scenario=scenario,
        kind="load",
        target="local",
        is_demo=False,
        status="REFUSED",
        why=why,
        at_utc=script.STARTED_AT + 60.0,
        campaign="ladder",
        rung=2,
        rungs=3,
        refused_exit=3,
    )


def not_started(scenario: str = "peak") -> NotRun:
    """The rung behind it."""
    changes = {"scenario": scenario, "status": "NOT STARTED", "rung": 3}
    why = "ladder ended at rung 2: REFUSED"
    return msgspec.structs.replace(refused(), why=why, **changes)


def staged_view() -> RunView:
    """A staircase with all that may be known of a run."""
    facts = msgspec.structs.replace(
        script.facts(target=script.LOCAL),
        note="after the new heat sink",
        campaign="prove-it",
        rung=2,
        rungs=5,
        site=Site("Gate 4", "31 °C", {"on call": "+49 30 1234"}),
    )
    view = script.view_of(script.good_run(facts))
    figures = view.endpoints[0]
    stages = tuple(
        StageView(number, 10 * (number + 1), 2.0 * number, 2.0, figures, number < 2)
        for number in range(3)
    )
    return msgspec.structs.replace(
        view,
        stages=stages,
        floor=Floor(0.4, 1.2, 200),
        offered_rps=61.5,
        held_s=12.0,
        total=msgspec.structs.replace(view.total, service=view.total.latency, overloaded=3),
    )


def with_unreached_stage() -> RunView:
    """The same staircase, over before its last level was reached."""
    view = staged_view()
    nothing = Figures("", "all", 0, 0, 0.0, 0.0, Latency(), Latency())
    unreached = StageView(3, 50, 6.0, 0.0, nothing, None)
    return msgspec.structs.replace(view, stages=(*view.stages, unreached))


def stress_scenario(*, is_loaded: bool = False, **sections: Any) -> Scenario:
    """A stress of the processor in two steps, with or without a load beside it."""
    table: dict[str, Any] = {
        "kind": "stress",
        "title": "CPU",
        "stress": {
            "duration": "60s",
            "steps_percent": [50, 100],
            "before": "20s",
            "after": "30s",
            "cpu": {},
        },
        "thresholds": {"recovery_s": "< 60", "outage_s": "< 5"},
        **sections,
    }
    if is_loaded:
        table["load"] = {"users": 20, "spawn_rate": 10.0}
    return parse_scenario(PurePath("stress-cpu.toml"), table, {})


def stress_events(facts: ev.RunFacts) -> list[ev.Event]:
    """Ten seconds of it, the load's windows too where there is a load."""
    if facts.scenario.load is not None:
        events = script.good_run(facts)
    else:
        events = [
            ev.RunStarted(at_s=0.0, facts=facts),
            ev.WorkBegan(at_s=1.0),
            ev.PhaseEntered(at_s=1.0, phase="measuring"),
            *(script.sample(second + 1.5, cpu_percent=40.0, tj_c=60.0) for second in range(10)),
            ev.RunEnded(at_s=12.0, reason="completed"),
        ]
    probes = [
        ev.HealthProbed(
            at_s=second + 1.5,
            sent_s=second + 1.2,
            ms=None if second == 5 else 3.0 + second,
            detail="HTTP 503" if second == 5 else "",
        )
        for second in range(10)
    ]
    return [*events[:-1], *probes, events[-1]]


def stress_facts(*, is_loaded: bool = False, **sections: Any) -> ev.RunFacts:
    """On a real target."""
    scenario = stress_scenario(is_loaded=is_loaded, **sections)
    return script.facts(scenario=scenario, target=script.LOCAL)


def stress_view(
    *, is_loaded: bool = False, stress: StressView = STRESSED, **changes: Any
) -> RunView:
    """A run with that stress; `changes` replace fields of its view."""
    view = script.view_of(stress_events(stress_facts(is_loaded=is_loaded)))
    judgement = Judgement("PASS", "cpu 96 % for 60 s, within all limits")
    return msgspec.structs.replace(view, **{"stress": stress, "judgement": judgement, **changes})


def recovery_state(observed: float | None, *, passed: bool | None) -> LimitState:
    """Of `recovery_s < 60`."""
    return LimitState(Limit("recovery_s", "<", 60.0), observed, passed)


def evil_stress(evil: str) -> StressView:
    """Everything that a board, a burner or a service can say in it is that."""
    return StressView(
        part=None,
        step=0,
        left_s=0.0,
        burners=(
            BurnerView(evil, evil, mean_asked=1.0, mean_reached=1.0, figures={evil: evil}),
            BurnerView(evil, "", why_not=evil),
            BurnerView(evil, "", totals={evil: float("nan")}, ended_by=evil),
        ),
        points=tuple(StressPoint(float(second), {evil: 1.0}, {evil: 0.9}) for second in range(3)),
        health=HealthView(probes=3, answered=1, outages=((1.0, 2.0),), outage_s=1.0, detail=evil),
        recovery=Recovery(2.0, "health", why=evil),
        left_why=evil,
        limits=(FoundLimit(evil, float("inf"), evil, evil),),
        faults=(FaultView(evil, evil, 1.0, 2.0, evil), FaultView(evil, evil, 1.0, trouble=evil)),
        ended_by=evil,
    )
