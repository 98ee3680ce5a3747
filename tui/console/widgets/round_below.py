"""What is told of a workflow beneath its steps: why one failed, what else did, what is left."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.theme import Ink
from tui.console.widgets.sheet import Row, wrapped_rows
from tui.core.e2e.judging import maybe_left_text
from tui.core.e2e.view import FailedStep, StepView, WorkflowView
from tui.core.format import count, counted


def below(view: WorkflowView, width: int) -> list[Row]:
    """What failed in rounds that are not shown, and what is left on the service."""
    rows: list[Row] = []
    for text in _elsewhere(view):
        rows += wrapped_rows(text, ("✗ ", Ink.FAIL, True), Ink.FAIL, width)
    left = f"{counted(view.left, 'thing')} it made could not be cleaned up" if view.left else ""
    for text in filter(None, (left, maybe_left_text(view.maybe_left))):
        rows += wrapped_rows(text, ("! ", Ink.WARN, True), Ink.WARN, width)
    return rows


def wrong(view: WorkflowView, step: StepView, width: int, indent: int = 2) -> list[Row]:
    """Why it failed, what was wanted and what came, and the request with its answer."""
    blank = " " * indent
    failed = _failure_of(view, step)
    rows = wrapped_rows(step.why or "failed", (blank, Ink.FAIL), Ink.FAIL, width)
    if failed is None:
        return rows
    is_said = failed.wanted in step.why and failed.got in step.why
    if (failed.wanted or failed.got) and not is_said:
        rows += wrapped_rows(failed.wanted or "–", (f"{blank}wanted ", Ink.MUTE), Ink.TEXT, width)
        rows += wrapped_rows(
            failed.got or "nothing", (f"{blank}got    ", Ink.MUTE), Ink.TEXT, width
        )
    exchange = failed.exchange
    if exchange is not None and exchange.url:
        answer = "no answer" if exchange.status is None else str(exchange.status)
        text = f"{exchange.method} {exchange.url}: {answer}"
        text += f", {exchange.answer}" if exchange.answer else ""
        rows += wrapped_rows(text, (blank, Ink.MUTE), Ink.MUTE, width)
    return rows


def _failure_of(view: WorkflowView, step: StepView) -> FailedStep | None:
    """The same failure with all that is known of it; None where it was one too many to keep."""
    found = [one for one in view.failures if (one.round, one.name) == (view.shown, step.name)]
    return found[-1] if found else None


def _elsewhere(view: WorkflowView) -> list[str]:
    """What failed in other rounds: a line for each step and cause."""
    rounds: dict[tuple[str, str], list[int]] = {}
    for failed in view.failures:
        if failed.round != view.shown:
            rounds.setdefault((failed.name, failed.why), []).append(failed.round)
    return [f"{name} failed in {_which(numbers)}: {why}" for (name, why), numbers in rounds.items()]


def _which(rounds: Sequence[int]) -> str:
    if len(rounds) == 1:
        return f"round {count(rounds[0])}"
    return f"{counted(len(rounds), 'other round')}, first in round {count(rounds[0])}"
