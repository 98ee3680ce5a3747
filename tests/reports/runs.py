"""Runs for the forms of a report: an evil one, a staged one."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.core import script
from tui.core import events as ev
from tui.core.config import Site
from tui.core.model import Figures, Latency, RunView, StageView
from tui.core.outcome import NotRun
from tui.core.tally import MEASURED
from tui.core.validity import Floor

EVIL = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"><b>'`|*_[a](http://evil.example)",
    "=HYPERLINK(1)",
    "\x1b[31m\x00\x07bell\r\nline",
    "\u202egnp.exe \u200b\u2066 \ufeff",
    "{{ 7 * 7 }}{% raw %}",
)


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
