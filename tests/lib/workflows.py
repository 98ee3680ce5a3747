"""Workflow runs written down as events, for tests: rounds as an engine would emit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tests.core import script
from tui.core import events as ev
from tui.core.config import Target
from tui.core.e2e.deed import Certificate
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.core.limits import Limit
from tui.core.scenario import Scenario

WORKFLOW = Workflow(
    steps=(
        Step("capture"),
        Step("predict", "predict", send="capture", checks=(Check("objects", type="array"),)),
        Step(
            "store",
            "store",
            send="capture",
            values=(("name", "{round.id}.jpg"),),
            checks=(Check("sha256", equals="{capture.sha256}"),),
            save=(("id", "id"),),
        ),
        Step("retrieve", "retrieve", checks=(Check("body", hash_of="capture"),)),
    ),
    cleanup=(Step("delete", "delete"),),
    rounds=3,
)
"""A picture travels to the service and back."""
LIMITS = (
    Limit("round_s", "<", 30.0),
    Limit("step_ms", "<", 5000.0),
    Limit("completion_rate", ">=", 1.0),
    Limit("overhead_ms", "<", 5.0),
)
STEP_MS = (120.0, 80.0, 40.0, 30.0, 20.0)
"""How long the steps of `WORKFLOW` take in `round_events`."""
OVERHEAD_MS = 2.0
SUITE = Workflow(
    steps=(
        Step("alive", "health"),
        Step("certified", deed=Certificate()),
        Step("shot", ""),
        Step("predict", "predict", send="shot"),
        Step("store", "store", send="shot", values=(("name", "a"),), save=(("id", "id"),)),
        Step("retrieve", "retrieve", checks=(Check("body", hash_of="shot"),)),
        Step("refused", "list", bearer="{secret.viewer}", values=(("limit", "1"), ("offset", "0"))),
        Step("many", "predict", send="shot", repeat=20),
    ),
    cleanup=(Step("delete", "delete"),),
    tests=(
        SmokeTest("SMK-01", "the service is up", "health", ("alive", "certified")),
        SmokeTest("SMK-02", "a picture is understood", "journeys", ("shot", "predict")),
        SmokeTest("SMK-03", "a picture is stored", "journeys", ("store",)),
        SmokeTest("SMK-04", "a picture comes back", "journeys", ("retrieve",)),
        SmokeTest("SMK-05", "viewers may not write", "security", ("refused",)),
        SmokeTest("SMK-06", "twenty pictures in a row", "performance", ("many",)),
    ),
)
"""A suite of six tests."""
SECRETLESS = "the target has no secret viewer in config.toml"
WHY = "sha256 is not the one of capture"
EXCHANGE = ev.Exchange(
    method="POST",
    url="/images?name=r1-2.jpg",
    sent="form, file of 52 310 bytes",
    status=201,
    headers=(("content-type", "application/json"),),
    answer='{"id": 7, "sha256": "beef"}',
)


def scenario(
    workflow: Workflow = WORKFLOW, limits: Sequence[Limit] = LIMITS, goals: Sequence[Limit] = ()
) -> Scenario:
    """Of kind e2e, without a file."""
    return Scenario(
        id="capture-to-storage",
        kind="e2e",
        title="Capture to storage",
        summary="A picture travels to the service and back.",
        thresholds=tuple(limits),
        goals=tuple(goals),
        workflow=workflow,
    )


SCENARIO = scenario()


def facts(
    run_id: str = "r1", *, scenario: Scenario = SCENARIO, target: Target = script.LOCAL
) -> ev.RunFacts:
    return script.facts(run_id, scenario=scenario, target=target)


def round_events(
    number: int,
    failed: str = "",
    *,
    workflow: Workflow = WORKFLOW,
    at_s: float | None = None,
    steps_ms: Sequence[float] = STEP_MS,
    label: str = "",
    left: int = 0,
    **failure: Any,
) -> list[ev.Event]:
    """A round that ends with the step called `failed`, its clean-up behind it.

    `failure` are keys of that step's StepEnded, such as `why`, `exchange` or `ms`; with
    `is_stopped=True` its steps end as they do when a run is stopped there: left out, and nothing
    failed. A second after the other begin rounds where `at_s` is not told.
    """
    is_stopped = failure.pop("is_stopped", False)
    began_s = float(number) if at_s is None else at_s
    events: list[ev.Event] = [
        ev.RoundBegan(at_s=began_s, number=number, correlation=f"r1-{number}")
    ]
    in_round_s, is_broken, main_ms = 0.0, False, 0.0
    for index, step in enumerate(workflow.all_steps):
        is_cleanup = index >= len(workflow.steps)
        if step.name == failed and is_stopped:
            is_broken = True
        if is_broken and not is_cleanup:
            events.append(_ended(number, index, began_s + in_round_s, state="skipped"))
            continue
        events.append(ev.StepBegan(at_s=began_s + in_round_s, round=number, step=index))
        ms = steps_ms[index % len(steps_ms)]
        told: dict[str, Any] = {
            "state": "passed",
            "ms": ms,
            "request_ms": ms - OVERHEAD_MS,
            "requests": 1 if step.operation else 0,
            "hashes": sum(bool(check.hash_of) for check in step.checks),
            "label": "" if step.operation else label,
        }
        if step.name == failed:
            is_broken = True
            told |= {"state": "failed", "hashes": 0, "why": WHY, "wanted": "c0ffee", "got": "beef"}
            told |= {"exchange": EXCHANGE if step.operation else None, **failure}
        told["began_s"] = in_round_s
        in_round_s += told["ms"] / 1000
        main_ms = main_ms if is_cleanup else in_round_s * 1000
        events.append(_ended(number, index, began_s + in_round_s, **told))
    events.append(
        ev.RoundEnded(
            at_s=began_s + in_round_s,
            number=number,
            is_complete=not is_broken and not left,
            ms=main_ms,
            left=left,
            left_named=tuple(f"/images/{number}-{thing}" for thing in range(left))[:5],
        )
    )
    return events


def suite_scenario(workflow: Workflow = SUITE, limits: Sequence[Limit] = ()) -> Scenario:
    """Of kind smoke, without a file."""
    return Scenario(
        id="critical-path",
        kind="smoke",
        title="Critical path",
        summary="What must hold after each deployment.",
        thresholds=tuple(limits),
        goals=(),
        workflow=workflow,
    )


def told_round(states: str, keys: Mapping[str, Mapping[str, Any]]) -> list[ev.Event]:
    """A round of `SUITE` whose steps end by their first letters, such as `ppfspo`; those without
    one are left waiting. `keys` are by the step's name what else its StepEnded says."""
    workflow, at_s = SUITE, 1.0
    words = {"p": "passed", "f": "failed", "s": "skipped", "o": "omitted"}
    events: list[ev.Event] = [ev.RoundBegan(at_s=at_s, number=1, correlation="r1-1")]
    now_s = at_s
    main_s = 0.0
    for index, (step, letter) in enumerate(zip(workflow.all_steps, states, strict=False)):
        told: dict[str, Any] = {"state": words[letter], "began_s": now_s - at_s}
        if letter in "pf":
            events.append(ev.StepBegan(at_s=now_s, round=1, step=index))
            ms = STEP_MS[index % len(STEP_MS)]
            asked = 1 if step.operation else 0
            told |= {"ms": ms, "request_ms": ms - OVERHEAD_MS, "requests": asked}
        told |= {"why": {"f": WHY, "s": "before failed", "o": SECRETLESS}.get(letter, "")}
        told |= keys.get(step.name, {})
        now_s += told.get("ms", 0.0) / 1000
        if index < len(workflow.steps):
            main_s = now_s - at_s
        events.append(_ended(1, index, now_s, **told))
    if len(states) >= len(workflow.all_steps):
        is_complete = not set(states) & set("fs")
        ended = ev.RoundEnded(at_s=now_s, number=1, is_complete=is_complete, ms=main_s * 1000)
        events.append(ended)
    return events


def suite(
    states: str = "ppppppopp", *, limits: Sequence[Limit] = (), **keys: dict[str, Any]
) -> list[ev.Event]:
    """A run of `SUITE`, by the first letters of its steps' ends; see `told_round`."""
    made = facts(scenario=suite_scenario(limits=limits))
    told = told_round(states, keys)
    return [*beginning(made), *told, *ending(told[-1].at_s + 0.1)]


def beginning(made: ev.RunFacts | None = None) -> list[ev.Event]:
    """Up to the first round. The work begins one second into the run."""
    return [
        ev.RunStarted(facts=facts() if made is None else made),
        ev.TargetProbed(at_s=0.2, answered=True, detail="200 OK", ms=12.0),
        ev.WorkBegan(at_s=1.0),
        ev.PhaseEntered(at_s=1.0, phase="measuring"),
    ]


def ending(at_s: float, reason: ev.EndReason = "completed", detail: str = "") -> list[ev.Event]:
    """From the last round on."""
    return [
        ev.WorkflowEnded(at_s=at_s),
        ev.RunEnded(at_s=at_s + 0.1, reason=reason, detail=detail),
    ]


def whole(
    rounds: int = 3,
    failed: str = "",
    in_rounds: Sequence[int] = (2,),
    *,
    made: ev.RunFacts | None = None,
    reason: ev.EndReason = "completed",
    **keys: Any,
) -> list[ev.Event]:
    """A run of so many rounds; the step called `failed` fails `in_rounds`.

    `keys` are those of `round_events`; those of a failure count in these rounds alone.
    """
    if made is None:
        made = facts(scenario=scenario(msgspec.structs.replace(WORKFLOW, rounds=rounds)))
    workflow = made.scenario.workflow
    assert workflow is not None
    common = {key: keys.pop(key) for key in ("label", "steps_ms") if key in keys}
    events = beginning(made)
    for number in range(1, rounds + 1):
        bad = {"failed": failed, **keys} if number in in_rounds else {}
        events += round_events(number, workflow=workflow, **common, **bad)
    return events + ending(rounds + 1.0, reason)


def _ended(number: int, index: int, at_s: float, **told: Any) -> ev.StepEnded:
    return ev.StepEnded(at_s=at_s, round=number, step=index, **told)
