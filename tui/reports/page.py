"""A run as the words that its HTML page shows: every figure is text here, every word is clean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from tui.core import format as text
from tui.core.model import RunView
from tui.core.stress.scope import is_judged_under_stress
from tui.reports import limit_words
from tui.reports.board_findings import Finding
from tui.reports.board_page import BoardPart, board_part
from tui.reports.camera_page import CamerasPart, cameras_part
from tui.reports.clean import visible
from tui.reports.course import Course
from tui.reports.drawings import distribution_svg, scaling_svg
from tui.reports.e2e_page import WorkflowPart, workflow_part
from tui.reports.embedded import FILES_CHARACTERS, File, files_of
from tui.reports.facts import Fact, facts_of, load_words
from tui.reports.findings import findings_of_load, other_warnings, recommendations
from tui.reports.measurement import measurement_of
from tui.reports.mix import MixShares, mix_of
from tui.reports.page_rows import (
    EndpointRow,
    FailureRow,
    LimitRow,
    SlowRow,
    StageRow,
    endpoint_row,
    failure_row,
    limit_row,
    percentile_rows,
    slow_rows,
    stage_row,
)
from tui.reports.search_page import SearchPart, search_part
from tui.reports.sheet import Sheet, sheet_of
from tui.reports.stages import measured_stages
from tui.reports.storage_page import StoragePart, storage_part
from tui.reports.stress_page import StressPart, stress_part
from tui.reports.tile import Tile
from tui.reports.tiles import tiles_of

if TYPE_CHECKING:
    from markupsafe import Markup

MAX_ENDPOINTS = 40
MAX_FAILURES = 20
MAX_SLOW = 10
MAX_WARNINGS = 20


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
    is_loaded: bool
    stress: StressPart | None
    cameras: CamerasPart | None
    storage: StoragePart | None
    workflow: WorkflowPart | None
    search: SearchPart | None
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
    facts, judgement = view.facts, view.judgement
    sheet = sheet_of(view, course.board, course.health, course.cameras)
    is_loaded = facts.scenario.load is not None
    embedded, left_out = files_of(view, course, FILES_CHARACTERS // runs)
    limits = view.thresholds + view.goals
    heads, percentiles = percentile_rows(view.total)
    slow = tuple(slow_rows(view, course))[:MAX_SLOW]
    # The line would set the whole run's latencies under a limit that each level, or the stress,
    # has by itself.
    is_by_part = (
        facts.scenario.judges_stages
        or view.search is not None
        or is_judged_under_stress(facts.scenario)
    )
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
        is_simulated=facts.is_demo,
        p95=text.ms(view.total.latency.p95),
        rps=text.rate(view.total.rps) if is_loaded else text.NOTHING,
        is_loaded=is_loaded,
        stress=stress_part(view),
        cameras=cameras_part(view),
        storage=storage_part(view),
        workflow=workflow_part(view),
        search=search_part(view),
        tiles=tiles_of(view),
        board=board_part(view),
        facts=tuple((visible(name), visible(value)) for name, value in facts_of(view)),
        limits=tuple(
            limit_row(state, number - len(view.thresholds)) for number, state in enumerate(limits)
        ),
        limits_of=limit_words.scope(view),
        sheet=sheet,
        readouts=json.dumps(sheet.readouts if sheet else [], ensure_ascii=False),
        stages=tuple(stage_row(stage) for stage in measured_stages(view)),
        scaling=scaling_svg(view.stages),
        endpoint_heads=("requests", "failed", "rps", "mean", "p50", "p95", "p99", "max ms"),
        endpoints=tuple(endpoint_row(figures) for figures in view.endpoints[:MAX_ENDPOINTS]),
        endpoints_more=max(len(view.endpoints) - MAX_ENDPOINTS, 0),
        total=endpoint_row(view.total),
        mix=mix_of(view),
        spread=distribution_svg(course.total, () if is_by_part else view.thresholds),
        percentile_heads=heads,
        percentiles=percentiles,
        failures=tuple(failure_row(group) for group in view.failures[:MAX_FAILURES]),
        failures_more=max(len(view.failures) - MAX_FAILURES, 0),
        slow=slow,
        has_heat=any(row.heat != text.NOTHING for row in slow),
        slow_from=text.ms(facts.scenario.slow_ms),
        measurement=tuple((name, visible(value)) for name, value in measurement_of(view)),
        findings=tuple(each._replace(what=visible(each.what)) for each in findings_of_load(view)),
        recommendations=tuple(visible(advice) for advice in recommendations(view)),
        warnings=tuple(visible(warning) for warning in other_warnings(view)[:MAX_WARNINGS]),
        files=embedded,
        files_left_out=", ".join(left_out),
    )
