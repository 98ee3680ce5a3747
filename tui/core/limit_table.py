"""The [thresholds] and [goals] tables of a scenario file, read and checked."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tui.core.camera.metric_table import CAMERA_METRICS
from tui.core.e2e.metric_table import WORKFLOW_METRICS
from tui.core.limits import (
    KNOWN_LATE,
    METRICS,
    STRESS_METRICS,
    Limit,
    parse_limit,
)
from tui.core.load import Load
from tui.core.mistakes import Mistakes
from tui.core.own_limit import parse_own_limit
from tui.core.own_metric import Metric
from tui.core.problem import did_you_mean
from tui.core.storage.metric_table import STORAGE_METRICS

NEEDS_LOAD = "needs requests to judge: [load] is missing"
NEEDS_STRESS = "needs a stress to judge"
NEEDS_STAGES = "is the variation over stages: needs load.stages or load.pattern, judged as a whole"


class LimitTable(msgspec.Struct, forbid_unknown_fields=True):
    limit: str
    abort: bool = False
    after: str = "0s"


def read_limits(mistakes: Mistakes, table: Mapping[str, str | LimitTable]) -> tuple[Limit, ...]:
    """The limits of one table, as far as they are in order."""
    limits = []
    for metric, entry in table.items():
        asked = LimitTable(entry) if isinstance(entry, str) else entry
        inside = mistakes.within(metric)
        after_s = inside.seconds("after", asked.after)
        if asked.abort and metric in KNOWN_LATE:
            what = f"{metric} is judged when the run is over: it can't end one (leave abort out?)"
            inside.add("abort", what)
        try:
            limits.append(parse_limit(metric, asked.limit, abort=asked.abort, after_s=after_s))
        except ValueError as error:
            mistakes.add(metric, str(error), unless=[f"{metric}.limit"])
    return tuple(limits)


def read_camera_limits(
    mistakes: Mistakes, table: Mapping[str, str | LimitTable]
) -> tuple[Limit, ...]:
    """Those of a benchmark of cameras, as far as they are in order; a range is two of them."""
    return _read_own(mistakes, table, CAMERA_METRICS, "cameras are")


def read_workflow_limits(
    mistakes: Mistakes, table: Mapping[str, str | LimitTable]
) -> tuple[Limit, ...]:
    """Those of a workflow, as far as they are in order."""
    return _read_own(mistakes, table, WORKFLOW_METRICS, "a workflow is")


def read_limits_under_load(
    mistakes: Mistakes, table: Mapping[str, str | LimitTable]
) -> tuple[Limit, ...]:
    """Those of a workflow that has a load beside it: of its steps, and of the requests."""
    limits: list[Limit] = []
    for metric, entry in table.items():
        if metric not in WORKFLOW_METRICS and metric not in METRICS:
            guess = did_you_mean(metric, (*WORKFLOW_METRICS, *METRICS))
            mistakes.add(metric, f"unknown metric{guess}", unless=[f"{metric}.limit"])
            continue
        read = read_workflow_limits if metric in WORKFLOW_METRICS else read_limits
        limits += read(mistakes, {metric: entry})
    return tuple(limits)


def read_storage_limits(
    mistakes: Mistakes, table: Mapping[str, str | LimitTable]
) -> tuple[Limit, ...]:
    """Those of a benchmark of storage, as far as they are in order."""
    return _read_own(mistakes, table, STORAGE_METRICS, "storage is")


def _read_own(
    mistakes: Mistakes,
    table: Mapping[str, str | LimitTable],
    metrics: Mapping[str, Metric],
    judged: str,
) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    for metric, entry in table.items():
        asked = LimitTable(entry) if isinstance(entry, str) else entry
        if asked.abort:
            what = f"{judged} judged when the run is over: no limit ends it (leave abort out?)"
            mistakes.within(metric).add("abort", what)
        try:
            limits += parse_own_limit(metrics, metric, asked.limit)
        except ValueError as error:
            mistakes.add(metric, str(error), unless=[f"{metric}.limit"])
    return tuple(limits)


def unjudged(metric: str, load: Load | None, *, has_load: bool, has_stress: bool) -> str:
    """Why a scenario has no figure of that metric; empty where it has.

    `load` is None where there is none, and where it is wrong: `has_load` tells them apart.
    """
    if metric == "p95_variation":
        is_staged = load is not None and load.stages and load.judge == "run"
        return "" if is_staged else NEEDS_STAGES
    if metric in STRESS_METRICS and not has_stress:
        return NEEDS_STRESS
    # The health check tells the other figures of a stress where there is no load.
    if not has_load and (metric not in STRESS_METRICS or metric == "rps_ratio"):
        return NEEDS_LOAD
    return ""
