"""The rows of a run's tables on its HTML page: every figure is text here, every word is clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import FailureGroup, Figures, Latency, RunView, StageView
from tui.reports import limit_words
from tui.reports.clean import shortened, visible
from tui.reports.conditions import Conditions
from tui.reports.course import Course
from tui.reports.findings import NEAR

LONGEST_NAME = 120
LONGEST_SAMPLE = 160
PERCENTILES = ("min", "p50", "p75", "p90", "p95", "p99", "p999", "max")
Percentiles = tuple[str, tuple[str, ...]]
"""A name, and a figure in each column."""


class LimitRow(NamedTuple):
    """A threshold or goal."""

    metric: str
    observed: str
    limit: str
    margin: str
    used: int
    bar: str
    sign: str
    word: str
    is_first_goal: bool


class Cell(NamedTuple):
    """A figure, and what it is sorted by."""

    words: str
    value: float


class EndpointRow(NamedTuple):
    """An endpoint's figures."""

    name: str
    cells: tuple[Cell, ...]


class FailureRow(NamedTuple):
    """A kind of failure."""

    times: str
    endpoint: str
    klass: str
    error: str
    first: str
    last: str
    sample: str


class SlowRow(NamedTuple):
    """A slow request."""

    ms: str
    endpoint: str
    at: str
    heat: str


class StageRow(NamedTuple):
    """A stage's figures."""

    cells: tuple[str, ...]
    word: str


def slow_rows(view: RunView, course: Course) -> Iterator[SlowRow]:
    """The slowest requests, with the board's heat at their ends."""
    known = course.conditions or (Conditions(),) * len(view.slow)
    for slow, condition in zip(view.slow, known, strict=True):
        heat = text.NOTHING if condition.tj_c is None else text.fixed(condition.tj_c, 1)
        where = _name(slow.method, slow.name)
        yield SlowRow(text.ms(slow.ms), where, text.clock(slow.ended_s), heat)


def limit_row(state: LimitState, goal_number: int) -> LimitRow:
    """`goal_number` is below 0 for a threshold."""
    used = 1.0 if limit_words.is_never(state) else state.used or 0.0
    broken = "FAIL" if goal_number < 0 else "MISSED"
    word = "n/a" if state.passed is None else "PASS" if state.passed else broken
    return LimitRow(
        metric=text.metric_label(state.limit.metric),
        observed=limit_words.observed(state),
        limit=limit_words.bound(state),
        margin=limit_words.margin(state).removeprefix("margin "),
        used=round(min(used, 1.0) * 100),
        bar="over"
        if state.passed is False
        else "near"
        if used >= NEAR and not state.limit.is_floor
        else "",
        sign={"PASS": "✓", "FAIL": "✗", "MISSED": "!"}.get(word, ""),
        word=word,
        is_first_goal=goal_number == 0,
    )


def stage_row(stage: StageView) -> StageRow:
    """One stage of a staircase."""
    figures, latency = stage.figures, stage.figures.latency
    cells = (
        text.count(stage.users),
        text.clock(stage.from_s),
        text.duration(round(stage.measured_s)),
        text.rate(figures.rps),
        text.ms(latency.p50),
        text.ms(latency.p95),
        text.ms(latency.p99),
        text.count(figures.failures),
    )
    word = {True: "PASS", False: "FAIL", None: "n/a"}[stage.passed]
    return StageRow(cells, word)


def endpoint_row(figures: Figures) -> EndpointRow:
    """One endpoint, or all of them."""
    latency = figures.latency

    def cell(value: float | None, words: Callable[[float], str]) -> Cell:
        return Cell(
            text.NOTHING if value is None else words(value), -1.0 if value is None else value
        )

    return EndpointRow(
        _name(figures.method, figures.name),
        (
            cell(figures.requests, text.count),
            cell(figures.failures, text.count),
            cell(figures.rps, text.rate),
            *(
                cell(value, text.ms)
                for value in (latency.mean, latency.p50, latency.p95, latency.p99, latency.max)
            ),
        ),
    )


def percentile_rows(total: Figures) -> tuple[tuple[str, ...], tuple[Percentiles, ...]]:
    """Heads, then a row for each percentile."""
    columns: list[tuple[str, Latency]] = [("all", total.latency), ("successful", total.succeeded)]
    if total.service is not None:
        columns = [("intended send", total.latency), ("actual send", total.service)]
    rows = tuple(
        (
            "p99.9" if each == "p999" else each,
            tuple(text.ms(getattr(latency, each)) for _, latency in columns),
        )
        for each in PERCENTILES
    )
    return tuple(name for name, _ in columns), rows


def failure_row(group: FailureGroup) -> FailureRow:
    """One kind of failure; what the target said is bounded and clean."""
    return FailureRow(
        text.count(group.count),
        _name(group.method, group.name),
        visible(group.failure_class),
        visible(group.error),
        text.clock(group.first_s),
        text.clock(group.last_s),
        shortened(visible(group.sample), LONGEST_SAMPLE),
    )


def _name(method: str, name: str) -> str:
    return shortened(visible(f"{method} {name}".strip()), LONGEST_NAME)
