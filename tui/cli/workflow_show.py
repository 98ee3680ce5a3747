"""The lines of `jetproof show` that tell of a workflow: its rounds, and each of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.e2e.workflow import Step, Workflow

Labelled = tuple[str, str]
"""What stands at the left, empty to go on with the one above, and a text."""


def workflow_lines(workflow: Workflow) -> Iterator[Labelled]:
    """In the order in which it happens."""
    from tui.core.e2e.workflow import workflow_text
    from tui.core.format import duration

    pace = f"; one begins every {duration(workflow.every_s)} at most" if workflow.every_s else ""
    yield "does", f"{workflow_text(workflow)}{pace}"
    width = max(len(name) for name in workflow.names)
    for label, steps in (("steps", workflow.steps), ("cleanup", workflow.cleanup)):
        for step in steps:
            yield label, f"{step.name:<{width}}  {_step(step)}"
            label = ""
    yield "fails", "a step that fails, and anything left on the service, too"


def _step(step: Step) -> str:
    """`store with capture, within 2 s; checks sha256; saves id`."""
    from tui.core.e2e.workflow import asked_text
    from tui.core.format import duration

    action = asked_text(step, ()) + (f" with {step.send}" if step.send else "")
    if step.within_ms is not None:
        action += f", within {duration(step.within_ms / 1000)}"
    if step.poll is not None:
        action += f", asked every {duration(step.poll.every_s)} until right"
        action += f", {duration(step.poll.within_s)} at most"
    checks = ", ".join(check.place for check in step.checks)
    saved = ", ".join(name for name, _ in step.save)
    parts = [action, f"checks {checks}" if checks else "", f"saves {saved}" if saved else ""]
    return "; ".join(filter(None, parts))
