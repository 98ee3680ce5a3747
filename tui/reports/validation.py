"""What pipelines read: `production_validation_report`, `load_test_report`, `performance_report`.

Each says only what its runs can prove. A file is made only where there is data for it: storage and
workflow reports come with the runs that measure those.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from tui.core.model import RunView
from tui.core.verdict import EXIT_CODES, Verdict, worst
from tui.reports.course import Course
from tui.reports.findings import recommendations
from tui.reports.report import SCHEMA, Json, report

STATUS: dict[Verdict, str] = {"PASS": "PASSED", "FAIL": "FAILED"}


def documents(runs: Sequence[tuple[RunView, Course]]) -> dict[str, Json]:
    """File name to document, of at least one run that has ended."""
    views = [view for view, _ in runs]
    found = {f"production_validation_report_{_ended(views):%Y%m%dT%H%M%S}.json": validation(views)}
    if any(view.total.requests or view.unmeasured_requests for view in views):
        found["load_test_report.json"] = load_test(views)
    if any(course.board.points for _, course in runs):
        found["performance_report.json"] = performance(runs)
    return found


def validation(views: Sequence[RunView]) -> Json:
    """The verdict by category, a category being a kind of run.

    `deployment_ready` speaks of the categories in `detailed_results` alone, and is false for runs
    on the embedded demo or by force.
    """
    by_kind: dict[str, list[RunView]] = {}
    for view in views:
        by_kind.setdefault(view.facts.scenario.kind, []).append(view)
    results = {kind: _category(of_kind) for kind, of_kind in by_kind.items()}
    passed = [kind for kind, result in results.items() if result["status"] == "PASSED"]
    is_real = not any(view.facts.target.is_demo or view.facts.forced for view in views)
    return {
        "schema": SCHEMA,
        "timestamp": _ended(views).isoformat(timespec="microseconds"),
        "deployment_ready": is_real and len(passed) == len(results),
        "overall_success_rate": len(passed) / len(results),
        "total_categories": len(results),
        "passed_categories": len(passed),
        "failed_categories": len(results) - len(passed),
        "critical_failures": [kind for kind in results if kind not in passed],
        "test_duration_seconds": sum(view.ended_s or 0.0 for view in views),
        "detailed_results": results,
        "recommendations": _recommendations(views),
        "simulated": any(view.facts.target.is_demo for view in views),
    }


def load_test(views: Sequence[RunView]) -> Json:
    """Requests, throughput and errors of each run."""
    return {
        "schema": SCHEMA,
        "timestamp": _ended(views).isoformat(timespec="microseconds"),
        "verdict": worst(view.judgement.verdict for view in views if view.judgement),
        "simulated": any(view.facts.target.is_demo for view in views),
        "runs": [_load_run(view) for view in views],
    }


def performance(runs: Sequence[tuple[RunView, Course]]) -> Json:
    """The board during each run: statistics of its gauges, and their course with time stamps."""
    return {
        "schema": SCHEMA,
        "timestamp": _ended([view for view, _ in runs]).isoformat(timespec="microseconds"),
        "device": report(runs[0][0])["device"],
        "runs": [
            {
                "id": view.facts.id,
                "scenario": view.facts.scenario.id,
                "utilization": report(view)["telemetry"]["metrics"],
                "system_metrics": [
                    {
                        "at": _utc(
                            view.facts.started_at + (view.began_s or 0.0) + point.start_s
                        ).isoformat(timespec="microseconds"),
                        "width_s": point.width_s,
                        "gauges": {name: spread.mean for name, spread in point.gauges.items()},
                    }
                    for point in course.board.points
                ],
            }
            for view, course in runs
        ],
    }


def _category(views: Sequence[RunView]) -> Json:
    verdict = worst(view.judgement.verdict for view in views if view.judgement)
    return {
        "status": "RUNNING" if verdict is None else STATUS.get(verdict, verdict),
        "exit_code": None if verdict is None else EXIT_CODES[verdict],
        "critical": True,
        "runs": [view.facts.id for view in views],
    }


def _recommendations(views: Sequence[RunView]) -> list[str]:
    every = [advice for view in views for advice in recommendations(view)]
    return list(dict.fromkeys(every))


def _load_run(view: RunView) -> Json:
    load = report(view)["load"]
    classes: dict[str, int] = {}
    for group in view.failures:
        classes[group.failure_class] = classes.get(group.failure_class, 0) + group.count
    return {
        "id": view.facts.id,
        "scenario": view.facts.scenario.id,
        "verdict": view.judgement.verdict if view.judgement else None,
        "users": load["users"],
        "measured_s": load["measured_s"],
        "total": load["total"],
        "endpoints": load["endpoints"],
        "throughput": {"rps": view.total.rps, "offered_rps": view.offered_rps},
        "errors": {
            "count": view.total.failures,
            "error_rate": view.total.error_rate,
            "by_class": classes,
            "groups": load["failures"],
        },
    }


def _ended(views: Sequence[RunView]) -> datetime:
    return _utc(max(view.facts.started_at + (view.ended_s or 0.0) for view in views))


def _utc(at_utc: float) -> datetime:
    return datetime.fromtimestamp(at_utc, timezone.utc)
