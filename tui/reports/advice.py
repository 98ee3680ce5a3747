"""What to do about a broken limit, as far as the run's own figures tell."""

from __future__ import annotations

from tui.core import format as text
from tui.core.limits import STRESS_METRICS, LimitState
from tui.core.model import Figures, RunView
from tui.core.stress.scope import is_judged_under_stress
from tui.reports.clean import shortened, visible
from tui.reports.conditions import HEAT
from tui.reports.own_doing import faults_behind, names_of, on_limit
from tui.reports.stages import measured_stages
from tui.reports.stress_findings import stress_advice

LONGEST_NAME = 60


def advice_for(state: LimitState, view: RunView) -> str:
    """One line on a threshold that broke; empty where the figures tell nothing."""
    metric = state.limit.metric
    if metric == "rps" or metric.endswith(("_ms", "_ratio")):
        own = on_limit(state, view)
        if own:
            return own
    if metric in STRESS_METRICS:
        return stress_advice(state, view)
    if metric.endswith("_ms"):
        return _latency(view)
    if metric == "error_rate" or (metric == "ungraceful_rate" and not view.total.overloaded):
        return _failures(view)
    if metric == "rps":
        return _throughput(state, view)
    return _variation(view) if metric == "p95_variation" else ""


def _latency(view: RunView) -> str:
    # The same words for every latency limit of the run: its reader needs them once.
    metric = next(
        state.limit.metric
        for state in view.thresholds
        if state.passed is False and state.limit.metric.endswith("_ms")
    )
    timed = [(_latency_ms(figures, metric), figures) for figures in view.endpoints]
    known = [(ms, figures) for ms, figures in timed if ms is not None]
    if not known:
        return ""
    slowest_ms, slowest = max(known, key=lambda pair: pair[0])
    figure = f"{text.metric_label(metric)} {text.ms(slowest_ms)} ms"
    is_part = view.judged_stage is not None or is_judged_under_stress(view.facts.scenario)
    whole = " over the whole run" if is_part else ""
    at = f" at {text.clock(view.slow[0].ended_s)}, its slowest moment" if view.slow else ""
    is_heat_known = any(gauge.name in HEAT for gauge in view.telemetry)
    heat = ", and the board's heat and clocks then" if is_heat_known else ""
    if view.is_throttled:
        heat = ", but first mend what held the board back"
    return (
        f"{_named(slowest.method, slowest.name)} is the slowest endpoint ({figure}{whole}): "
        f"read the service's log{at}{heat}; {_level(view)}"
    )


def _latency_ms(figures: Figures, metric: str) -> float | None:
    known: float | None = getattr(figures.latency, metric.removesuffix("_ms"))
    return known


def _level(view: RunView) -> str:
    scenario = view.facts.scenario
    if view.search is not None:
        return "even the lowest level broke it: see what a single request takes"
    if scenario.is_open:
        return "run `frame-ramp` to find the rate that holds"
    if not scenario.stages:
        return "run `ramp` or `breaking-point` to find the level that holds"
    good = [stage.users for stage in measured_stages(view) if stage.passed]
    if good:
        return f"the highest level within the limits had {text.counted(max(good), 'user')}"
    return "no level was within the limits: run it with fewer users"


def _failures(view: RunView) -> str:
    if not view.failures:
        return ""
    counts: dict[str, int] = {}
    for group in view.failures:
        counts[group.failure_class] = counts.get(group.failure_class, 0) + group.count
    name, count = max(counts.items(), key=lambda item: item[1])
    first = min(
        (group for group in view.failures if group.failure_class == name),
        key=lambda group: group.first_s,
    )
    share = f"{text.count(count)} of {text.counted(sum(counts.values()), 'failure')}"
    where = _named(first.method, first.name)
    faults = faults_behind(view, name)
    under = f", all of them under {names_of(faults)}" if faults else ""
    return f"begin with [{name}], {share}, first at {text.clock(first.first_s)} on {where}{under}"


def _throughput(state: LimitState, view: RunView) -> str:
    if state.observed is None:
        return ""
    offered = view.offered_rps
    if offered is None:
        return (
            "run it with more users: if rps rises, too few of them asked; "
            "if it stays, the service is saturated"
        )
    said = f"{text.rate(offered)} operations a second were offered"
    if offered >= state.limit.value:
        return f"{said}: answers took too long for the limit, so look for what slows the service"
    if view.facts.scenario.is_open:
        return f"{said}, fewer than the limit asks for: raise the arrival rate"
    return f"{said}, fewer than the limit asks for: more users, or a shorter think time"


def _variation(view: RunView) -> str:
    known = [
        (stage.figures.latency.p95, stage)
        for stage in measured_stages(view)
        if stage.figures.latency.p95 is not None
    ]
    if len(known) < 2:
        return ""
    (low_ms, low), (high_ms, high) = (
        choose(known, key=lambda pair: pair[0]) for choose in (min, max)
    )
    return (
        f"compare the stages at {text.clock(low.from_s)} (p95 {text.ms(low_ms)} ms) and at "
        f"{text.clock(high.from_s)} ({text.ms(high_ms)} ms)"
    )


def _named(method: str, name: str) -> str:
    return shortened(visible(f"{method} {name}".strip()), LONGEST_NAME)
