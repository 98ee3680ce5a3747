"""A run as data: what `report.json` holds. Pure, and nothing in it is rounded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from tui.core.model import FailureGroup, Figures, Latency, RunView, StageView
from tui.reports.board_json import comparable, telemetry
from tui.reports.camera_json import cameras_json
from tui.reports.conditions import Conditions
from tui.reports.e2e_json import steps_json, tests_json, workflow_json
from tui.reports.limits_json import limits_json
from tui.reports.search_json import search_json
from tui.reports.storage_json import storage_json
from tui.reports.stress_json import stress_json
from tui.reports.utc import ended, iso, of_load

SCHEMA = 1

Json = dict[str, Any]


def report(view: RunView, conditions: Sequence[Conditions] = ()) -> Json:
    """The report of a run, by its schema `report.schema.json`; of one that goes on, so far.

    `conditions` are the board's at the end of each of `view.slow`, where they are at hand.
    """
    facts, judgement = view.facts, view.judgement
    return {
        "schema": SCHEMA,
        "run": _run(view),
        "device": msgspec.structs.asdict(facts.device),
        "target": {
            "name": facts.target.name,
            "url": facts.url,
            "protected": facts.target.protected,
            "simulated": facts.is_demo,
        },
        "site": msgspec.structs.asdict(facts.site),
        "verdict": judgement.verdict if judgement else None,
        "reason": judgement.reason if judgement else "",
        "advice": judgement.advice if judgement else "",
        "warnings": list(view.warnings),
        "thresholds": limits_json(view.thresholds),
        "goals": limits_json(view.goals),
        "load": _load(view, conditions),
        "stress": stress_json(view),
        "cameras": cameras_json(view),
        "storage": storage_json(view),
        "telemetry": telemetry(view),
        "comparable": comparable(view),
        "steps": steps_json(view),
        "tests": tests_json(view),
        "workflow": workflow_json(view),
        "checks": [],
        "events": [
            {"at": _load_utc(view, mark.at_s), "level": mark.level, "text": mark.label}
            for mark in view.marks
        ],
    }


def to_json(data: Json) -> str:
    """A report as text. ValueError rather than a NaN that no reader understands."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _run(view: RunView) -> Json:
    facts, scenario = view.facts, view.facts.scenario
    ended_at = None if view.ended_s is None else iso(ended(view))
    return {
        "id": facts.id,
        "session_id": facts.session_id,
        "scenario": scenario.id,
        "kind": scenario.kind,
        "title": scenario.title,
        "started_at": iso(facts.started_at),
        "ended_at": ended_at,
        "duration_s": view.ended_s,
        "state": "ended" if view.is_over else "running",
        "forced": facts.forced,
        "overridden": facts.overridden,
        "version": facts.version,
        "config_sha256": facts.config_sha256,
        "note": facts.note,
        "campaign": facts.campaign or None,
        "rung": facts.rung,
        "rungs": facts.rungs,
        "climb": facts.climb or None,
        "preflight": [msgspec.to_builtins(finding) for finding in facts.preflight],
    }


def _load(view: RunView, conditions: Sequence[Conditions]) -> Json | None:
    load = view.facts.scenario.load
    if load is None:
        return None
    known = conditions or [Conditions()] * len(view.slow)
    return {
        "users": load.users,
        "users_asked": view.users_asked,
        "spawn_rate": load.spawn_rate,
        "workers": len(view.workers) or view.facts.workers,
        "planned_s": load.duration_s,
        "goes_on": load.goes_on,
        "arrival": None if load.arrival is None else msgspec.structs.asdict(load.arrival),
        "operations_per_user": load.operations_per_user,
        "barrier_s": load.barrier_s,
        "shape": load.shape or None,
        "tags": list(load.tags),
        "exclude_tags": list(load.exclude_tags),
        "judge": load.judge,
        "search": search_json(view),
        "offered_rps": view.offered_rps,
        "elapsed_s": view.elapsed_s,
        "held_s": view.held_s,
        "measured_from_s": view.measured_from_s,
        "measured_s": view.measured_s,
        "total": _figures(view.total),
        "judged_stage": view.judged_stage,
        "stages": [_stage(stage) for stage in view.stages],
        "endpoints": [
            {"method": figures.method, "name": figures.name, **_figures(figures)}
            for figures in view.endpoints
        ],
        "failures": [_failure(view, group) for group in view.failures],
        "slow": [
            {
                "at": _load_utc(view, request.ended_s),
                "method": request.method,
                "name": request.name,
                "ms": request.ms,
                "tj_c": condition.tj_c,
                "gpu_percent": condition.gpu_percent,
            }
            for request, condition in zip(view.slow, known, strict=True)
        ],
        "unmeasured": {
            "requests": view.unmeasured_requests,
            "failures": view.unmeasured_failures,
        },
        "unfinished": view.unfinished,
        "late": view.late_rows,
        "clean_up": None if view.clean_up is None else msgspec.structs.asdict(view.clean_up),
        "validity": _validity(view),
    }


def _figures(figures: Figures) -> Json:
    return {
        "requests": figures.requests,
        "failures": figures.failures,
        "error_rate": figures.error_rate,
        "rps": figures.rps,
        "latency_ms": _latency(figures.latency),
        "succeeded_latency_ms": _latency(figures.succeeded),
        "service_latency_ms": None if figures.service is None else _latency(figures.service),
        "overloaded": figures.overloaded,
    }


def _stage(stage: StageView) -> Json:
    return {
        "stage": stage.stage,
        "users": stage.users,
        "from_s": stage.from_s,
        "measured_s": stage.measured_s,
        "passed": stage.passed,
        **_figures(stage.figures),
    }


def _latency(latency: Latency) -> Json:
    return msgspec.structs.asdict(latency)


def _failure(view: RunView, group: FailureGroup) -> Json:
    return {
        "method": group.method,
        "name": group.name,
        "class": group.failure_class,
        "error": group.error,
        "count": group.count,
        "first_at": _load_utc(view, group.first_s),
        "last_at": _load_utc(view, group.last_s),
        "sample": group.sample,
    }


def _validity(view: RunView) -> Json:
    validity = view.validity
    return {
        "valid": validity.valid,
        "reasons": list(validity.reasons),
        "generator_cpu_percent": validity.generator_cpu_percent,
        "lag_p99_ms": validity.lag_p99_ms,
        "missed_sends": validity.missed_sends,
        "console_cpu_percent": validity.console_cpu_percent,
        "floor": None if view.floor is None else msgspec.structs.asdict(view.floor),
    }


def _load_utc(view: RunView, load_s: float) -> str:
    """A moment of the load's own clock."""
    return iso(of_load(view, load_s))
