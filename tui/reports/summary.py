"""A run as a block of text, for terminals, pipes and CI logs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from typing import TextIO

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.reports.chart import latency_chart

RULE = "=" * 30
MAX_FAILURES = 10
MAX_SLOW = 5
WIDEST_CHART = 100
ASCII = str.maketrans({"✓": "+", "✗": "x", "–": "-", "…": "...", "·": "-", "×": "x", "\u202f": " "})
"""Stand-ins for what a plain stream can't show."""


def summary(view: RunView, *, ascii_only: bool = False, chart_width: int = 0) -> str:
    """The summary of a run that has ended; with a chart where there is room for one."""
    sections = [
        _head(view),
        _counts(view),
        _latencies(view),
        _thresholds(view),
        _goals(view),
        _failures(view),
        _slowest(view),
        _measurement(view),
        _warnings(view),
    ]
    if chart_width:
        sections.append(latency_chart(view, min(chart_width, WIDEST_CHART)).splitlines())
    sections.append([_verdict(view), RULE])
    block = "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"
    return plain(block) if ascii_only else block


def summary_for(stream: TextIO) -> Callable[[RunView], str]:
    """The summary as `stream` can show it: a chart on a terminal, ASCII where it is no UTF-8."""
    ascii_only = (stream.encoding or "ascii").lower().replace("-", "") != "utf8"
    is_chart = stream.isatty() and not ascii_only

    def make(view: RunView) -> str:
        width = shutil.get_terminal_size().columns if is_chart else 0
        return summary(view, ascii_only=ascii_only, chart_width=width)

    return make


def plain(block: str) -> str:
    """The same in ASCII."""
    return block.translate(ASCII).encode("ascii", "replace").decode()


def _head(view: RunView) -> list[str]:
    facts, load = view.facts, view.facts.scenario.load
    demo = ", embedded demo" if facts.target.is_demo else ""
    plan = f"{text.counted(load.users, 'user')}, {text.duration(load.duration_s)}"
    return [
        RULE,
        f"{facts.scenario.kind.upper()} RESULTS",
        RULE,
        f"Scenario: {facts.scenario.id} ({plan})",
        f"Target: {facts.target.name} ({facts.url}{demo})",
        f"Run: {facts.id}",
    ]


def _counts(view: RunView) -> list[str]:
    total = view.total
    lines = [
        f"Total requests: {total.requests}",
        f"Successful: {total.requests - total.failures}",
        f"Failed: {total.failures}",
        f"Success rate: {text.share(total.requests - total.failures, total.requests)}",
        f"Requests/second: {text.two_decimals(total.rps)}",
    ]
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
        f"  P50: {text.seconds(latency.p50)}",
        f"  P95: {text.seconds(latency.p95)}",
        f"  P99: {text.seconds(latency.p99)}",
    ]


def _thresholds(view: RunView) -> list[str]:
    lines = [_limit(state, broken="✗ FAIL") for state in view.thresholds]
    # Scripts look for this line: it is never there beside another verdict.
    if view.thresholds and view.judgement and view.judgement.verdict == "PASS":
        lines.append("  ✓ PASS - All thresholds met")
    return ["Threshold Checks:", *lines] if lines else []


def _goals(view: RunView) -> list[str]:
    lines = [_limit(state, broken="! MISSED") for state in view.goals]
    return ["Goals:", *lines] if lines else []


def _limit(state: LimitState, *, broken: str) -> str:
    limit = state.limit
    unit = text.metric_unit(limit.metric)
    unit = f" {unit}" if unit else ""
    observed = f"{text.metric(limit.metric, state.observed)}{unit}"
    bound = f"{limit.operator} {text.metric(limit.metric, limit.value)}{unit}"
    mark = "– n/a " if state.passed is None else "✓ PASS" if state.passed else broken
    return f"  {mark} {text.metric_label(limit.metric)} {observed} ({bound}{_margin(state)})"


def _margin(state: LimitState) -> str:
    """How far from its limit a figure is, as a share of the limit."""
    if state.observed is None or state.limit.value == 0:
        return ""
    apart = abs(state.observed - state.limit.value) / state.limit.value
    if state.passed:
        return f", margin {text.percent(apart)} %"
    return f", {'short' if state.limit.is_floor else 'over'} by {text.percent(apart)} %"


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


def _measurement(view: RunView) -> list[str]:
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
    ]


def _of_a_core(cpu_percent: float | None) -> str:
    share = None if cpu_percent is None else cpu_percent / 100
    return f"{text.percent(share)} % of one core"


def _warnings(view: RunView) -> list[str]:
    warnings = view.warnings
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
