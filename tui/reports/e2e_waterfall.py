"""The steps of one round on one axis of time, each as a share of it."""

from __future__ import annotations

from math import floor, log10
from typing import NamedTuple

from tui.core.e2e.view import StepView, WorkflowView
from tui.reports import e2e_words as words
from tui.reports.stress_words import said

SIGNS = {
    "passed": "✓",
    "failed": "✗",
    "skipped": "–",
    "omitted": "·",
    "running": "…",
    "waiting": "–",
}
UNDONE = {
    "skipped": "left out",
    "omitted": "n/a",
    "running": "not ended",
    "waiting": "not begun",
}
"""What stands in the place of a bar."""
MOST_TICKS = 6


class Bar(NamedTuple):
    """One step. `start`, `length` and `asking` are shares of the axis."""

    name: str
    what: str
    state: str
    is_cleanup: bool
    start: float
    length: float
    asking: float
    """Of that, how much was spent in requests, or waiting for the camera."""
    took: str
    """How long it took; of a step that was not done, why there is no bar."""
    why: str


class Waterfall(NamedTuple):
    """All steps of a round."""

    axis_ms: float
    bars: tuple[Bar, ...]
    round_end: float | None
    """Where the clean-up begins, as a share of the axis; None while the round goes on."""

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Round moments as shares of the axis, from 0 on, with their words."""
        step_ms = _step_ms(self.axis_ms)
        number = floor(self.axis_ms / step_ms + 1e-9)
        is_clear = step_ms * number >= 1000
        return tuple(
            (each * step_ms / self.axis_ms, _tick(each * step_ms, is_clear=is_clear))
            for each in range(number + 1)
        )


def waterfall(workflow: WorkflowView) -> Waterfall | None:
    """Of the round that is shown; None before one began."""
    if not workflow.shown or not workflow.steps:
        return None
    ends = [step.began_s * 1000 + step.ms for step in workflow.steps if step.ms is not None]
    axis_ms = max([*ends, workflow.round_ms or 0.0]) or 1.0
    has_cleanup = any(step.is_cleanup for step in workflow.steps)
    ended = workflow.round_ms if has_cleanup else None
    return Waterfall(
        axis_ms,
        tuple(_bar(step, axis_ms) for step in workflow.steps),
        None if ended is None else ended / axis_ms,
    )


def _bar(step: StepView, axis_ms: float) -> Bar:
    is_done = step.state in ("passed", "failed") and step.ms is not None
    length_ms = (step.ms or 0.0) if is_done else 0.0
    return Bar(
        name=said(step.name),
        what=said(step.what),
        state=step.state,
        is_cleanup=step.is_cleanup,
        start=min(step.began_s * 1000 / axis_ms, 1.0),
        length=length_ms / axis_ms,
        asking=min(step.request_ms or 0.0, length_ms) / axis_ms,
        took=words.span_words(step.ms) if is_done else UNDONE.get(step.state, ""),
        why=said(step.why),
    )


def _step_ms(axis_ms: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that gives few enough ticks."""
    unit = 10.0 ** floor(log10(axis_ms / MOST_TICKS))
    return next(each * unit for each in (1, 2, 5, 10) if axis_ms / (each * unit) <= MOST_TICKS)


def _tick(at_ms: float, *, is_clear: bool) -> str:
    if not at_ms:
        return "0"
    return f"{at_ms / 1000:g} s" if is_clear else f"{at_ms:g} ms"
