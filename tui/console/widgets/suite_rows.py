"""The tests of a suite, group by group: each in its row, and beneath it what is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from tui.console.cells import Piece, clean, crop, width_of
from tui.console.theme import Ink
from tui.console.widgets.limits import line_width
from tui.console.widgets.round_below import below, wrong
from tui.console.widgets.sheet import Row, Sheet, flush, padded, wrapped_rows
from tui.console.widgets.step_rows import STANDING, left_out_text, looked_for, told_texts
from tui.core.e2e.standing import groups_of
from tui.core.e2e.view import Standing, StepView, TestView, WorkflowView
from tui.core.e2e.workflow import Workflow
from tui.core.format import count, counted, ms

Way = Literal["steps", "whole", "why", "lean"]
"""How much is told beneath a test: its steps; what they found, and all of what is wrong; why it was
not done; why it failed alone."""
WAYS: tuple[Way, ...] = ("steps", "whole", "why", "lean")
BESIDE: tuple[Way, ...] = ("whole", "why", "lean")
TWO_COLUMNS = 72
"""From here on the groups may stand side by side."""
GAP = 2
LEAST_ASIDE = 36
"""Room for a title from which on why its test was not done may stand behind it."""
_OTHERS: tuple[tuple[Standing, str, Ink], ...] = (
    ("failed", "failed", Ink.FAIL),
    ("skipped", "skipped", Ink.WARN),
    ("omitted", "n/a", Ink.MUTE),
)
PACE = 50
"""From here on a test that goes on tells how quick its items are."""
STEP_NAME = 16


class _Suite(msgspec.Struct, frozen=True):
    view: WorkflowView
    steps: dict[str, list[StepView]]
    """By the ids of their tests."""
    sought: str
    """The id of the test that somebody looks for; empty: none."""
    id_width: int


def suite_sheet(view: WorkflowView, width: int, room: int) -> Sheet:
    """As much of it as has room in so many rows of `width` cells; side by side before anything has
    to be scrolled."""
    suite, tail = _suite_of(view), _tail(view, width)
    # Of hundreds of tests nothing has to be tried.
    least = len(view.tests) + len({test.group for test in view.tests})
    for way in WAYS if least <= room else ():
        sheet = _below_each_other(_groups(suite, width, way), tail)
        if len(sheet.rows) <= room:
            return sheet
    for way in BESIDE if width >= TWO_COLUMNS and least <= 2 * room else ():
        beside = _beside_each_other(_groups(suite, (width - GAP) // 2, way), tail, width)
        if len(beside.rows) <= room:
            return beside
    return _below_each_other(_groups(suite, width, "lean"), tail)


def planned_suite(workflow: Workflow, width: int, room: int) -> Sheet:
    """Its tests, before any of them was done."""
    tests = tuple(TestView(test.id, test.title, test.group) for test in workflow.tests)
    return suite_sheet(WorkflowView((), workflow.rounds, tests=tests), width, room)


def counts_pieces(tests: Sequence[TestView], *, is_brief: bool = False) -> Row:
    """`14/15 passed, 1 failed, 1 n/a`, of those that apply here; `is_brief`: without
    what is not wrong."""
    states = [test.state for test in tests]
    if set(states) == {"waiting"}:
        return [(counted(len(tests), "test"), Ink.FAINT)]
    passed = states.count("passed")
    applying = len(tests) - states.count("omitted")
    if not applying:
        return [(f"{count(len(tests))} n/a", Ink.MUTE)]
    row: Row = [(f"{count(passed)}/{count(applying)}", _ink(states, passed, applying), True)]
    if not is_brief:
        row.append((" passed", Ink.MUTE))
    for state, word, ink in _OTHERS:
        if state in states:
            row += [(", ", Ink.MUTE), (f"{count(states.count(state))} {word}", ink)]
    return row


def _ink(states: Sequence[str], passed: int, applying: int) -> Ink:
    if {"failed", "skipped"} & set(states):
        return Ink.FAIL if "failed" in states else Ink.WARN
    return Ink.PASS if passed == applying > 0 else Ink.TEXT


def _suite_of(view: WorkflowView) -> _Suite:
    steps: dict[str, list[StepView]] = {test.id: [] for test in view.tests}
    for step in view.steps:
        if step.test:
            steps[step.test].append(step)
    focus = looked_for(view)
    sought = view.steps[focus].test if focus is not None else ""
    return _Suite(view, steps, sought, max(width_of(clean(test.id)) for test in view.tests))


def _groups(suite: _Suite, width: int, way: Way) -> list[Sheet]:
    groups = groups_of(suite.view)
    return [_group_sheet(suite, name, tests, width, way) for name, tests in groups]


def _group_sheet(
    suite: _Suite, name: str, tests: Sequence[TestView], width: int, way: Way
) -> Sheet:
    head: Row = [(f"{name} ", Ink.MUTE, True), *counts_pieces(tests, is_brief=True)]
    rows, at = [head], None
    for test in tests:
        if test.id == suite.sought:
            at = len(rows)
        steps = suite.steps[test.id]
        rows.append(_test_row(test, steps, suite.id_width, width, way))
        rows += _beneath(suite.view, test, steps, width, way)
    return Sheet(rows, at)


def _test_row(
    test: TestView, steps: Sequence[StepView], id_width: int, width: int, way: Way
) -> Row:
    glyph, ink = STANDING[test.state]
    strong = test.state in ("running", "failed")
    name_ink = Ink.MUTE if test.state in ("waiting", "skipped", "omitted") else Ink.TEXT
    head: Row = [
        (f"{glyph} ", ink, True),
        (f"{clean(test.id)}{' ' * (id_width - width_of(clean(test.id)))} ", Ink.MUTE),
    ]
    right = _right(test, steps, is_wide=width >= PACE)
    room = width - line_width(head) - line_width([right]) - 1
    why = _aside(test) if way == "lean" and room >= LEAST_ASIDE else ""
    # Why it was not done matters more than the end of its title.
    title = crop(test.title, max(room * 2 // 5, room - width_of(why) - 2) if why else room)
    row: Row = [*head, (title, name_ink, strong)]
    if why:
        row.append((f"  {crop(why, room - width_of(title) - 2)}", Ink.FAINT))
    return flush(row, right, width)


def _aside(test: TestView) -> str:
    """What is told in the test's own row where there are no rows beneath."""
    if test.state in ("skipped", "omitted"):
        return clean(test.why)
    return f"{counted(test.omitted, 'step')} n/a" if test.omitted else ""


def _right(test: TestView, steps: Sequence[StepView], *, is_wide: bool) -> Piece:
    """How long it took, how far it is, or that it was not done."""
    if test.state == "running":
        going = next((step for step in steps if step.of), None)
        told = told_texts(going)[0] if going is not None else "…"
        return (told if is_wide else told.partition(",")[0], Ink.ACCENT, True)
    if test.state == "omitted":
        return ("n/a", Ink.MUTE)
    if test.state == "skipped":
        return ("skipped", Ink.WARN)
    if test.ms is None:
        return ("", Ink.MUTE)
    return (f"{ms(test.ms)} ms", Ink.FAIL if test.state == "failed" else Ink.TEXT, True)


def _beneath(
    view: WorkflowView, test: TestView, steps: Sequence[StepView], width: int, way: Way
) -> Iterator[Row]:
    if way == "steps" and test.state not in ("waiting", "omitted", "skipped"):
        for step in steps:
            yield from _step_rows(view, step, width)
        return
    failed = next((step for step in steps if step.state == "failed"), None)
    if failed is not None and way == "whole":
        yield [("  ", Ink.MUTE), (failed.name, Ink.TEXT, True), (f"  {failed.what}", Ink.MUTE)]
        yield from wrong(view, failed, width, indent=4)
    elif test.state == "failed":
        yield from wrapped_rows(test.why, ("  ", Ink.FAIL), Ink.FAIL, width)
    elif way != "lean":
        texts = [text for step in steps for text in told_texts(step)] if way == "whole" else []
        for text in [*filter(None, [_aside(test)]), *texts]:
            yield from wrapped_rows(text, ("  ", Ink.MUTE), Ink.FAINT, width)


def _step_rows(view: WorkflowView, step: StepView, width: int) -> Iterator[Row]:
    glyph, ink = STANDING[step.state]
    name = f"{crop(step.name, STEP_NAME):<{STEP_NAME}} "
    row: Row = [("  ", Ink.MUTE), (f"{glyph} ", ink, True), (name, Ink.MUTE)]
    told = left_out_text(step) if step.state in ("skipped", "omitted") else step.what
    right = (f"{ms(step.ms)} ms", Ink.MUTE) if step.ms is not None else ("", Ink.MUTE)
    room = width - line_width(row) - line_width([right]) - 1
    yield flush([*row, (crop(told, room), Ink.FAINT)], right, width)
    for text in told_texts(step):
        yield from wrapped_rows(text, ("    ", Ink.MUTE), Ink.FAINT, width)
    if step.state == "failed":
        yield from wrong(view, step, width, indent=4)


def _tail(view: WorkflowView, width: int) -> Sheet:
    """The clean-up, as far as there is something to tell of it, and what is left."""
    rows: list[Row] = []
    at = None
    focus = looked_for(view)
    for number, step in enumerate(view.steps):
        if not step.is_cleanup or step.state not in ("running", "failed"):
            continue
        glyph, ink = STANDING[step.state]
        at = len(rows) if number == focus else at
        rows.append([(f"{glyph} ", ink, True), (f"clean-up: {step.name}", Ink.TEXT, True)])
        if step.state == "failed":
            rows += wrong(view, step, width)
    return Sheet([*rows, *below(view, width)], at)


def _below_each_other(groups: Sequence[Sheet], tail: Sheet) -> Sheet:
    rows: list[Row] = []
    at = None
    for sheet in (*groups, tail):
        at = len(rows) + sheet.at if sheet.at is not None else at
        rows += sheet.rows
    return Sheet(rows, at)


def _beside_each_other(groups: Sequence[Sheet], tail: Sheet, width: int) -> Sheet:
    """In two columns, as even as the groups allow; nothing of a group is torn off."""
    sizes = [len(sheet.rows) for sheet in groups]
    cut = min(range(len(sizes) + 1), key=lambda at: max(sum(sizes[:at]), sum(sizes[at:])))
    left = [row for sheet in groups[:cut] for row in sheet.rows]
    right = [row for sheet in groups[cut:] for row in sheet.rows]
    half = (width - GAP) // 2
    rows: list[Row] = []
    for number in range(max(len(left), len(right))):
        first = left[number] if number < len(left) else []
        second = right[number] if number < len(right) else []
        rows.append([*padded(first, half + GAP), *second])
    return Sheet([*rows, *tail.rows])
