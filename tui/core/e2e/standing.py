"""How a workflow stands, in a few words for one line."""

from __future__ import annotations

from tui.core.e2e.judging import done_text, passed_text
from tui.core.e2e.view import Standing, StepView, TestView, WorkflowView
from tui.core.format import count, counted, ms
from tui.core.model import Headline

AHEAD: tuple[Standing, ...] = ("waiting", "running")
"""Of a step or a test that is not over."""


def rounds_text(view: WorkflowView) -> str:
    """`round 2 of 3`; of rounds beside each other `12 of 40 rounds over, 4 under way`; of a suite
    `14 of 16 tests`."""
    if view.is_suite:
        return f"{count(len(over_tests(view)))} of {counted(len(view.tests), 'test')}"
    going = view.begun - view.over
    if going > 1:
        rounds = counted(view.rounds, "round")
        return f"{count(view.over)} of {rounds} over, {count(going)} under way"
    return f"round {count(view.begun)} of {count(view.rounds)}"


def step_text(view: WorkflowView) -> str:
    """`store…` while it goes on, of many items `store 120 of 200…`, `store failed: status 500, not
    200`; empty between two steps, and where an earlier round is shown."""
    if view.shown != view.begun:
        return ""
    running = next((step for step in view.steps if step.state == "running"), None)
    if view.is_suite:
        return f"{running.test} {_going(running)}".lstrip() if running is not None else ""
    for step in view.steps:
        if step.state == "failed":
            return f"{step.name} failed: {step.why}"
    return _going(running) if running is not None else ""


def outcome_text(view: WorkflowView) -> str:
    """`2 complete, 1 failed`, `12 passed, 1 failed`; empty before a round or a test is over."""
    told = [(view.complete, "complete"), (view.failed, "failed")]
    if view.is_suite:
        words: tuple[Standing, ...] = ("passed", "failed", "skipped")
        told = [(len(view.tests_in(word)), word) for word in words]
        told.append((len(view.tests_in("omitted")), "n/a"))
    return ", ".join(f"{count(number)} {word}" for number, word in told if number)


def items_p95_text(step: StepView) -> str:
    """`p95 of 20 items 33 ms, limit 2 000 ms`; empty where nobody asks for it, or none passed."""
    if step.item_limit_ms is None or step.item_p95_ms is None:
        return ""
    passed = counted(step.items - step.items_failed, "item")
    return f"p95 of {passed} {ms(step.item_p95_ms)} ms, limit {ms(step.item_limit_ms)} ms"


def groups_of(view: WorkflowView) -> tuple[tuple[str, tuple[TestView, ...]], ...]:
    """The tests of each group by its name, wherever in the suite they stand."""
    names = dict.fromkeys(test.group for test in view.tests)
    return tuple((name, tuple(test for test in view.tests if test.group == name)) for name in names)


def over_tests(view: WorkflowView) -> tuple[TestView, ...]:
    """The tests that are over, in the order of the suite."""
    return tuple(test for test in view.tests if test.state not in AHEAD)


def share_done(view: WorkflowView) -> float:
    """Of all rounds, 0..1; of the one under way its steps count, and the items of a step."""
    done = 0.0
    if view.over < view.begun == view.shown:
        done = sum(map(_step_done, view.steps)) / max(len(view.steps), 1)
    return min((view.over + done) / max(view.rounds, 1), 1.0)


def suite_headline(view: WorkflowView) -> Headline:
    """What matters of a suite now, in a sentence."""
    failed = view.tests_in("failed")
    if failed:
        more = f", and {count(len(failed) - 1)} more" if len(failed) > 1 else ""
        last = failed[-1]
        return Headline("fail", f"{last.id} {last.title} failed", f": {last.why}{more}")
    if len(over_tests(view)) == len(view.tests):
        return Headline("ok", done_text(view))
    going = next((test for test in view.tests if test.state == "running"), None)
    doing = f": {going.id} {going.title}" if going is not None else ""
    return Headline("ok" if view.tests_in("passed") else "info", passed_text(view), doing)


def _going(step: StepView) -> str:
    items = f" {count(step.done)} of {count(step.of)}" if step.of else ""
    return f"{step.name}{items}…"


def _step_done(step: StepView) -> float:
    if step.state == "running":
        return step.done / step.of if step.of else 0.0
    return float(step.state not in AHEAD)
