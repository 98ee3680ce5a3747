"""A workflow in plain words, for somebody who was not there."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core import format as text
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports.e2e_text import failed_lines, steps_lines, waterfall_lines
from tui.reports.facts import load_words
from tui.reports.stress_words import said

MEANINGS = {
    "round_s": "the longest time from a round's first step to the last before the clean-up",
    "step_ms": "the longest time that any step took",
    "completion_rate": "the share of rounds in which every step passed, the clean-up too",
    "overhead_ms": "what 95 of 100 steps take at most beyond their requests and waits",
}
"""What each metric of a workflow is, in one clause."""


def went(view: RunView) -> Iterator[str]:
    """Sentences on which steps it went, how often, and what became of them."""
    workflow, plan = view.workflow, view.facts.scenario.workflow
    if workflow is None or plan is None:
        return
    names = ", ".join(said(step.name) for step in plan.steps)
    where = f"{said(view.facts.target.name)}, {said(view.facts.url)}"
    yield f"It went through the steps of a round on {where}: {names} ({load_words(view)})."
    if plan.cleanup:
        names = ", ".join(said(step.name) for step in plan.cleanup)
        yield f"What a round had made was cleaned up after it, whatever became of it: {names}."
    yield f"Rounds: {words.rounds_words(workflow)}."
    if workflow.hashes:
        hashes = text.counted(workflow.hashes, "SHA-256 hash")
        yield f"It compared {hashes} of what came back with what was sent, and they were right."
    left = words.left_words(workflow)
    if left:
        yield f"Left on the service: {left}."
    yield from (f"{line[0].upper()}{line[1:]}." for line in words.simulated_words(view))


def took(view: RunView) -> list[str]:
    """Each step over all rounds, and the round that is shown; empty without a workflow."""
    workflow = view.workflow
    if workflow is None:
        return []
    drawn = waterfall_lines(workflow)
    return [*steps_lines(workflow), *(["", *drawn] if drawn else [])]


def broke(view: RunView) -> list[str]:
    """Each step that failed, with its request, the answer and the difference."""
    return [] if view.workflow is None else failed_lines(view.workflow)[1:]
