"""The tests of a suite, as their steps stand."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core.e2e.deed import Decide, Make, Simulate
from tui.core.e2e.round_fold import Shown
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.view import Standing, TestView
from tui.core.e2e.workflow import Step, Workflow

_PREPARING = (Make, Decide, Simulate)


def tests_of(workflow: Workflow, shown: Sequence[Shown]) -> tuple[TestView, ...]:
    """In the order of the suite; `shown`: its steps in theirs."""
    stands = dict(zip(workflow.names, shown, strict=True))
    steps = {step.name: step for step in workflow.steps}
    return tuple(
        _view(test, [(steps[name], stands[name]) for name in test.steps]) for test in workflow.tests
    )


def _view(test: SmokeTest, steps: Sequence[tuple[Step, Shown]]) -> TestView:
    state = _state(steps)
    told = next((pair for pair in steps if pair[1].state == state), None)
    why = ""
    if told is not None and state in ("failed", "skipped", "omitted"):
        why = f"{told[0].name}: {told[1].why}" if state == "failed" else told[1].why
    omitted = sum(each.state == "omitted" for _, each in steps)
    return TestView(
        id=test.id,
        title=test.title,
        group=test.group,
        state=state,
        ms=_ms(steps) if state in ("passed", "failed") else None,
        why=why,
        omitted=omitted if state != "omitted" else 0,
    )


def _state(steps: Sequence[tuple[Step, Shown]]) -> Standing:
    states = [each.state for _, each in steps]
    if set(states) == {"waiting"}:
        return "waiting"
    if {"waiting", "running"} & set(states):
        return "running"  # between two steps too
    if "failed" in states:
        return "failed"
    if "skipped" in states:
        return "skipped"
    counting = [each.state for step, each in steps if _counts(step)] or states
    return "omitted" if set(counting) == {"omitted"} else "passed"


def _counts(step: Step) -> bool:
    """Whether it asks the service for something, or looks at it: the others only prepare that."""
    if step.deed is not None:
        return not isinstance(step.deed, _PREPARING)
    return bool(step.operation)


def _ms(steps: Sequence[tuple[Step, Shown]]) -> float | None:
    done = [each for _, each in steps if each.ms is not None]
    if not done:
        return None
    ends = max(each.began_s * 1000 + (each.ms or 0.0) for each in done)
    return ends - min(each.began_s for each in done) * 1000
