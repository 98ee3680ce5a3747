"""A workflow as data: the keys `steps`, `tests` and `workflow` of `report.json`. Nothing is
rounded."""

from __future__ import annotations

from typing import Any

import msgspec

from tui.core.e2e.view import FailedStep, StepView, TestView
from tui.core.events import Exchange
from tui.core.model import RunView
from tui.reports.clean import shortened
from tui.reports.utc import iso, of_load

Json = dict[str, Any]
_LIVE = ("done", "of", "going_per_s")
"""Of a step while it goes on."""
LONGEST = 4000
"""Of any text that the service had a say in."""
_WHOLE = (
    "rounds", "begun", "complete", "failed", "completion_rate", "p50_ms", "p95_ms", "slowest_ms",
    "hashes", "left", "maybe_left", "shown", "correlation", "round_ms", "requests_per_s",
)  # fmt: skip


def steps_json(view: RunView) -> list[Json]:
    """Each step over all rounds; `state`, `began_s`, `ms`, `request_ms` and `why` are of the round
    that is shown. Empty for a run without a workflow."""
    return [] if view.workflow is None else [_step(step) for step in view.workflow.steps]


def tests_json(view: RunView) -> list[Json]:
    """Each test of a suite, as it stands in the round that is shown; empty for other runs."""
    return [] if view.workflow is None else [_test(test) for test in view.workflow.tests]


def workflow_json(view: RunView) -> Json | None:
    """The rounds, what is left, and the first steps that failed; None without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return None
    return {
        **{name: getattr(workflow, name) for name in _WHOLE},
        "left_named": [_said(name) for name in workflow.left_named],
        "labels": list(workflow.labels),
        "failures": [_failed(view, failed) for failed in workflow.failures],
    }


def _step(step: StepView) -> Json:
    told = {name: _said(getattr(step, name)) for name in ("what", "why", "note")}
    whole = {**msgspec.structs.asdict(step), **told}
    return {name: value for name, value in whole.items() if name not in _LIVE}


def _test(test: TestView) -> Json:
    return {**msgspec.structs.asdict(test), "why": _said(test.why)}


def _failed(view: RunView, failed: FailedStep) -> Json:
    return {
        "at": iso(of_load(view, failed.at_s)),
        "round": failed.round,
        "correlation": failed.correlation,
        "test": failed.test,
        "step": failed.name,
        "why": _said(failed.why),
        "wanted": _said(failed.wanted),
        "got": _said(failed.got),
        "exchange": None if failed.exchange is None else _exchange(failed.exchange),
    }


def _exchange(exchange: Exchange) -> Json:
    return {
        "method": exchange.method,
        "url": _said(exchange.url),
        "sent": _said(exchange.sent),
        "status": exchange.status,
        "headers": [
            {"name": _said(name), "value": _said(value)} for name, value in exchange.headers
        ],
        "answer": _said(exchange.answer),
    }


def _said(words: str) -> str:
    return shortened(words, LONGEST)
