"""What a run showed and what to do about it: read off its figures, nothing added."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.remarks import DEMO_WARNING, board_warnings
from tui.reports import limit_words
from tui.reports.advice import advice_for
from tui.reports.board_findings import Finding, board_findings
from tui.reports.camera_findings import camera_findings, said_by_cameras, told_by_cameras
from tui.reports.causes import cause_of, look_for
from tui.reports.e2e_findings import (
    advice_on_limit,
    is_explained,
    said_by_workflow,
    told_by_workflow,
    workflow_findings,
)
from tui.reports.own_doing import ON_CLIENTS, ON_FAULT
from tui.reports.search_findings import search_findings
from tui.reports.storage_findings import (
    advice_on_rate,
    said_by_storage,
    storage_findings,
    told_by_storage,
    where_broken,
)
from tui.reports.stress_findings import stress_findings, told_by_checks

NEAR = 0.8
"""A limit of which so much is used is near: the console turns yellow there too."""


def findings(view: RunView) -> tuple[Finding, ...]:
    """The weightiest first."""
    found = [*_verdict(view), *_limits(view), *_failures(view), *_traces(view)]
    found += [*stress_findings(view), *camera_findings(view), *workflow_findings(view)]
    found += storage_findings(view)
    found += [*search_findings(view), *board_findings(view)]
    if not found and view.judgement is not None:
        found = [Finding("ok", view.judgement.reason)]
    order = {"fail": 0, "warn": 1, "info": 2, "ok": 3}
    return tuple(sorted(found, key=lambda finding: order[finding.level]))


def findings_of_load(view: RunView) -> tuple[Finding, ...]:
    """Those that are not the board's, for a report that tells of the board by itself."""
    boards = board_findings(view)
    return tuple(finding for finding in findings(view) if finding not in boards)


def recommendations(view: RunView) -> tuple[str, ...]:
    """What to do next, each once, in the order of the findings."""
    advice = dict.fromkeys(finding.advice for finding in findings(view) if finding.advice)
    is_told = any(one.endswith(ON_CLIENTS) for one in advice if one != ON_FAULT)
    return tuple(one for one in advice if one != ON_FAULT or not is_told)


def other_warnings(view: RunView) -> tuple[str, ...]:
    """The run's warnings that no finding says already."""
    told = {DEMO_WARNING, *board_warnings(view.incidents, view.rises, view.incomparable)}
    told |= said_by_cameras(view) | said_by_workflow(view) | said_by_storage(view)
    return tuple(
        warning
        for warning in view.warnings
        if warning not in told and not warning.startswith("goal missed: ")
    )


def _verdict(view: RunView) -> Iterator[Finding]:
    judgement = view.judgement
    if judgement is not None and judgement.verdict != "PASS":
        broken = any(state.passed is False for state in view.thresholds)
        broken = broken or told_by_checks(view, judgement.reason)
        is_told = told_by_cameras(view, judgement.reason)
        is_told = is_told or told_by_workflow(view, judgement.reason)
        is_told = is_told or told_by_storage(view, judgement.reason)
        if judgement.verdict != "FAIL" or not (is_told or (broken and not judgement.advice)):
            yield Finding("fail", judgement.reason, judgement.advice)
    for reason in view.validity.reasons:
        if judgement is None or reason != judgement.reason:
            yield Finding("fail", reason, view.validity.advice)


def _limits(view: RunView) -> Iterator[Finding]:
    # Of a measurement that can't be trusted no advice follows for the service.
    is_failed = view.judgement is not None and view.judgement.verdict == "FAIL"
    for state in view.thresholds:
        if state.passed is False and (view.cameras or is_explained(view, state)):
            continue  # camera by camera, or step by step, with its name
        if state.passed is False:
            own = advice_for if view.workflow is None else advice_on_limit
            advice = own(state, view) if is_failed else ""
            advice = advice_on_rate(view, state.limit.metric) or advice
            where = where_broken(view, state.limit.metric)
            yield Finding("fail", f"{_against(state, 'limit broken')}{where}", advice)
        elif state.used is not None and state.used >= NEAR and not state.limit.is_floor:
            # A floor is not used up: what gives just as much as is asked of it is well.
            used = f"{text.percent(min(state.used, 1.0))} % of the limit used"
            yield Finding("info", f"{_against(state, 'close to the limit')}: {used}")
    for state in view.goals:
        if state.passed is False:
            where = where_broken(view, state.limit.metric)
            yield Finding("warn", f"{_against(state, 'goal missed')}{where}")


def _against(state: LimitState, what: str) -> str:
    label = text.metric_label(state.limit.metric)
    return f"{what}: {label} {limit_words.observed(state)}, wanted {limit_words.bound(state)}"


def _failures(view: RunView) -> Iterator[Finding]:
    counts: dict[str, int] = {}
    for group in view.failures:
        counts[group.failure_class] = counts.get(group.failure_class, 0) + group.count
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        cause = cause_of(name)
        means = f": {cause.means}" if cause else ""
        failed = f"{text.counted(count, 'request')} failed [{name}]{means}"
        yield Finding("warn", failed, look_for(view, cause) if cause else "")


def _traces(view: RunView) -> Iterator[Finding]:
    if view.clean_up is not None and view.clean_up.left:
        left = f"{text.counted(view.clean_up.left, 'thing')} that the run created stayed behind"
        yield Finding("warn", left, "remove them from the target by hand")
    if view.facts.is_demo:
        yield Finding(
            "warn",
            "the target is the embedded demo: nothing here tells of a real service",
            "run it against the real service (--target)",
        )
    if view.facts.overridden:
        yield Finding("warn", f"started by force, over this: {view.facts.overridden}")
