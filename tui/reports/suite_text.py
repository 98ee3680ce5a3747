"""The tests of a suite as a block of the headless summary: plain lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tui.core.e2e.standing import items_p95_text
from tui.core.e2e.view import TestView, WorkflowView
from tui.reports import suite_words as words
from tui.reports.clean import shortened
from tui.reports.e2e_waterfall import SIGNS
from tui.reports.stress_words import said

WIDTH = 80
_TOOK = 9
_DEEP = " " * 8


def tests_lines(workflow: WorkflowView, *, with_steps: bool) -> list[str]:
    """Group by group a line for each test, under it why it did not pass and what its steps found;
    with each of its steps where they are asked for."""
    identity = max((len(test.id) for test in workflow.tests), default=0)
    lines = ["Tests:"]
    for group in words.groups_of(workflow):
        lines.append(f"  {group.head}")
        for test in group.tests:
            lines.append(_test_line(test, identity))
            lines += _beneath(workflow, test, with_steps=with_steps)
    return lines


def _test_line(test: TestView, identity: int) -> str:
    room = WIDTH - identity - _TOOK - 10
    title = shortened(said(test.title), room)
    took = words.took_words(test)
    return f"    {SIGNS[test.state]} {test.id:<{identity}}  {title:<{room}}  {took:>{_TOOK}}"


def _beneath(workflow: WorkflowView, test: TestView, *, with_steps: bool) -> Iterator[str]:
    if test.why:
        yield from _wrapped(said(test.why))
    for step in words.steps_of(workflow, test):
        if with_steps:
            told = "" if step.why and step.why in test.why else words.said_of(step)
            line = f"{said(step.name)}, {said(step.what)}: {words.state_words(step)}"
            yield from _wrapped(f"{line}{told and '; '}{told}")
        elif step.state == "passed":
            for told in filter(None, (items_p95_text(step), said(step.note))):
                yield from _wrapped(told)


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=_DEEP,
        subsequent_indent=f"{_DEEP}  ",
        break_on_hyphens=False,
    )
