"""What pipelines read: `production_validation_report`, `load_test_report`, `performance_report`.

Each says only what its runs can prove. A file is made only where there is data for it: storage and
workflow reports come with the runs that measure those.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.model import RunView
from tui.core.outcome import NotRun, Outcome, absent, asked_text, exit_code, overall, views
from tui.reports.board_json import comparable, telemetry
from tui.reports.board_words import is_replayed
from tui.reports.camera_words import is_made
from tui.reports.course import Course
from tui.reports.findings import recommendations
from tui.reports.report import SCHEMA, Json, report
from tui.reports.session import ended_utc, not_run
from tui.reports.utc import iso, moment, of_load

PRODUCTION_NAME = "production_validation_report_{:%Y%m%dT%H%M%S}.json"
LOAD_TEST_NAME = "load_test_report.json"
PERFORMANCE_NAME = "performance_report.json"
SESSION_NAME = "session.json"
FIXED_NAMES = (SESSION_NAME, LOAD_TEST_NAME, PERFORMANCE_NAME)
"""What a later command would find under the same name."""

STATUS = {"PASS": "PASSED", "FAIL": "FAILED"}

Measured = tuple[RunView, Course]


def documents(asked: Sequence[Measured | NotRun]) -> dict[str, Json]:
    """File name to document; one outcome for each run that was asked for, at least one."""
    runs = [each for each in asked if not isinstance(each, NotRun)]
    outcomes = [each if isinstance(each, NotRun) else each[0] for each in asked]
    found = {PRODUCTION_NAME.format(moment(_ended(outcomes))): validation(outcomes)}
    if any(view.total.requests or view.unmeasured_requests for view, _ in runs):
        found[LOAD_TEST_NAME] = load_test(outcomes)
    if any(course.board.points for _, course in runs):
        found[PERFORMANCE_NAME] = performance(runs)
    return found


def validation(outcomes: Sequence[Outcome]) -> Json:
    """The verdict by category, a category being a kind of run.

    `deployment_ready` speaks of the categories in `detailed_results` alone. It needs a PASS of
    every run that was asked for, on a real target and a real board, with nothing overridden by
    force.
    """
    by_kind: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        kind = outcome.kind if isinstance(outcome, NotRun) else outcome.facts.scenario.kind
        by_kind.setdefault(kind, []).append(outcome)
    happened = views(outcomes)
    results = {kind: _category(of_kind) for kind, of_kind in by_kind.items()}
    passed = [kind for kind, result in results.items() if result["status"] == "PASSED"]
    is_real = not any(
        is_made(view) or view.facts.overridden or is_replayed(view) for view in happened
    )
    return {
        "schema": SCHEMA,
        "timestamp": iso(_ended(outcomes)),
        "deployment_ready": is_real and len(passed) == len(results),
        "overall_success_rate": len(passed) / len(results),
        "total_categories": len(results),
        "passed_categories": len(passed),
        "failed_categories": len(results) - len(passed),
        "critical_failures": [kind for kind in results if kind not in passed],
        "test_duration_seconds": sum(view.ended_s or 0.0 for view in happened),
        "detailed_results": results,
        "recommendations": _recommendations(outcomes),
        "simulated": any(map(is_made, happened)),
    }


def load_test(outcomes: Sequence[Outcome]) -> Json:
    """Requests, throughput and errors of each run that happened and put load on its target, at
    least one. What did not happen stands in it whatever it was."""
    happened = [view for view in views(outcomes) if view.facts.scenario.load is not None]
    concerned: list[Outcome] = [*happened, *absent(outcomes)]
    return {
        "schema": SCHEMA,
        "timestamp": iso(_ended(outcomes)),
        "verdict": overall(concerned),
        "simulated": any(map(is_made, happened)),
        "runs": [_load_run(view) for view in happened],
        "not_run": [not_run(missing) for missing in absent(outcomes)],
    }


def performance(runs: Sequence[Measured]) -> Json:
    """The board during each run: statistics of its gauges, and their course with time stamps."""
    return {
        "schema": SCHEMA,
        "timestamp": iso(_ended([view for view, _ in runs])),
        "device": report(runs[0][0])["device"],
        "runs": [_performance_run(view, course) for view, course in runs],
    }


def _performance_run(view: RunView, course: Course) -> Json:
    board = telemetry(view)
    return {
        "id": view.facts.id,
        "scenario": view.facts.scenario.id,
        "utilization": board["metrics"],
        **{key: board[key] for key in ("throttle", "alerts", "rises")},
        "comparable": comparable(view),
        "system_metrics": [
            {
                "at": iso(of_load(view, point.start_s)),
                "width_s": point.width_s,
                "gauges": {name: spread.mean for name, spread in point.gauges.items()},
            }
            for point in course.board.points
        ],
    }


def _category(outcomes: Sequence[Outcome]) -> Json:
    """`critical` is always true: whoever asks for a run asks for its verdict. The key is there for
    pipelines that know categories that may fail."""
    verdict = overall(outcomes)
    return {
        "status": "RUNNING" if verdict is None else STATUS.get(verdict, verdict),
        "exit_code": None if verdict is None else exit_code(outcomes),
        "critical": True,
        "runs": [view.facts.id for view in views(outcomes)],
        "not_run": [not_run(missing) for missing in absent(outcomes)],
    }


def _recommendations(outcomes: Sequence[Outcome]) -> list[str]:
    every: list[str] = []
    for outcome in outcomes:
        if isinstance(outcome, NotRun):
            every.append(f"run {asked_text(outcome.scenario, outcome.target)}: {outcome.why}")
        else:
            every += recommendations(outcome)
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


def _ended(outcomes: Sequence[Outcome]) -> float:
    return max(map(ended_utc, outcomes))
