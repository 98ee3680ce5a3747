"""A stress as data: the key `stress` of `report.json`. Times are seconds since the work began."""

from __future__ import annotations

from math import isfinite
from typing import Any

import msgspec

from tui.core.model import RunView
from tui.core.stress.plan import Step
from tui.core.stress.view import BurnerView, FaultView, HealthView, Left, StepView, StressView
from tui.reports.board_words import LONGEST
from tui.reports.clean import shortened

Json = dict[str, Any]


def stress_json(view: RunView) -> Json | None:
    """What was asked of the board and what came of it; None for a run without a stress."""
    plan, stress = view.facts.scenario.stress, view.stress
    if plan is None or stress is None:
        return None
    data = {
        "intent": plan.intent,
        "before_s": plan.before_s,
        "ramp_s": plan.ramp_s,
        "after_s": plan.after_s,
        "steps": [_step(step) for step in plan.steps],
        "parts": [msgspec.structs.asdict(part) for part in stress.parts],
        "steps_measured": [_measured(step) for step in stress.steps],
        "burners": [_burner(burner) for burner in stress.burners],
        "changes": [msgspec.structs.asdict(change) for change in stress.changes],
        "health": _health(stress.health),
        "recovery": _recovery(stress),
        "left": [_left(left) for left in stress.left],
        "left_why": stress.left_why,
        "service_fate": stress.service_fate,
        "limits": [msgspec.structs.asdict(limit) for limit in stress.limits],
        "faults": [_fault(stress, fault) for fault in stress.faults],
        "price": msgspec.structs.asdict(stress.price),
        "jitter": msgspec.structs.asdict(stress.jitter),
        "steady_after_s": stress.steady_after_s,
        "ended_by": stress.ended_by,
        "cut": stress.cut,
        "overloaded_share": stress.overloaded_share,
    }
    bounded: Json = _bounded(data)
    return bounded


def _step(step: Step) -> Json:
    toxics = None if step.toxics is None else msgspec.structs.asdict(step.toxics)
    return {"duration_s": step.duration_s, "share": step.share, "toxics": toxics}


def _measured(step: StepView) -> Json:
    figures = msgspec.structs.asdict(step.figures)
    del figures["part"]  # it is always under stress
    return {"step": step.step, "text": step.text, "is_fault": step.is_fault, **figures}


def _burner(burner: BurnerView) -> Json:
    return {
        "name": burner.name,
        "unit": burner.unit,
        "asked": burner.mean_asked,
        "reached": burner.mean_reached,
        "verified": burner.verified,
        "bad": burner.bad,
        "figures": dict(burner.figures),
        "totals": dict(burner.totals),
        "levels": [msgspec.structs.asdict(level) for level in burner.levels],
        "ended_by": burner.ended_by,
        "is_early": burner.is_early,
        "held_by": burner.held_by,
        "held_s": burner.held_s,
        "told_s": burner.told_s,
        "why_not": burner.why_not,
    }


def _health(health: HealthView) -> Json:
    found = msgspec.structs.asdict(health)
    # How it is now is of interest only while the run goes on.
    del found["ms"], found["gone_since_s"]
    outages = [{"from_s": since_s, "until_s": until_s} for since_s, until_s in health.outages]
    return {**found, "outages": outages}


def _recovery(stress: StressView) -> Json | None:
    recovery = stress.recovery
    if recovery is None:
        return None
    held = recovery.held_to
    found = msgspec.structs.asdict(recovery)
    if held is not None:
        limits = [f"{limit.metric} {limit.text}" for limit in held.limits]
        found["held_to"] = {**msgspec.structs.asdict(held), "limits": limits}
    return found


def _fault(stress: StressView, fault: FaultView) -> Json:
    return {**msgspec.structs.asdict(fault), "is_unheard": fault in stress.unheard}


def _left(left: Left) -> Json:
    return {**msgspec.structs.asdict(left), "given_back": left.is_back}


def _bounded(value: Any) -> Any:
    """The same without what JSON can't say, and without endless words of others."""
    if isinstance(value, dict):
        return {str(key): _bounded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bounded(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return shortened(value, LONGEST) if isinstance(value, str) else value
