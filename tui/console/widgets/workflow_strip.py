"""What the verdict strip says of a workflow: how far it is, and what came of its rounds."""

from __future__ import annotations

from collections.abc import Iterator

from tui.console.cells import Piece
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.core.e2e.standing import outcome_text, over_tests, rounds_text, share_done
from tui.core.e2e.view import FailedStep, WorkflowView
from tui.core.format import count, counted

Row = list[Piece]


def rounds_left_text(view: WorkflowView) -> str:
    """`2 rounds`, `9 tests`: those that are not over."""
    if view.is_suite:
        return counted(len(view.tests) - len(over_tests(view)), "test")
    return counted(max(view.rounds - view.over, 0), "round")


def rounds_done(view: WorkflowView, width: int) -> Row:
    """In the place of the time that a run takes, which nobody knows of a workflow."""
    done = round(share_done(view) * width)
    return [("━" * done, Ink.ACCENT), ("─" * (width - done), Ink.LINE)]


def rounds_line(view: WorkflowView, width: int) -> Row:
    """`round 2 of 3  1 complete`, `7 of 16 tests  7 passed`, the latter where there is room."""
    none = "no test yet" if view.is_suite else "no round yet"
    row: Row = [(rounds_text(view) if view.begun else none, Ink.TEXT)]
    # What failed of a suite is told behind it, in its own colour.
    outcome = "" if view.is_suite and view.tests_in("failed") else outcome_text(view)
    more: Row = [*row, (f"  {outcome}", Ink.MUTE)]
    return more if outcome and line_width(more) <= width else row


def failed_text(view: WorkflowView) -> str:
    """`store failed in round 2`, `SMK-07 failed`, `2 tests failed`; empty where nothing did."""
    if view.is_suite and (tests := view.tests_in("failed")):
        many = len(tests) > 1
        return f"{counted(len(tests), 'test')} failed" if many else f"{tests[0].id} failed"
    if not view.failed and not view.failures:
        return ""
    if not view.failures:
        return counted(view.failed, "failed round")
    last = view.failures[-1]
    return f"{last.name} failed" + (f" in round {count(last.round)}" if view.rounds > 1 else "")


def named(failed: FailedStep) -> str:
    """`SMK-07 store`, where it belongs to a test."""
    return f"{failed.test} {failed.name}".lstrip()


def passed_line(view: WorkflowView) -> Row:
    """What a pass rests on."""
    facts = "" if view.is_suite else f", all {counted(view.complete, 'round')} complete"
    if view.hashes:
        facts += f", {counted(view.hashes, 'hash')} compared"
    if not view.left and any(step.is_cleanup for step in view.steps):
        facts += ", nothing left on the service"
    return [("no warnings", Ink.PASS, True), (facts, Ink.MUTE)]


def _compared(failed: FailedStep) -> Iterator[str]:
    if failed.wanted:
        yield f"wanted {failed.wanted}"
    if failed.got:
        yield f"got {failed.got}"


def difference_line(view: WorkflowView) -> Row:
    """What the first failed comparison wanted and got; empty where none was compared."""
    for failed in view.failures:
        if failed.wanted or failed.got:
            return [
                ("! ", Ink.WARN, True),
                (f"{named(failed)}: ", Ink.TEXT, True),
                (", ".join(_compared(failed)), Ink.TEXT),
            ]
    return []
