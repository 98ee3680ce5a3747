"""The tests of a suite in the words and tables that every form of a report uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core import format as text
from tui.core.e2e import standing
from tui.core.e2e.view import Standing, StepView, TestView, WorkflowView
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports import item_words
from tui.reports.stress_words import Named, said

_COUNTED: tuple[Standing, ...] = ("failed", "skipped", "omitted", "running", "waiting")


class Group(NamedTuple):
    """Tests of one kind."""

    head: str
    """`health 4/4`, `security 2/3 passed, 1 failed, 1 n/a`."""
    tests: tuple[TestView, ...]


def groups_of(workflow: WorkflowView) -> tuple[Group, ...]:
    """In the order in which they begin."""
    return tuple(_group(name, tests) for name, tests in standing.groups_of(workflow))


def tests_name(view: RunView) -> str:
    """What its tests are called together."""
    return "critical paths" if view.facts.scenario.kind == "smoke" else "tests"


def coverage_words(workflow: WorkflowView) -> str:
    """`16/16`, `13/15 passed, 1 failed, 1 skipped, 1 n/a`: of those that apply here."""
    return _share_words(workflow.tests)


def took_words(done: TestView | StepView) -> str:
    """`84 ms`, else what became of it: `n/a`, `skipped`."""
    return words.span_words(done.ms) if done.ms is not None else words.STATES[done.state]


def steps_of(workflow: WorkflowView, test: TestView) -> tuple[StepView, ...]:
    """Of one test."""
    return tuple(step for step in workflow.steps if step.test == test.id)


def said_of(step: StepView) -> str:
    """What was wrong with it, else what it found; behind that its items and records."""
    parts = [said(step.why), said(step.note), item_words.items_words(step)]
    return "; ".join(filter(None, parts))


def state_words(step: StepView) -> str:
    """`passed in 12 ms`, `n/a`."""
    state = words.STATES[step.state]
    return state if step.ms is None else f"{state} in {words.span_words(step.ms)}"


def suite_facts(view: RunView, workflow: WorkflowView) -> tuple[Named, ...]:
    """All of it by name; what nobody knows is left out."""
    return tuple((name, told) for name, told in _facts(view, workflow) if told)


def _group(name: str, tests: tuple[TestView, ...]) -> Group:
    return Group(f"{said(name)} {_share_words(tests)}", tests)


def _share_words(tests: tuple[TestView, ...]) -> str:
    passed = sum(test.state == "passed" for test in tests)
    applying = sum(test.state != "omitted" for test in tests)
    share = f"{text.count(passed)}/{text.count(applying)}"
    if passed == len(tests):
        return share
    if not applying:
        return f"{text.count(len(tests))} {words.STATES['omitted']}"
    counts = ((state, sum(test.state == state for test in tests)) for state in _COUNTED)
    rest = (f"{text.count(number)} {words.STATES[state]}" for state, number in counts if number)
    return f"{share} passed, {', '.join(rest)}"


def _facts(view: RunView, workflow: WorkflowView) -> Iterator[Named]:
    yield tests_name(view), coverage_words(workflow)
    cleaning = sum(step.is_cleanup for step in workflow.steps)
    also = f", and {text.count(cleaning)} to clean up" if cleaning else ""
    yield "steps", f"{text.count(len(workflow.steps) - cleaning)}{also}"
    yield "took", "" if workflow.round_ms is None else words.span_words(workflow.round_ms)
    yield from words.common_facts(workflow)
