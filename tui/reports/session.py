"""Several runs of one command as one document."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.model import RunView
from tui.core.verdict import worst
from tui.reports.report import SCHEMA, Json, report


def session_report(views: Sequence[RunView]) -> Json:
    """The reports of at least one run, and the verdict that stands for all."""
    runs = [report(view) for view in views]
    verdicts = [view.judgement.verdict for view in views if view.judgement is not None]
    return {
        "schema": SCHEMA,
        "session": {
            "id": views[0].facts.session_id,
            "started_at": runs[0]["run"]["started_at"],
            "ended_at": runs[-1]["run"]["ended_at"],
        },
        "runs": runs,
        "verdict": worst(verdicts),
    }
