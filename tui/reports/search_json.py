"""A search as data: the key `search` of a report's load. Times are seconds since it began."""

from __future__ import annotations

from typing import Any

import msgspec

from tui.core.load_fold import sought
from tui.core.model import RunView
from tui.core.search import SearchStep
from tui.reports.board_words import LONGEST
from tui.reports.clean import shortened

Json = dict[str, Any]


def search_json(view: RunView) -> Json | None:
    """What was asked for and what was found; None for a run without a search."""
    asked, point = sought(view.facts), view.search
    if asked is None or point is None:
        return None
    return {
        "by": point.by,
        "from": asked.from_,
        "to": asked.to,
        "factor": asked.factor,
        "settle_s": asked.settle_s,
        "window_s": asked.window_s,
        "precision": asked.precision,
        "confirm_s": asked.confirm_s,
        "state": point.state,
        "last_good": None if point.last_good is None else _step(point.last_good),
        "first_bad": None if point.first_bad is None else _step(point.first_bad),
        "knee": point.knee,
        "confirmed": point.confirmed,
        "ended_by": point.ended_by or None,
        "why_ended": shortened(point.why_ended, LONGEST),
        "steps": [_step(step) for step in point.steps],
    }


def _step(step: SearchStep) -> Json:
    return {**msgspec.structs.asdict(step), "board": msgspec.structs.asdict(step.board)}
