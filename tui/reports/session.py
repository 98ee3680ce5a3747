"""Several runs of one command, or of one sitting, as one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.core.format import counted
from tui.core.model import RunView
from tui.core.outcome import NotRun, Outcome, absent, exit_code, overall, views
from tui.reports.conditions import Conditions
from tui.reports.report import SCHEMA, Json, report
from tui.reports.utc import ended, iso

NO_CONDITIONS: Mapping[str, Sequence[Conditions]] = {}


def session_report(
    outcomes: Sequence[Outcome], conditions: Mapping[str, Sequence[Conditions]] = NO_CONDITIONS
) -> Json:
    """The report of each run, what did not run and why, and the verdict that stands for all.

    `outcomes` are one for each run that was asked for, at least one; `conditions` as for `report`,
    by the run's id.
    """
    happened = views(outcomes)
    verdict = overall(outcomes)
    return {
        "schema": SCHEMA,
        "session": {
            "id": happened[0].facts.session_id if happened else None,
            "started_at": iso(min(map(started_utc, outcomes))),
            "ended_at": None if verdict is None else iso(max(map(ended_utc, outcomes))),
        },
        "runs": [report(view, conditions.get(view.facts.id, ())) for view in happened],
        "not_run": [not_run(missing) for missing in absent(outcomes)],
        "verdict": verdict,
        "exit_code": None if verdict is None else exit_code(outcomes),
    }


def not_run(missing: NotRun) -> Json:
    """A run that did not happen."""
    return {
        "scenario": missing.scenario,
        "kind": missing.kind,
        "target": missing.target,
        "status": missing.status,
        "why": missing.why,
        "at": iso(missing.at_utc),
        "campaign": missing.campaign or None,
        "rung": missing.rung,
        "rungs": missing.rungs,
    }


def started_utc(outcome: Outcome) -> float:
    """When it began, or was found not to; seconds since the epoch."""
    return outcome.facts.started_at if isinstance(outcome, RunView) else outcome.at_utc


def ended_utc(outcome: Outcome) -> float:
    """When it ended, or was found not to begin; seconds since the epoch."""
    return ended(outcome) if isinstance(outcome, RunView) else outcome.at_utc


def passed_words(outcomes: Sequence[Outcome]) -> str:
    """`2 of 5 runs passed, 1 did not happen`."""
    passed = sum(
        view.judgement is not None and view.judgement.verdict == "PASS" for view in views(outcomes)
    )
    missing = len(absent(outcomes))
    lacking = f", {missing} did not happen" if missing else ""
    return f"{passed} of {counted(len(outcomes), 'run')} passed{lacking}"
