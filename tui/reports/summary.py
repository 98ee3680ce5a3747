"""A run as a block of text, for terminals, pipes and CI logs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from typing import TextIO

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.outcome import NotRun, Outcome, asked_text
from tui.core.remarks import board_warnings
from tui.reports import limit_words
from tui.reports.board_words import (
    REPLAYED,
    alerts_words,
    incomparable_words,
    is_replayed,
    rise_words,
    throttle_reasons,
    throttled_words,
    worst_rise,
)
from tui.reports.camera_findings import told_of_each
from tui.reports.camera_text import camera_blocks, cameras_line
from tui.reports.chart import latency_chart
from tui.reports.clean import visible
from tui.reports.e2e_findings import said_by_workflow
from tui.reports.e2e_text import workflow_blocks
from tui.reports.facts import load_words
from tui.reports.measurement import UNLOADED, floor_words
from tui.reports.search_text import search_block
from tui.reports.stages import measured_stages
from tui.reports.storage_text import storage_blocks, storage_line
from tui.reports.stress_text import jitter_line, stress_blocks

RULE = "=" * 30
MAX_FAILURES = 10
MAX_SLOW = 5
WIDEST_CHART = 100
ASCII = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "–": "-",
        "…": "...",
        "·": "-",
        "×": "x",
        "\u202f": " ",
        "█": "#",
        "░": "=",
    }
)
"""Stand-ins for what a plain stream can't show."""


def summary(view: RunView, *, ascii_only: bool = False, chart_width: int = 0) -> str:
    """The summary of a run that has ended; with a chart where there is room for one."""
    is_loaded = view.facts.scenario.load is not None
    sections = [
        _head(view),
        *([_counts(view), _latencies(view)] if is_loaded else []),
        *stress_blocks(view),
        *camera_blocks(view),
        *storage_blocks(view),
        *workflow_blocks(view),
        search_block(view),
        _thresholds(view),
        _goals(view),
        _stages(view),
        _failures(view),
        _slowest(view),
        _board(view),
        _measurement(view),
        _warnings(view),
    ]
    if chart_width:
        sections.append(latency_chart(view, min(chart_width, WIDEST_CHART)).splitlines())
    sections.append([_verdict(view), RULE])
    blocks = ("\n".join(visible(line) for line in lines) for lines in sections if lines)
    block = "\n\n".join(blocks) + "\n"
    return plain(block) if ascii_only else block


def summary_for(stream: TextIO) -> Callable[[Outcome], str]:
    """The summary as `stream` can show it: a chart on a terminal, ASCII where it is no UTF-8."""
    ascii_only = is_ascii_only(stream)
    is_chart = stream.isatty() and not ascii_only

    def make(outcome: Outcome) -> str:
        if isinstance(outcome, NotRun):
            line = absence(outcome)
            return plain(line) if ascii_only else line
        width = shutil.get_terminal_size().columns if is_chart else 0
        return summary(outcome, ascii_only=ascii_only, chart_width=width)

    return make


def absence(missing: NotRun) -> str:
    """What stands in the place of a run that did not happen."""
    asked = asked_text(missing.scenario, missing.target)
    return visible(f"{missing.status}: {asked}: {missing.why}") + "\n"


def is_ascii_only(stream: TextIO) -> bool:
    """Whether it is no UTF-8: anything beyond ASCII would break or be lost."""
    return (stream.encoding or "ascii").lower().replace("-", "") != "utf8"


def plain(block: str) -> str:
    """The same in ASCII."""
    return block.translate(ASCII).encode("ascii", "replace").decode()


def _head(view: RunView) -> list[str]:
    facts = view.facts
    demo = ", embedded demo" if facts.is_demo else ""
    target = [f"Target: {facts.target.name} ({facts.url}{demo})"]
    lines = [
        RULE,
        f"{facts.scenario.kind.upper()} RESULTS",
        RULE,
        f"Scenario: {facts.scenario.id} ({load_words(view)})",
        *(target if facts.scenario.asks_service else storage_line(view) or cameras_line(view)),
        f"Run: {facts.id}",
    ]
    if facts.campaign:
        lines.append(f"Campaign: {facts.campaign}, rung {facts.rung} of {facts.rungs}")
    if facts.site.name:
        lines.append(f"Site: {facts.site.name}")
    if facts.note:
        lines.append(f"Note: {facts.note}")
    return lines


def _counts(view: RunView) -> list[str]:
    total = view.total
    lines = [
        f"Total requests: {total.requests}",
        f"Successful: {total.requests - total.failures}",
        f"Failed: {total.failures}",
        f"Success rate: {text.share(total.requests - total.failures, total.requests)}",
        f"Requests/second: {text.two_decimals(total.rps)}",
    ]
    if view.offered_rps is not None:
        lines.append(f"Offered/second: {text.two_decimals(view.offered_rps)}")
    if view.unmeasured_requests:
        failed = f", {view.unmeasured_failures} failed" if view.unmeasured_failures else ""
        lines.append(f"Not judged (warm-up, pause, stop): {view.unmeasured_requests}{failed}")
    if view.unfinished:
        lines.append(f"Unfinished at the stop: {view.unfinished}")
    return lines


def _latencies(view: RunView) -> list[str]:
    latency = view.total.latency
    return [
        "Response times:",
        *(["  (of all levels together)"] if view.search is not None else []),
        *(["  (of the whole run, before and after the stress too)"] if view.stress else []),
        f"  P50: {text.seconds(latency.p50)}",
        f"  P95: {text.seconds(latency.p95)}",
        f"  P99: {text.seconds(latency.p99)}",
        *_service(view),
    ]


def _service(view: RunView) -> list[str]:
    service = view.total.service
    if service is None:
        return []
    return [
        "  (from the intended send; from the actual one: "
        f"P50 {text.seconds(service.p50)}, P95 {text.seconds(service.p95)}, "
        f"P99 {text.seconds(service.p99)})"
    ]


def _stages(view: RunView) -> list[str]:
    marks = {True: "✓ PASS", False: "✗ FAIL", None: "– n/a "}
    lines = [
        f"  {marks[stage.passed]} {text.counted(stage.users, 'user')} from "
        f"{text.clock(stage.from_s)}: {text.rate(stage.figures.rps)} rps, "
        f"p95 {text.ms(stage.figures.latency.p95)} ms, {text.count(stage.figures.failures)} failed"
        for stage in measured_stages(view)
    ]
    return ["Stages:", *lines] if lines else []


def _thresholds(view: RunView) -> list[str]:
    lines = [_limit(state, broken="✗ FAIL") for state in view.thresholds]
    # Scripts look for this line: it is never there beside another verdict, nor a limit unjudged.
    is_pass = view.judgement is not None and view.judgement.verdict == "PASS"
    if view.thresholds and is_pass and all(state.passed for state in view.thresholds):
        lines.append("  ✓ PASS - All thresholds met")
    scope = limit_words.scope(view)
    head = f"Threshold Checks ({scope}):" if scope else "Threshold Checks:"
    return [head, *lines] if lines else []


def _goals(view: RunView) -> list[str]:
    lines = [_limit(state, broken="! MISSED") for state in view.goals]
    return ["Goals:", *lines] if lines else []


def _limit(state: LimitState, *, broken: str) -> str:
    mark = "– n/a " if state.passed is None else "✓ PASS" if state.passed else broken
    margin = limit_words.margin(state)
    return (
        f"  {mark} {text.metric_label(state.limit.metric)} {limit_words.observed(state)} "
        f"({limit_words.bound(state)}{margin and ', ' + margin})"
    )


def _failures(view: RunView) -> list[str]:
    if not view.failures:
        return []
    lines = [
        f"  {group.count} × {_endpoint(group.method, group.name)}: "
        f"{group.error} [{group.failure_class}], "
        f"{text.clock(group.first_s)} to {text.clock(group.last_s)}"
        for group in view.failures[:MAX_FAILURES]
    ]
    return ["Failures:", *lines, *_rest(view.failures[MAX_FAILURES:])]


def _slowest(view: RunView) -> list[str]:
    lines = [
        f"  {text.seconds(request.ms)} {_endpoint(request.method, request.name)} "
        f"at {text.clock(request.ended_s)}"
        for request in view.slow[:MAX_SLOW]
    ]
    return ["Slowest requests:", *lines] if lines else []


def _board(view: RunView) -> list[str]:
    worst = worst_rise(view)
    return [
        f"Board throttled: {throttled_words(view)}; {alerts_words(view) or 'no alerts'}",
        *(f"  {reason}" for reason in throttle_reasons(view)),
        *([f"  {rise_words(view, worst)}"] if worst else []),
        *([f"  {incomparable_words(view)}"] if view.incomparable else []),
        *([f"  {REPLAYED}"] if is_replayed(view) else []),
    ]


def _measurement(view: RunView) -> list[str]:
    if view.facts.scenario.load is None:
        return [
            f"Measurement: {UNLOADED}",
            f"  Engine: {_of_a_core(view.validity.console_cpu_percent)}",
            *jitter_line(view.stress),
        ]
    validity = view.validity
    words = {True: "valid", False: "INVALID", None: "not judged"}
    cpu, console = validity.generator_cpu_percent, validity.console_cpu_percent
    return [
        f"Measurement: {words[validity.valid]}",
        *(f"  {reason}" for reason in validity.reasons),
        f"  Measured: {text.two_decimals(view.measured_s)} s",
        f"  Load generator: {_of_a_core(cpu)}, timers late by {text.ms(validity.lag_p99_ms)} ms"
        " (p99)",
        f"  Engine: {_of_a_core(console)}",
        *jitter_line(view.stress),
        f"  Floor: {floor_words(view.floor)}",
    ]


def _of_a_core(cpu_percent: float | None) -> str:
    if cpu_percent is None:
        return "not measured"
    return f"{text.percent(cpu_percent / 100)} % of one core"


def _warnings(view: RunView) -> list[str]:
    told = {*board_warnings(view.incidents, view.rises, view.incomparable), *told_of_each(view)}
    told |= said_by_workflow(view)
    warnings = [warning for warning in view.warnings if warning not in told]
    return ["Warnings:", *(f"  ! {warning}" for warning in warnings)] if warnings else []


def _verdict(view: RunView) -> str:
    if view.judgement is None:
        return "VERDICT: none yet, the run goes on"
    advice = f" ({view.judgement.advice})" if view.judgement.advice else ""
    return f"VERDICT: {view.judgement.verdict} - {view.judgement.reason}{advice}"


def _endpoint(method: str, name: str) -> str:
    return f"{method} {name}".strip()


def _rest(more: Iterable[object]) -> list[str]:
    number = len(list(more))
    return [f"  and {number} more kinds"] if number else []
