"""What came before a threshold broke, as far as the run's course shows the moment."""

from __future__ import annotations

from tui.core import format as text
from tui.core.alerts import LOAD_METRICS
from tui.core.causes import WEIGHTS
from tui.core.incidents import Incident
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.reports.board_words import LONGEST
from tui.reports.clean import shortened
from tui.reports.outage import SERVICE, from_to, told
from tui.reports.own_doing import fault_at, named

LATE_S = 3.0
"""A service that is gone is seen this much after its first effect."""
STILL_S = 30.0
"""What was over longer ago than this is not held for what came before a break."""
CURVES = ("p50_ms", "p95_ms", "p99_ms")


def board_before(state: LimitState, view: RunView) -> str:
    """`p95 was first beyond its limit at 01:42, 4 s after … oc3 over-current (12/s)`, or empty."""
    at_s = _broken_s(state, view)
    if at_s is None:
        return ""
    fault = fault_at(view, at_s)
    if fault is not None:
        return f"{_first(state, at_s)}, {_lag(at_s - fault.from_s)} {named(fault)} began"
    before = [one for one in view.incidents if _is_before(one, at_s)]
    if not before:
        return ""
    # A service that was gone explains it all.
    event = min(
        before,
        key=lambda one: (
            not one.key.startswith(SERVICE),
            WEIGHTS.index(one.kind),
            at_s - one.began_s,
        ),
    )
    first, lag = _first(state, at_s), _lag(at_s - event.began_s)
    detail = f" ({shortened(event.detail, LONGEST)})" if event.detail else ""
    # Of a service that was gone the reader wants to know when it was back.
    when = f" {from_to(event, view)}" if event.key.startswith(SERVICE) else ""
    return f"{first}, {lag} this on the board: {shortened(told(event), LONGEST)}{when}{detail}"


def _first(state: LimitState, at_s: float) -> str:
    if state.limit.metric == "error_rate":
        return f"the first request failed at {text.clock(at_s)}"
    metric = text.metric_label(state.limit.metric)
    return f"{metric} was first beyond its limit at {text.clock(at_s)}"


def _lag(lag_s: float) -> str:
    after_s = round(lag_s)
    if after_s < 0:
        return f"{text.duration(-after_s)} before"
    return f"{text.duration(after_s)} after" if after_s else "in the same second as"


def _broken_s(state: LimitState, view: RunView) -> float | None:
    metric = state.limit.metric
    if metric == "error_rate":
        return min((group.first_s for group in view.failures), default=None)
    if metric not in CURVES:
        return None
    for point in view.points:
        value: float | None = getattr(point, metric)
        if value is not None and not state.limit.holds_for(value):
            return point.start_s
    return None


def _is_before(one: Incident, at_s: float) -> bool:
    if one.kind not in WEIGHTS or one.key in LOAD_METRICS:
        return False
    # Second for second: both moments are known no better.
    late_s = LATE_S if one.key.startswith(SERVICE) else 1.0
    is_near = one.ended_s is None or one.ended_s >= at_s - STILL_S
    return one.began_s <= at_s + late_s and is_near
