"""A run in plain words, for somebody who was not there."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from tui.core import format as text
from tui.core.e2e.load_beside import beside_text
from tui.core.limits import PERCENTILES, LimitState
from tui.core.model import RunView
from tui.core.outcome import NotRun, Outcome, overall
from tui.core.verdict import Verdict
from tui.reports import limit_words
from tui.reports.board_before import board_before
from tui.reports.board_findings import board_findings
from tui.reports.board_words import throttled_words
from tui.reports.camera_explain import MEANINGS as CAMERA_MEANINGS
from tui.reports.camera_explain import delivered, watched
from tui.reports.causes import cause_of, causes_words, look_for
from tui.reports.clean import visible
from tui.reports.e2e_explain import MEANINGS as WORKFLOW_MEANINGS
from tui.reports.e2e_explain import broke, took, went
from tui.reports.facts import facts_of, load_words
from tui.reports.findings import findings, findings_of_load, recommendations
from tui.reports.load_explain import load_did
from tui.reports.measurement import floor_words
from tui.reports.search_explain import sought_and_found
from tui.reports.search_text import levels
from tui.reports.session import passed_words
from tui.reports.stages import MAX_STAGES, WITHIN, measured_stages
from tui.reports.storage_explain import MEANINGS as STORAGE_MEANINGS
from tui.reports.storage_explain import compared, facts_in_words, measured
from tui.reports.stress_explain import did, felt

WIDTH = 80
MAX_FAILURES = 5
VERDICTS: dict[Verdict, str] = {
    "PASS": "every threshold held, and the measurement can be trusted",
    "FAIL": "the service did not keep what the scenario asks of it",
    "INVALID": "the measurement itself can't be trusted, so nothing is said of the service",
    "INTERRUPTED": "the run was stopped before its end, so it proves nothing",
    "ABORTED": "a guard ended the run to protect the board",
}
MEANINGS = {
    "error_rate": "the share of requests that failed, of all that were sent",
    "ungraceful_rate": "the share of requests that failed otherwise than by an honest 429 or 503",
    "rps": "how many requests a second were answered, good or bad",
    "mean_ms": "the mean time to an answer",
    "max_ms": "the longest time to any answer",
    "p95_variation": "how much p95 differs from stage to stage, as a share of its mean",
    "recovery_s": "how long after the stress the service was as it had been before it",
    "outage_s": "for how long, all together, the service did not answer its health check",
    "p95_ratio": "p95 under stress, as a multiple of what it was before",
    "rps_ratio": "requests answered a second under stress, as a share of what they were before",
}


def explain(view: RunView) -> str:
    """What the run did, under which limits, why it ended so, and what to do; 80 columns wide."""
    sections = [
        ("What it did", _did(view)),
        ("What it found", _found(view)),
        ("What each level measured", levels(view)),
        ("What the service felt, and what the board paid", list(_items(felt(view)))),
        ("What each camera delivered", list(_items(delivered(view)))),
        ("What storage gave", [visible(line) for line in measured(view)]),
        ("What became of the objects", list(_items(facts_in_words(view)))),
        ("How long each step took", [visible(line) for line in took(view)]),
        ("Which steps failed", [visible(line) for line in broke(view)]),
        ("What judged it", _limits(view)),
        ("What each stage measured", _stages(view)),
        ("Why it ended so", _ending(view)),
        ("What the board did", _board(view)),
        ("What failed, and what usually lies behind it", _failures(view)),
        ("What to do next", _next(view)),
    ]
    blocks = [_wrapped(f"Run {view.facts.id}: {view.facts.scenario.title}")]
    for title, lines in sections:
        if lines:
            blocks.append("\n".join([title, "-" * len(title), *lines]))
    return "\n\n".join(blocks) + "\n"


def explain_all(outcomes: Sequence[Outcome]) -> str:
    """Each run by itself; of several the verdict that stands for all first."""
    blocks = [
        f"{_item(visible(f'{each.scenario}: {each.status}, {each.why}'))}\n"
        if isinstance(each, NotRun)
        else explain(each)
        for each in outcomes
    ]
    if len(outcomes) == 1:
        return blocks[0]
    verdict = overall(outcomes) or "none yet, a run goes on"
    head = _wrapped(f"The session: {passed_words(outcomes)}. The verdict of all: {verdict}.")
    return "\n\n".join([head, *blocks])


def meaning(metric: str, *, of_cameras: bool = False) -> str:
    """What a metric is, in one clause; a way back is another one where it is `of_cameras`."""
    if of_cameras and metric in CAMERA_MEANINGS:
        return CAMERA_MEANINGS[metric]
    share = PERCENTILES.get(metric)
    if share is None:
        own = MEANINGS | WORKFLOW_MEANINGS | STORAGE_MEANINGS
        return own.get(metric, CAMERA_MEANINGS.get(metric, ""))
    percent = text.percent(share) if share < 0.99 else f"{share * 100:g}"
    return f"{percent} of 100 requests are answered within this time, failed ones too"


def _did(view: RunView) -> list[str]:
    facts, load = view.facts, view.facts.scenario.load
    lines = [visible(each) for each in did(view)]
    lines += [visible(each) for each in (*watched(view), *went(view), *compared(view))]
    if load is not None and view.workflow is not None:
        lines.append(f"Beside the rounds it put {beside_text(load)} on the service.")
    elif load is not None and facts.scenario.stress is None:
        about = dict(facts_of(view))
        put = f"It put {load_words(view)} on {about['target']}, from {about['board']}."
        lines.append(visible(put))
    if facts.is_demo:
        lines.append(
            "That target is the embedded demo: the figures tell how this machine and this tool "
            "behave, and nothing of a real service."
        )
    if load is not None:
        lines += load_did(view, load)
    if facts.note:
        lines.append(f"Whoever started it noted: {visible(facts.note)}.")
    return [_wrapped(" ".join(lines))]


def _found(view: RunView) -> list[str]:
    told = " ".join(sought_and_found(view))
    return [_wrapped(visible(told))] if told else []


def _limits(view: RunView) -> list[str]:
    if not view.thresholds and not view.goals:
        fails = "only a run without a single good answer would fail."
        if view.stress is not None:
            fails = (
                "only what a stress must never do would fail it: wrong results, a service that "
                "ends or keeps what it took."
            )
        if view.workflow is not None:
            fails = "only a step that fails, or what is left on the service, fails it."
        return [_wrapped(f"Nothing: the scenario has no thresholds, so {fails}")]
    scope = limit_words.scope(view)
    lines = [_wrapped(f"{scope.capitalize()}.")] if scope else []
    if view.thresholds and view.facts.scenario.judges_stages:
        lines.append(_wrapped("The first stage that breaks a threshold ends the run after it."))
    of_cameras = view.facts.scenario.cameras is not None
    is_staged = view.facts.scenario.judges_stages
    lines += [
        _limit(state, "FAIL", _abort(state, is_staged=is_staged), of_cameras=of_cameras)
        for state in view.thresholds
    ]
    if view.goals:
        lines.append(_wrapped("Goals, which warn and never fail a run:"))
        lines += [_limit(state, "MISSED", of_cameras=of_cameras) for state in view.goals]
    return lines


def _abort(state: LimitState, *, is_staged: bool) -> str:
    limit = state.limit
    if is_staged or not limit.abort:
        return ""
    if not limit.after_s:
        return " Breaking it ends the run at once."
    after = text.duration(limit.after_s)
    return f" Breaking it ends the run, once {after} have been measured."


def _limit(state: LimitState, broken: str, abort: str = "", *, of_cameras: bool) -> str:
    limit = state.limit
    means = meaning(limit.metric, of_cameras=of_cameras)
    word = "not judged" if state.passed is None else "PASS" if state.passed else broken
    parts = [f"{text.metric_label(limit.metric)} {limit_words.bound(state)}"]
    if means:
        parts.append(f"({means})")
    margin = limit_words.margin(state)
    seen = f"It was {limit_words.observed(state)}{margin and ', ' + margin}: {word}."
    if limit_words.is_never(state):
        seen = f"It never came: {word}."
    return _item(f"{' '.join(parts)}. {seen}{abort}")


def _stages(view: RunView) -> list[str]:
    stages = measured_stages(view)
    lines = [
        f"{text.count(stage.users):>6}  {text.clock(stage.from_s):>8}  "
        f"{text.rate(stage.figures.rps):>8}  {text.ms(stage.figures.latency.p95):>8}  "
        f"{text.count(stage.figures.failures):>7}  {WITHIN[stage.passed]}"
        for stage in stages[:MAX_STAGES]
    ]
    if not lines:
        return []
    more = len(stages) - MAX_STAGES
    rest = [f"and {text.counted(more, 'stage')} more"] if more > 0 else []
    return [" users      from       rps    p95 ms   failed  within limits", *lines, *rest]


def _ending(view: RunView) -> list[str]:
    judgement = view.judgement
    if judgement is None:
        return [_wrapped("It has not ended: there is no verdict yet.")]
    meant = VERDICTS[judgement.verdict]
    if view.cameras and judgement.verdict == "FAIL":
        meant = "not every camera delivers what is asked of it"
    if view.storage is not None and judgement.verdict == "FAIL":
        meant = "storage is not as quick, or not as true, as asked of it"
    if view.workflow is not None and judgement.verdict == "FAIL":
        meant = "the service did not take every round through all its steps as asked"
        if view.workflow.is_suite:
            meant = "not every test of the suite passed, or something was left behind"
    if view.search is not None and judgement.verdict == "PASS":
        meant = "a level was found that keeps every threshold"
    lines = [_wrapped(f"{judgement.verdict}: {meant}. The reason: {visible(judgement.reason)}.")]
    if view.validity.valid is False:
        lines += _items(f"measurement: {reason}" for reason in view.validity.reasons)
    seen = findings_of_load(view)
    weighty = (finding for finding in seen if finding.level != "info")
    lines += _items(finding.what for finding in weighty if finding.what != judgement.reason)
    if view.facts.scenario.load is not None:
        lines.append(
            _item(f"What the instrument itself adds to a latency: {floor_words(view.floor)}.")
        )
    return lines


def _board(view: RunView) -> list[str]:
    told = [f"Did it hold itself back? {throttled_words(view)}."]
    told += [finding.what for finding in board_findings(view)]
    broken = (state for state in view.thresholds if state.passed is False)
    told += [words for state in broken if (words := board_before(state, view))]
    return _items(told)


def _failures(view: RunView) -> list[str]:
    lines = []
    explained = set()
    for group in view.failures[:MAX_FAILURES]:
        where = f"{group.method} {group.name}".strip()
        when = f"{text.clock(group.first_s)} to {text.clock(group.last_s)}"
        said = f"{text.count(group.count)} × {where}: {group.error} [{group.failure_class}]"
        lines.append(_item(f"{visible(said)}, {when}"))
        cause = cause_of(group.failure_class)
        if cause is None or group.failure_class in explained:
            continue
        explained.add(group.failure_class)
        lines.append(_wrapped(f"That is {cause.means}. {causes_words(view, cause)}", "  "))
        lines.append(_wrapped(f"Next: {look_for(view, cause)}.", "  "))
    if len(view.failures) > MAX_FAILURES:
        lines.append(f"- and {len(view.failures) - MAX_FAILURES} more kinds")
    return lines


def _next(view: RunView) -> list[str]:
    advice = list(recommendations(view))
    is_good = view.judgement is None or view.judgement.verdict == "PASS"
    if not advice and not is_good:
        advice = ["look at the charts of its HTML report at the moment at which it ended"]
    elif not advice:
        keep = "keep the report (`jetproof report last --format html --out .`)"
        warns = any(finding.level == "warn" for finding in findings(view))
        advice = [f"{keep}, and look at its charts where it warns" if warns else f"nothing: {keep}"]
    return list(_items(advice))


def _items(texts: Iterable[str]) -> list[str]:
    return [_item(visible(each)) for each in texts]


def _item(words: str) -> str:
    return _wrapped(words, "  ", first="- ")


def _wrapped(words: str, indent: str = "", *, first: str | None = None) -> str:
    start = indent if first is None else first
    return textwrap.fill(words, WIDTH, initial_indent=start, subsequent_indent=indent)
