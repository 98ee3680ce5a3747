"""A run for a ticket: short, and as GitHub and GitLab draw tables."""

from __future__ import annotations

from collections.abc import Sequence

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import Figures, RunView
from tui.core.outcome import NotRun, Outcome, overall, views
from tui.reports import limit_words
from tui.reports.board_findings import board_findings
from tui.reports.board_words import throttled_words
from tui.reports.camera_markdown import camera_sections, label_notes
from tui.reports.e2e_markdown import made_notes, workflow_sections
from tui.reports.facts import facts_of
from tui.reports.findings import findings_of_load, other_warnings, recommendations
from tui.reports.search_markdown import search_sections
from tui.reports.session import passed_words
from tui.reports.stages import MAX_STAGES, WITHIN, measured_stages
from tui.reports.storage_markdown import storage_sections
from tui.reports.stress_markdown import stress_sections
from tui.reports.ticket import bullets, code, prose, table

MAX_ROWS = 10
_MARKS = {
    "PASS": "✅",
    "FAIL": "❌",
    "INVALID": "⚠️",
    "INTERRUPTED": "⚠️",
    "ABORTED": "🛑",
    "INCOMPLETE": "⚠️",
    None: "⏳",
}


def markdown(outcomes: Sequence[Outcome]) -> str:
    """One run, or several under a heading with the verdict that stands for all.

    A run that was asked for and did not happen has its row in the table.
    """
    happened = views(outcomes)
    if len(outcomes) == len(happened) == 1:
        return _run(happened[0])
    verdict = overall(outcomes)
    head = f"# {_MARKS[verdict]} {verdict or 'running'}: {passed_words(outcomes)}"
    drawn = table(("scenario", "verdict", "reason"), [_row(outcome) for outcome in outcomes])
    return "\n\n".join([head, drawn, *(_run(view) for view in happened)]).rstrip("\n") + "\n"


def _row(outcome: Outcome) -> tuple[str, str, str]:
    if isinstance(outcome, NotRun):
        return code(outcome.scenario), f"⚠️ {outcome.status}", prose(outcome.why)
    reason = outcome.judgement.reason if outcome.judgement else "not ended"
    return code(outcome.facts.scenario.id), _verdict(outcome), prose(reason)


def _run(view: RunView) -> str:
    judgement = view.judgement
    reason = judgement.reason if judgement else "not ended"
    parts = [f"## {_verdict(view)}: {code(view.facts.scenario.id)}", f"**{prose(reason)}**"]
    if view.facts.is_demo:
        parts.append("> **SIMULATED**: the embedded demo. Nothing here tells of a real service.")
    parts += [*label_notes(view), *made_notes(view)]
    parts.append(table(("", ""), [(prose(name), prose(value)) for name, value in facts_of(view)]))
    parts += [
        *_limits(view),
        *stress_sections(view),
        *camera_sections(view),
        *storage_sections(view),
        *workflow_sections(view),
        *search_sections(view),
        *_stages(view),
        *_endpoints(view),
        *_failures(view),
    ]
    parts += _board(view)
    seen = findings_of_load(view)
    if seen:
        parts += ["### Findings", *bullets(finding.what for finding in seen)]
    if other_warnings(view):
        parts += ["### Warnings", *bullets(other_warnings(view))]
    advice = recommendations(view)
    if advice:
        parts += ["### What to do", *bullets(advice)]
    return "\n\n".join(parts) + "\n"


def _limits(view: RunView) -> list[str]:
    rows = [_limit(state, "threshold") for state in view.thresholds]
    rows += [_limit(state, "goal") for state in view.goals]
    heads = ("", "metric", "observed", "limit", "margin", "kind")
    scope = limit_words.scope(view)
    said = [f"{scope.capitalize()}."] if scope else []
    return ["### Limits", *said, table(heads, rows, right={2, 3})] if rows else []


def _stages(view: RunView) -> list[str]:
    stages = measured_stages(view)
    rows = [
        (
            text.count(stage.users),
            text.clock(stage.from_s),
            text.rate(stage.figures.rps),
            text.ms(stage.figures.latency.p95),
            text.count(stage.figures.failures),
            WITHIN[stage.passed],
        )
        for stage in stages[:MAX_STAGES]
    ]
    heads = ("users", "from", "rps", "p95 ms", "failed", "within limits")
    drawn = table(heads, rows, right=set(range(5)))
    return ["### Stages", drawn, *_more(len(stages), MAX_STAGES)] if rows else []


def _endpoints(view: RunView) -> list[str]:
    if not view.endpoints:
        return []
    rows = [_endpoint(figures) for figures in (*view.endpoints[:MAX_ROWS], view.total)]
    heads = ("endpoint", "requests", "failed", "rps", "p50 ms", "p95 ms", "p99 ms", "max ms")
    drawn = table(heads, rows, right=set(range(1, len(heads))))
    return ["### Endpoints", drawn, *_more(len(view.endpoints))]


def _failures(view: RunView) -> list[str]:
    rows = [
        (
            text.count(group.count),
            code(f"{group.method} {group.name}".strip()),
            code(group.failure_class),
            code(group.error),
            f"{text.clock(group.first_s)} to {text.clock(group.last_s)}",
        )
        for group in view.failures[:MAX_ROWS]
    ]
    heads = ("count", "endpoint", "class", "error", "when")
    drawn = table(heads, rows, right={0})
    return ["### Failures", drawn, *_more(len(view.failures))] if rows else []


def _board(view: RunView) -> list[str]:
    told = [f"throttled: {throttled_words(view)}"]
    return ["### Board", *bullets([*told, *(each.what for each in board_findings(view))])]


def _verdict(view: RunView) -> str:
    verdict = view.judgement.verdict if view.judgement else None
    return f"{_MARKS[verdict]} {verdict or 'running'}"


def _limit(state: LimitState, kind: str) -> tuple[str, ...]:
    broken = "❌" if kind == "threshold" else "❗"
    mark = "–" if state.passed is None else "✅" if state.passed else broken
    return (
        mark,
        text.metric_label(state.limit.metric),
        limit_words.observed(state),
        limit_words.bound(state).replace("<", "\\<").replace(">", "\\>"),
        limit_words.margin(state),
        kind,
    )


def _endpoint(figures: Figures) -> tuple[str, ...]:
    latency = figures.latency
    return (
        code(f"{figures.method} {figures.name}".strip()),
        text.count(figures.requests),
        text.count(figures.failures),
        text.rate(figures.rps),
        *(text.ms(value) for value in (latency.p50, latency.p95, latency.p99, latency.max)),
    )


def _more(number: int, shown: int = MAX_ROWS) -> list[str]:
    return [f"and {number - shown} more"] if number > shown else []
