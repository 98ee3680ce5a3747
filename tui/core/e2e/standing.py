"""How a workflow stands, in a few words for one line."""

from __future__ import annotations

from tui.core.e2e.view import WorkflowView
from tui.core.format import count, counted


def rounds_text(view: WorkflowView) -> str:
    """`round 2 of 3`; of rounds beside each other `12 of 40 rounds over, 4 under way`."""
    going = view.begun - view.over
    if going > 1:
        rounds = counted(view.rounds, "round")
        return f"{count(view.over)} of {rounds} over, {count(going)} under way"
    return f"round {count(view.begun)} of {count(view.rounds)}"


def step_text(view: WorkflowView) -> str:
    """`store…` while it goes on, `store failed: status 500, not 200`; empty between two steps, and
    where an earlier round is shown."""
    if view.shown != view.begun:
        return ""
    for step in view.steps:
        if step.state == "failed":
            return f"{step.name} failed: {step.why}"
    return next((f"{step.name}…" for step in view.steps if step.state == "running"), "")


def outcome_text(view: WorkflowView) -> str:
    """`2 complete, 1 failed`; empty before a round is over."""
    parts = [f"{count(view.complete)} complete"] if view.complete else []
    return ", ".join([*parts, *([f"{count(view.failed)} failed"] if view.failed else [])])


def share_done(view: WorkflowView) -> float:
    """Of all rounds, 0..1; of the one under way its steps count."""
    done = 0.0
    if view.over < view.begun == view.shown:
        done = sum(step.state not in ("waiting", "running") for step in view.steps)
        done /= max(len(view.steps), 1)
    return min((view.over + done) / max(view.rounds, 1), 1.0)
