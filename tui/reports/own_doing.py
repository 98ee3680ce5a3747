"""What of a run's findings its own faults and burners explain, and what to make of it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import format as text
from tui.core.deeds import OURS, is_in_force
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.stress.plan import Stress
from tui.core.stress.toxics import Toxics
from tui.core.stress.view import FaultView
from tui.core.stress.way import WAY
from tui.reports.clean import shortened, visible

ON_CLIENTS = (
    "see what the service's clients make of it: time-outs above what it adds, connections that "
    "are used again, retries with back-off"
)
ON_FAULT = f"that fault was jetproof's own, and nothing on the board: {ON_CLIENTS}"
ON_FULL_DISK = (
    "that fault was jetproof's own: the service should say at once that it can store nothing "
    "(507 or 503), and serve the rest as before"
)
ON_SOAK = "a soak stands back for the service: look for heat and lowered clocks in the charts"
ON_CONTENTION = (
    "give the service more weight than what runs beside it (systemd's CPUWeight=, IOWeight=) "
    "or a core of its own; the charts show from which level on it suffers"
)
BY_THE_WAY = ("connect", "timeout", "payload")
BY_THE_DISK = ("5xx", "timeout", "payload", "integrity")
"""Classes of failure that such a fault leads to."""
OF_A_PART = ("p50_ms", "p95_ms", "p99_ms", "rps")
"""Metrics that are known of the time before the stress too."""
LONGEST = 100
MAX_NAMES = 3


def fault_at(view: RunView, at_s: float) -> FaultView | None:
    """The newest fault of ours that held at that moment of the load; None without one."""
    faults = view.stress.faults if view.stress is not None else ()
    held = [one for one in faults if is_in_force(one.from_s, one.until_s, at_s)]
    return max(held, key=lambda one: one.from_s, default=None)


def named(fault: FaultView) -> str:
    """`latency 400 ms (ours)`."""
    return f"{shortened(visible(fault.text), LONGEST)}{OURS}"


def on_fault(view: RunView) -> str:
    """What to do about that which a fault of ours did."""
    faults = view.stress.faults if view.stress is not None else ()
    is_way = any(fault.name == WAY for fault in faults)
    return ON_FAULT if is_way or not faults else ON_FULL_DISK


def on_stress(stress: Stress) -> str:
    """What to do about that which burners did."""
    return ON_SOAK if stress.intent == "soak" else ON_CONTENTION


def on_limit(state: LimitState, view: RunView) -> str:
    """On a limit of latency or rate that the service kept until faults or burners were there.

    Empty where they do not explain that it broke.
    """
    plan, stress = view.facts.scenario.stress, view.stress
    if plan is None or stress is None or not _was_kept_before(state, view):
        return ""
    done = {fault.text for fault in stress.faults if fault.name == WAY}
    toxics = [step.toxics for step in plan.steps if step.toxics and step.toxics.text in done]
    if toxics:
        return f"{_harm(toxics, state)}: {ON_CLIENTS}"
    has_burnt = any(burner.mean_reached is not None for burner in stress.burners)
    return on_stress(plan) if has_burnt else ""


def faults_behind(view: RunView, failure_class: str) -> tuple[FaultView, ...]:
    """The faults of ours under which all failures of that class came; empty: not all did.

    What was on its way under a fault may fail as much later as the scenario waits for an answer.
    """
    groups = [group for group in view.failures if group.failure_class == failure_class]
    load = view.facts.scenario.load
    if not groups or load is None or view.stress is None:
        return ()
    first_s, last_s = min(one.first_s for one in groups), max(one.last_s for one in groups)
    spans = [
        (one, one.from_s, last_s if one.until_s is None else one.until_s)
        for one in view.stress.faults
        if failure_class in (BY_THE_WAY if one.name == WAY else BY_THE_DISK)
    ]
    since_s = min((from_s for _, from_s, _ in spans), default=0.0)
    until_s = max((to_s for *_, to_s in spans), default=0.0)
    # Of a moment only the second is known.
    if not spans or first_s + 1 < since_s or last_s > until_s + load.timeout_s:
        return ()
    late_s = load.timeout_s if failure_class == "timeout" else 0.0
    return tuple(
        one for one, from_s, to_s in spans if from_s < last_s + 1 and to_s + late_s > first_s + 1
    )


def names_of(faults: Sequence[FaultView]) -> str:
    """`black hole (ours)`, `latency 100 ms, latency 400 ms and 2 more (ours)`."""
    names = list(dict.fromkeys(shortened(visible(fault.text), LONGEST) for fault in faults))
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return f"{'; '.join(names[:MAX_NAMES])}{more}{OURS}"


def _was_kept_before(state: LimitState, view: RunView) -> bool:
    """Whether the service was within the limit, or better than later, before the stress."""
    assert view.stress is not None
    parts = {part.part: part for part in view.stress.parts}
    before, under = parts.get("before"), parts.get("stress")
    if before is None or under is None:
        return True
    metric = state.limit.metric
    value: float | None = getattr(before, metric) if metric in OF_A_PART else None
    if value is not None:
        return state.limit.holds_for(value)
    if before.p95_ms is None or under.p95_ms is None:
        return True
    return under.p95_ms > before.p95_ms


def _harm(toxics: Sequence[Toxics], state: LimitState) -> str:
    worst = max(toxics, key=lambda one: one.added_ms)
    if not worst.added_ms:
        texts = "; ".join(dict.fromkeys(one.text for one in toxics))
        return f"the way to the service was harmed on purpose ({shortened(texts, LONGEST)})"
    is_latency = state.limit.metric.endswith("_ms")
    is_more = is_latency and not state.limit.holds_for(worst.added_ms)
    more = ", more than the limit allows," if is_more else ""
    added = f"{text.ms(worst.added_ms)} ms there and back"
    return f"{worst.text}{OURS} alone adds {added}{more} to every answer"
