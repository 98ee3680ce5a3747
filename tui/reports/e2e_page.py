"""A workflow as the words and places that a run's HTML page shows: all of them clean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core import format as text
from tui.core.e2e.view import FailedStep, Standing, TestView, WorkflowView
from tui.core.model import RunView
from tui.reports import e2e_words as words
from tui.reports import item_words, limit_words, suite_words
from tui.reports.clean import shortened
from tui.reports.e2e_waterfall import SIGNS, Bar, waterfall
from tui.reports.scale import Scale
from tui.reports.stress_tables import Table
from tui.reports.stress_words import Named, said
from tui.reports.tile import Tile

WIDTH = 1000
LEFT, RIGHT = 214, 96
TOP = 26
ROW, WHY_ROW = 40, 18
LEAST_BAR = 2.0
CHARACTER = 7.0
LONGEST_NAME, LONGEST_WHAT, LONGEST_WHY = 28, 34, 120


class BarPart(NamedTuple):
    """One step's row of the waterfall; places in SVG units."""

    y: float
    """Of the row's top."""
    height: float
    name: str
    what: str
    state: str
    kind: str
    """How it is drawn: `failed`, `cleaning` or nothing."""
    x: float
    width: float
    asking: float
    took: str
    why: str
    why_x: float
    is_end: bool
    """Whether the reason ends at its place, for want of room behind it."""


class WaterfallPart(NamedTuple):
    """The round that is shown, on one axis of time."""

    title: str
    known_by: str
    width: int
    height: float
    left: float
    right: float
    top: float
    ticks: tuple[tuple[float, str], ...]
    bars: tuple[BarPart, ...]
    round_end: float | None
    """Where the clean-up begins."""
    round_took: str


class FailedPart(NamedTuple):
    """A step that failed."""

    head: str
    why: str
    difference: tuple[Named, ...]
    facts: tuple[Named, ...]


class StepPart(NamedTuple):
    """A step under its test."""

    name: str
    what: str
    state: str
    took: str
    said: str


class TestPart(NamedTuple):
    """One test of a suite."""

    sign: str
    state: str
    id: str
    title: str
    took: str
    why: str
    steps: tuple[StepPart, ...]


class GroupPart(NamedTuple):
    """Tests of one kind."""

    head: str
    tests: tuple[TestPart, ...]


class WorkflowPart(NamedTuple):
    """The workflow's part of a run's page."""

    notes: tuple[str, ...]
    """That pictures were taken by no camera."""
    drawn: WaterfallPart | None
    groups: tuple[GroupPart, ...]
    """Of a suite; else empty."""
    coverage: str
    """`critical paths 16/16`."""
    facts: tuple[Named, ...]
    table: Table | None
    """None: the tests say it."""
    note: str
    items: Table | None
    told: tuple[Named, ...]
    """What steps found, and why some do not apply."""
    failed: tuple[FailedPart, ...]
    failed_more: int


def workflow_part(view: RunView) -> WorkflowPart | None:
    """None for a run without one."""
    workflow = view.workflow
    if workflow is None:
        return None
    shown, more = words.first_failures(workflow)
    is_suite = workflow.is_suite
    coverage = suite_words.coverage_words(workflow)
    return WorkflowPart(
        notes=words.simulated_words(view),
        drawn=None if is_suite else _drawn(workflow),
        groups=tuple(_group(workflow, group) for group in suite_words.groups_of(workflow))
        if is_suite
        else (),
        coverage=f"{suite_words.tests_name(view)} {coverage}" if is_suite else "",
        facts=suite_words.suite_facts(view, workflow)
        if is_suite
        else words.workflow_facts(workflow),
        table=None if is_suite else words.steps_table(workflow),
        note="" if is_suite else words.note_of(workflow),
        items=item_words.items_table(workflow),
        told=() if is_suite else words.notes_of(workflow),
        failed=tuple(map(_failed, shown)),
        failed_more=more,
    )


def workflow_tiles(view: RunView) -> Iterator[Tile]:
    """The large figures at the head: rounds, how long they and their steps take, and hashes."""
    workflow = view.workflow
    if workflow is None:
        return
    limits = {state.limit.metric: limit_words.bound(state) for state in view.thresholds}

    def under(metric: str, otherwise: str) -> str:
        return f"limit {limits[metric]}" if metric in limits else otherwise

    if workflow.is_suite:
        yield from _suite_tiles(view, workflow)
    else:
        failed = f"{text.count(workflow.failed)} failed" if workflow.failed else "none failed"
        complete = text.count(workflow.complete)
        yield Tile("rounds complete", complete, f"of {workflow.rounds}", failed)
        yield _time("slowest round", workflow.slowest_ms, under("round_s", "of complete rounds"))
        if workflow.rounds > 1:
            below = f"p50 {words.span_words(workflow.p50_ms)}"
            yield _time("p95 of rounds", workflow.p95_ms, below)
    slowest = words.slowest_step(workflow)
    if slowest is not None:
        yield _time("slowest step", slowest.most_ms, words.name_words(slowest))
    compared = "compared and right" if workflow.hashes else "none was compared"
    yield Tile("hashes", text.count(workflow.hashes), "", compared)
    things = "thing" if workflow.left == 1 else "things"
    maybe = workflow.maybe_left
    below = f"and maybe {text.count(maybe)} more" if maybe else "after the clean-up"
    yield Tile("left on the service", text.count(workflow.left), things, below)


def _suite_tiles(view: RunView, workflow: WorkflowView) -> Iterator[Tile]:
    states: tuple[Standing, ...] = ("failed", "skipped", "omitted")
    counts = ((words.STATES[state], len(workflow.tests_in(state))) for state in states)
    rest = ", ".join(f"{text.count(number)} {word}" for word, number in counts if number)
    passed = text.count(len(workflow.tests_in("passed")))
    below = rest or "none failed"
    applying = len(workflow.tests) - len(workflow.tests_in("omitted"))
    yield Tile(suite_words.tests_name(view), passed, f"of {applying}", below)
    yield _time("all tests took", workflow.round_ms, "before the clean-up")


def _group(workflow: WorkflowView, group: suite_words.Group) -> GroupPart:
    return GroupPart(group.head, tuple(_test(workflow, test) for test in group.tests))


def _test(workflow: WorkflowView, test: TestView) -> TestPart:
    return TestPart(
        sign=SIGNS[test.state],
        state=test.state,
        id=test.id,
        title=said(test.title),
        took=suite_words.took_words(test),
        why=said(test.why),
        steps=tuple(
            StepPart(
                name=said(step.name),
                what=said(step.what),
                state=step.state,
                took=suite_words.took_words(step),
                # What failed it stands at the test already.
                said=suite_words.said_of(step) if step.state == "passed" else "",
            )
            for step in suite_words.steps_of(workflow, test)
        ),
    )


def _time(name: str, value_ms: float | None, below: str) -> Tile:
    figure, _, unit = words.span_words(value_ms).rpartition(" ")
    return Tile(name, figure or unit, unit if figure else "", below)


def _drawn(workflow: WorkflowView) -> WaterfallPart | None:
    drawn = waterfall(workflow)
    if drawn is None:
        return None
    axis = Scale(0.0, 1.0, LEFT, WIDTH - RIGHT)
    bars, y = [], float(TOP)
    for bar in drawn.bars:
        part = _bar(bar, axis, y)
        bars.append(part)
        y += part.height
    title = words.shown_words(workflow)
    return WaterfallPart(
        title=f"{title[0].upper()}{title[1:]}, step by step",
        known_by=said(workflow.correlation),
        width=WIDTH,
        height=y + 4,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        ticks=tuple((axis.place(share), told) for share, told in drawn.ticks),
        bars=tuple(bars),
        round_end=None if drawn.round_end is None else axis.place(drawn.round_end),
        round_took=words.span_words(workflow.round_ms),
    )


def _bar(bar: Bar, axis: Scale, y: float) -> BarPart:
    x = axis.place(bar.start)
    width = max(axis.place(bar.start + bar.length) - x, LEAST_BAR) if bar.length else 0.0
    asking = width * bar.asking / bar.length if bar.length else 0.0
    why = shortened(bar.why, LONGEST_WHY) if bar.state == "failed" else ""
    is_end = x + len(why) * CHARACTER > WIDTH
    kind = "failed" if bar.state == "failed" else "cleaning" if bar.is_cleanup else ""
    sign = f"{SIGNS['failed']} " if bar.state == "failed" else ""
    return BarPart(
        y=y,
        height=ROW + (WHY_ROW if why else 0),
        name=shortened(bar.name, LONGEST_NAME),
        what=shortened(bar.what, LONGEST_WHAT),
        state=bar.state,
        kind=kind,
        x=x,
        width=round(width, 1),
        asking=round(asking, 1),
        took=f"{sign}{bar.took}",
        why=why,
        why_x=float(WIDTH) if is_end else x,
        is_end=is_end,
    )


def _failed(failed: FailedStep) -> FailedPart:
    return FailedPart(
        head=words.failure_head(failed),
        why=said(failed.why),
        difference=words.difference(failed),
        facts=words.exchange_facts(failed),
    )
