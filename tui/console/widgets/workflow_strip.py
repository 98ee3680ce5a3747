"""What the verdict strip says of a workflow: how far it is, and what came of its rounds."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.core.e2e.standing import outcome_text, rounds_text, share_done
from tui.core.e2e.view import WorkflowView
from tui.core.format import count, counted

Row = list[Piece]


def rounds_left_text(view: WorkflowView) -> str:
    """`2 rounds`: those that are not over."""
    return counted(max(view.rounds - view.over, 0), "round")


def rounds_done(view: WorkflowView, width: int) -> Row:
    """In the place of the time that a run takes, which nobody knows of a workflow."""
    done = round(share_done(view) * width)
    return [("━" * done, Ink.ACCENT), ("─" * (width - done), Ink.LINE)]


def rounds_line(view: WorkflowView, width: int) -> Row:
    """`round 2 of 3  1 complete`, the latter where there is room."""
    row: Row = [(rounds_text(view) if view.begun else "no round yet", Ink.TEXT)]
    outcome = outcome_text(view)
    more: Row = [*row, (f"  {outcome}", Ink.MUTE)]
    return more if outcome and line_width(more) <= width else row


def failed_text(view: WorkflowView) -> str:
    """`store failed in round 2`; empty where nothing did."""
    if not view.failed and not view.failures:
        return ""
    if not view.failures:
        return counted(view.failed, "failed round")
    last = view.failures[-1]
    return f"{last.name} failed in round {count(last.round)}"


def passed_line(view: WorkflowView) -> Row:
    """What a pass rests on."""
    facts = f", all {counted(view.complete, 'round')} complete"
    if view.hashes:
        facts += f", {counted(view.hashes, 'hash')} compared"
    if not view.left and any(step.is_cleanup for step in view.steps):
        facts += ", nothing left on the service"
    return [("no warnings", Ink.PASS, True), (facts, Ink.MUTE)]


def difference_line(view: WorkflowView) -> Row:
    """What the first failed comparison wanted and got; empty where none was compared."""
    for failed in view.failures:
        if failed.wanted or failed.got:
            return [
                ("! ", Ink.WARN, True),
                (f"{failed.name}: ", Ink.TEXT, True),
                (f"wanted {failed.wanted or '–'}, got {failed.got or 'nothing'}", Ink.TEXT),
            ]
    return []
