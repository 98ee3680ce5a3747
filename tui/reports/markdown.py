"""A run for a ticket: short, and as GitHub and GitLab draw tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import Figures, RunView
from tui.core.verdict import worst
from tui.reports import limit_words
from tui.reports.clean import shortened, visible
from tui.reports.facts import facts_of
from tui.reports.findings import findings, other_warnings, recommendations

MAX_ROWS = 10
LONGEST_NAME = 80
_MARKS = {
    "PASS": "✅",
    "FAIL": "❌",
    "INVALID": "⚠️",
    "INTERRUPTED": "⚠️",
    "ABORTED": "🛑",
    None: "⏳",
}
_ACTIVE = re.compile(r"([\\`*_\[\]<>|#~])")


def markdown(views: Sequence[RunView]) -> str:
    """One run, or several under a heading with the verdict that stands for all."""
    if len(views) == 1:
        return _run(views[0])
    verdict = worst(view.judgement.verdict for view in views if view.judgement)
    rows = [
        (
            code(view.facts.scenario.id),
            _verdict(view),
            prose(view.judgement.reason if view.judgement else "not ended"),
        )
        for view in views
    ]
    head = f"# {_MARKS[verdict]} {verdict or 'running'}: {text.counted(len(views), 'run')}"
    table = _table(("scenario", "verdict", "reason"), rows)
    return "\n\n".join([head, table, *(_run(view) for view in views)])


def code(words: str) -> str:
    """A target's words as code inside a table: nothing in them is drawn, linked or mentioned."""
    shown = shortened(visible(words), LONGEST_NAME).replace("|", "\\|") or "-"
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    if not longest:
        return f"`{shown}`"
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}"


def prose(words: str) -> str:
    """Text that may hold a target's words, outside code."""
    # An address becomes a link and a name a mention unless something invisible parts them.
    calm = _ACTIVE.sub(r"\\\1", visible(words))
    return calm.replace("@", "@<!-- -->").replace("://", ":<!-- -->//")


def _run(view: RunView) -> str:
    judgement = view.judgement
    reason = judgement.reason if judgement else "not ended"
    parts = [f"## {_verdict(view)}: {code(view.facts.scenario.id)}", f"**{prose(reason)}**"]
    if view.facts.target.is_demo:
        parts.append("> **SIMULATED**: the embedded demo. Nothing here tells of a real service.")
    parts.append(_table(("", ""), [(prose(name), prose(value)) for name, value in facts_of(view)]))
    parts += [*_limits(view), *_endpoints(view), *_failures(view)]
    parts += ["### Findings", *_list(finding.what for finding in findings(view))]
    if other_warnings(view):
        parts += ["### Warnings", *_list(other_warnings(view))]
    advice = recommendations(view)
    if advice:
        parts += ["### What to do", *_list(advice)]
    return "\n\n".join(parts) + "\n"


def _limits(view: RunView) -> list[str]:
    rows = [_limit(state, "threshold") for state in view.thresholds]
    rows += [_limit(state, "goal") for state in view.goals]
    heads = ("", "metric", "observed", "limit", "margin", "kind")
    scope = limit_words.scope(view)
    said = [f"{scope.capitalize()}."] if scope else []
    return ["### Limits", *said, _table(heads, rows, right={2, 3})] if rows else []


def _endpoints(view: RunView) -> list[str]:
    if not view.endpoints:
        return []
    rows = [_endpoint(figures) for figures in (*view.endpoints[:MAX_ROWS], view.total)]
    heads = ("endpoint", "requests", "failed", "rps", "p50 ms", "p95 ms", "p99 ms", "max ms")
    table = _table(heads, rows, right=set(range(1, len(heads))))
    return ["### Endpoints", table, *_more(len(view.endpoints))]


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
    table = _table(heads, rows, right={0})
    return ["### Failures", table, *_more(len(view.failures))] if rows else []


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


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: set[int] | None = None
) -> str:
    rules = ["---:" if column in (right or ()) else "---" for column in range(len(heads))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rules, *rows))


def _list(items: Iterable[str]) -> list[str]:
    return ["\n".join(f"- {prose(item)}" for item in items)]


def _more(number: int) -> list[str]:
    return [f"and {number - MAX_ROWS} more"] if number > MAX_ROWS else []
