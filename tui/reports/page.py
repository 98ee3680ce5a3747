"""A run as the words that its HTML page shows: every figure is text here, every word is clean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import FailureGroup, Figures, Latency, RunView, StageView
from tui.reports import limit_words
from tui.reports.board_findings import Finding
from tui.reports.board_page import BoardPart, board_part
from tui.reports.clean import shortened, visible
from tui.reports.conditions import Conditions
from tui.reports.course import Course
from tui.reports.drawings import distribution_svg, scaling_svg
from tui.reports.embedded import FILES_CHARACTERS, File, files_of
from tui.reports.facts import Fact, facts_of, load_words
from tui.reports.findings import NEAR, findings_of_load, other_warnings, recommendations
from tui.reports.measurement import measurement_of
from tui.reports.mix import MixShares, mix_of
from tui.reports.sheet import Sheet, sheet_of
from tui.reports.stages import measured_stages
from tui.reports.tiles import Tile, tiles_of

if TYPE_CHECKING:
    from markupsafe import Markup

MAX_ENDPOINTS = 40
MAX_FAILURES = 20
MAX_SLOW = 10
MAX_WARNINGS = 20
LONGEST_NAME = 120
LONGEST_SAMPLE = 160
PERCENTILES = ("min", "p50", "p75", "p90", "p95", "p99", "p999", "max")


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


class RunPart(NamedTuple):
    """A run's part of the page."""

    id: str
    anchor: str
    title: str
    scenario: str
    target: str
    load: str
    verdict: str
    reason: str
    advice: str
    is_simulated: bool
    p95: str
    rps: str
    tiles: tuple[Tile, ...]
    board: BoardPart
    facts: tuple[Fact, ...]
    limits: tuple[LimitRow, ...]
    limits_of: str
    sheet: Sheet | None
    readouts: str
    stages: tuple[StageRow, ...]
    scaling: Markup | None
    endpoint_heads: tuple[str, ...]
    endpoints: tuple[EndpointRow, ...]
    endpoints_more: int
    total: EndpointRow
    mix: MixShares | None
    spread: Markup | None
    percentile_heads: tuple[str, ...]
    percentiles: tuple[tuple[str, tuple[str, ...]], ...]
    failures: tuple[FailureRow, ...]
    failures_more: int
    slow: tuple[SlowRow, ...]
    has_heat: bool
    slow_from: str
    measurement: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    recommendations: tuple[str, ...]
    warnings: tuple[str, ...]
    files: tuple[File, ...]
    files_left_out: str


def run_part(view: RunView, course: Course, runs: int) -> RunPart:
    """A run's part of a page that holds so many."""
    facts, judgement, sheet = view.facts, view.judgement, sheet_of(view, course.board)
    embedded, left_out = files_of(view, course, FILES_CHARACTERS // runs)
    limits = view.thresholds + view.goals
    heads, percentiles = _percentiles(view.total)
    slow = tuple(_slow(view, course))[:MAX_SLOW]
    # The line would set the whole run's latencies under a limit that each stage has by itself.
    is_staged = facts.scenario.load.judge == "stage"
    return RunPart(
        id=facts.id,
        anchor=f"run-{facts.id}",
        title=visible(facts.scenario.title),
        scenario=facts.scenario.id,
        target=visible(facts.target.name),
        load=load_words(view),
        verdict=judgement.verdict if judgement else "RUNNING",
        reason=visible(judgement.reason) if judgement else "the run goes on",
        advice=visible(judgement.advice) if judgement else "",
        is_simulated=facts.target.is_demo,
        p95=text.ms(view.total.latency.p95),
        rps=text.rate(view.total.rps),
        tiles=tiles_of(view),
        board=board_part(view),
        facts=tuple((visible(name), visible(value)) for name, value in facts_of(view)),
        limits=tuple(
            _limit(state, number - len(view.thresholds)) for number, state in enumerate(limits)
        ),
        limits_of=limit_words.scope(view),
        sheet=sheet,
        readouts=json.dumps(sheet.readouts if sheet else [], ensure_ascii=False),
        stages=tuple(_stage(stage) for stage in measured_stages(view)),
        scaling=scaling_svg(view.stages),
        endpoint_heads=("requests", "failed", "rps", "mean", "p50", "p95", "p99", "max ms"),
        endpoints=tuple(_endpoint(figures) for figures in view.endpoints[:MAX_ENDPOINTS]),
        endpoints_more=max(len(view.endpoints) - MAX_ENDPOINTS, 0),
        total=_endpoint(view.total),
        mix=mix_of(view),
        spread=distribution_svg(course.total, () if is_staged else view.thresholds),
        percentile_heads=heads,
        percentiles=percentiles,
        failures=tuple(_failure(group) for group in view.failures[:MAX_FAILURES]),
        failures_more=max(len(view.failures) - MAX_FAILURES, 0),
        slow=slow,
        has_heat=any(row.heat != text.NOTHING for row in slow),
        slow_from=text.ms(facts.scenario.load.slow_ms),
        measurement=tuple((name, visible(value)) for name, value in measurement_of(view)),
        findings=tuple(each._replace(what=visible(each.what)) for each in findings_of_load(view)),
        recommendations=tuple(visible(advice) for advice in recommendations(view)),
        warnings=tuple(visible(warning) for warning in other_warnings(view)[:MAX_WARNINGS]),
        files=embedded,
        files_left_out=", ".join(left_out),
    )


def _slow(view: RunView, course: Course) -> Iterator[SlowRow]:
    known = course.conditions or (Conditions(),) * len(view.slow)
    for slow, condition in zip(view.slow, known, strict=True):
        heat = text.NOTHING if condition.tj_c is None else text.fixed(condition.tj_c, 1)
        where = _name(slow.method, slow.name)
        yield SlowRow(text.ms(slow.ms), where, text.clock(slow.ended_s), heat)


def _limit(state: LimitState, goal_number: int) -> LimitRow:
    used = state.used or 0.0
    broken = "FAIL" if goal_number < 0 else "MISSED"
    word = "n/a" if state.passed is None else "PASS" if state.passed else broken
    return LimitRow(
        metric=text.metric_label(state.limit.metric),
        observed=limit_words.observed(state),
        limit=limit_words.bound(state),
        margin=limit_words.margin(state).removeprefix("margin "),
        used=round(min(used, 1.0) * 100),
        bar="over" if state.passed is False else "near" if used >= NEAR else "",
        sign={"PASS": "✓", "FAIL": "✗", "MISSED": "!"}.get(word, ""),
        word=word,
        is_first_goal=goal_number == 0,
    )


def _stage(stage: StageView) -> StageRow:
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


def _endpoint(figures: Figures) -> EndpointRow:
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


def _percentiles(total: Figures) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
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


def _failure(group: FailureGroup) -> FailureRow:
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
