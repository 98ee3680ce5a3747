"""Runs that searched for a breaking point: what they may have found, and the run around it."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.core import script
from tui.core import events as ev
from tui.core.incidents import Incident
from tui.core.model import RunView
from tui.core.search import BoardMeans, BreakingPoint, SearchStep
from tui.core.search_words import found
from tui.core.verdict import Judgement

CALM = BoardMeans(30.0, 41.0, 52.0, 2100.0, 27.5, 6100.0, 1.2)
FULL_CPU = BoardMeans(30.0, 97.2, 61.4, 3121.0, 41.0, 9800.0, 23.0)


def step(number: int, level: float, *, passed: bool | None = True, **changes: Any) -> SearchStep:
    """A level of ten seconds; one that broke did so at p95."""
    broken = {"which": "p95_ms", "text": "p95 827 ms, limit 400 ms"} if passed is False else {}
    usual: dict[str, Any] = {
        "purpose": "climb",
        "from_s": 10.0 * number,
        "until_s": 10.0 * number + 9,
        "seconds": 8,
        "windows": 1,
        "requests": 320,
        "rps": level - 2.4,
        "p95_ms": 310.0 if passed else 820.0,
        "error_rate": 0.0,
        "board": CALM if passed else FULL_CPU,
        **broken,
    }
    return SearchStep(step=number, level=level, passed=passed, **{**usual, **changes})


GOOD, BAD = step(2, 42.0), step(4, 44.0, passed=False, purpose="bisect")
STEPS = (
    step(0, 16.0),
    step(1, 26.0),
    GOOD,
    step(3, 60.0, passed=False),
    BAD,
    step(5, 33.0, purpose="confirm", seconds=60),
)
FOUND = BreakingPoint(
    by="users",
    state="done",
    steps=STEPS,
    last_good=GOOD,
    first_bad=BAD,
    confirmed=True,
    ended_by="target",
    why_ended="p95 827 ms, limit 400 ms at 44 users",
)
"""42 users held, 44 did not, and the processor was full."""


def found_with(**changes: Any) -> BreakingPoint:
    return msgspec.structs.replace(FOUND, **changes)


def broke_with(board: BoardMeans) -> BreakingPoint:
    """The board was like that at the first bad level."""
    bad = msgspec.structs.replace(BAD, board=board)
    return found_with(first_bad=bad, steps=(*STEPS[:4], bad, STEPS[5]))


def search_facts(**keys: Any) -> ev.RunFacts:
    """From 4 to 60 users, on a real target."""
    asked = {"from": 4, "to": 60, "settle": "2s", "window": "5s", "confirm": "60s", **keys}
    load: dict[str, Any] = {"search": asked}
    if asked.get("by", "users") == "users":
        load["spawn_rate"] = 10.0
    limits = {"p95_ms": "< 400", "error_rate": "< 0.05"}
    scenario = script.scenario("breaking-point", load=load, thresholds=limits)
    return script.facts(scenario=scenario, target=script.LOCAL)


def search_view(point: BreakingPoint = FOUND, **changes: Any) -> RunView:
    """A run with that search; `changes` replace fields of its view."""
    view = script.view_of(script.good_run(search_facts(by=point.by)))
    judgement = Judgement("PASS" if point.last_good else "FAIL", found(point))
    return msgspec.structs.replace(view, **{"search": point, "judgement": judgement, **changes})


def throttled(from_s: float, until_s: float) -> tuple[Incident, ...]:
    """The board held itself back from then to then."""
    one = Incident("oc3", "throttle", "oc3 over-current", "oc3", "warn", from_s, until_s)
    return (one,)
