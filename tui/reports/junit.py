"""Runs as JUnit XML, in the form that Jenkins and GitLab read (junit-10).

A suite is a run. Its cases are `run` (did it end as planned), `validity` (can the measurement be
trusted), one for each threshold, and one for each goal. A missed goal is no failure: its case
passes and says so in its output. A stress has a case for each thing that it must not do to board
or service; one that nobody could look at is skipped. A camera has a case, and one for each of its
own limits; a step of a workflow has one, over all rounds. What can't be judged, since the run was
INVALID, INTERRUPTED or ABORTED, is skipped; that itself is an error. A run that was asked for and
did not happen is a suite with the case `run` alone, an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as xml

from tui.core import format as text
from tui.core.limits import LimitState
from tui.core.model import RunView
from tui.core.outcome import NotRun, Outcome, views
from tui.reports import limit_words
from tui.reports.board_words import (
    LONGEST,
    REPLAYED,
    alerts_words,
    is_replayed,
    rise_words,
    throttle_reasons,
    throttled_words,
    worst_rise,
)
from tui.reports.camera_junit import told_of_cameras
from tui.reports.camera_words import is_made, name_words
from tui.reports.clean import shortened, visible
from tui.reports.e2e_junit import told_of_workflow
from tui.reports.measurement import UNLOADED
from tui.reports.search_words import results
from tui.reports.storage_junit import told_of_storage
from tui.reports.stress_junit import Told, told_of
from tui.reports.utc import moment


def junit(outcomes: Sequence[Outcome]) -> str:
    """The document, a suite for each run that was asked for. Runs that go on are errors too."""
    root = xml.Element("testsuites", name="jetproof")
    for number, outcome in enumerate(outcomes):
        if isinstance(outcome, NotRun):
            root.append(_absent_suite(outcome, number))
        else:
            root.append(_suite(outcome, number))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", _seconds(sum(view.ended_s or 0.0 for view in views(outcomes))))
    xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def _suite(view: RunView, number: int) -> xml.Element:
    facts = view.facts
    suite = _empty_suite(facts.scenario.id, number, facts.started_at, _properties(view))
    suite.set("hostname", visible(facts.device.model))
    suite.set("time", _seconds(view.ended_s or 0.0))
    cases = [_run_case(view), _validity_case(view)]
    cases += [_threshold_case(view, state) for state in view.thresholds]
    cases += [_goal_case(view, state) for state in view.goals]
    cases += [_told_case(view, told) for told in _told(view)]
    return _filled(suite, cases)


def _absent_suite(missing: NotRun, number: int) -> xml.Element:
    facts = {"verdict": missing.status, "target": missing.target}
    suite = _empty_suite(missing.scenario, number, missing.at_utc, facts)
    suite.set("time", _seconds(0.0))
    name = f"jetproof.{missing.kind}.{missing.scenario}"
    case = xml.Element("testcase", name="run", classname=visible(name), time=_seconds(0.0))
    _child(case, "error", missing.why, missing.status)
    return _filled(suite, [case])


def _empty_suite(
    name: str, number: int, at_utc: float, properties: Mapping[str, str]
) -> xml.Element:
    suite = xml.Element("testsuite", name=visible(name), id=str(number), package="jetproof")
    suite.set("timestamp", f"{moment(at_utc):%Y-%m-%dT%H:%M:%S}")
    table = xml.SubElement(suite, "properties")
    for key, value in properties.items():
        xml.SubElement(table, "property", name=key, value=visible(value))
    return suite


def _filled(suite: xml.Element, cases: Sequence[xml.Element]) -> xml.Element:
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    return suite


def _properties(view: RunView) -> dict[str, str]:
    facts = view.facts
    return {
        "run": facts.id,
        "session": facts.session_id,
        "verdict": view.judgement.verdict if view.judgement else "running",
        **({"target": facts.target.name, "url": facts.url} if facts.target.name else {}),
        "simulated": str(is_made(view)).lower(),
        "device": facts.device.model,
        "version": facts.version,
        "config_sha256": facts.config_sha256,
        **_search(view),
        **({"cameras": ", ".join(map(name_words, view.cameras))} if view.cameras else {}),
        **_board(view),
        **({"note": facts.note} if facts.note else {}),
        **({"site": facts.site.name} if facts.site.name else {}),
    }


def _search(view: RunView) -> dict[str, str]:
    """What a search found, by names such as `search_last_good_level`."""
    if view.search is None:
        return {}
    found = results(view, view.search)
    return {f"search_{name.replace(' ', '_')}": words for name, words in found}


def _board(view: RunView) -> dict[str, str]:
    worst = worst_rise(view)
    found = {
        "board_source": view.facts.device.source,
        "power_mode": shortened(view.facts.device.power_mode or "", LONGEST),
        "throttled": throttled_words(view),
        "throttle_reasons": "; ".join(throttle_reasons(view)),
        "alerts": alerts_words(view),
        "worst_rise": rise_words(view, worst) if worst else "",
        "not_comparable": "; ".join(view.incomparable),
        "replayed": REPLAYED if is_replayed(view) else "",
    }
    return {name: words for name, words in found.items() if words}


def _case(view: RunView, name: str, time_s: float = 0.0) -> xml.Element:
    return xml.Element(
        "testcase",
        name=name,
        classname=f"jetproof.{view.facts.scenario.kind}.{view.facts.scenario.id}",
        # Most steps take a few milliseconds.
        time=_seconds(time_s) if name == "run" or not time_s else f"{time_s:.4f}",
    )


def _run_case(view: RunView) -> xml.Element:
    """Fails only for what no other case says: a suite must not be green in a run that is not."""
    # Readers add the cases up: no time stands twice.
    others_s = sum(told.time_s for told in _told(view))
    case = _case(view, "run", max((view.ended_s or 0.0) - others_s, 0.0))
    judgement = view.judgement
    if judgement is None:
        _child(case, "error", "the run has not ended", "RUNNING")
    elif judgement.verdict not in ("PASS", "FAIL") and not _is_said_by_validity(view):
        _child(case, "error", judgement.reason, judgement.verdict, judgement.advice)
    elif judgement.verdict == "FAIL" and not _is_said_by_others(view):
        _child(case, "failure", judgement.reason, judgement.verdict, judgement.advice)
    return case


def _is_said_by_validity(view: RunView) -> bool:
    return (
        view.validity.valid is False
        and view.judgement is not None
        and (view.judgement.verdict == "INVALID")
    )


def _is_said_by_others(view: RunView) -> bool:
    broken = any(state.passed is False for state in view.thresholds)
    return broken or any(told.failed for told in _told(view))


def _told(view: RunView) -> tuple[Told, ...]:
    """What a stress, cameras or steps must do and must not, beside the limits."""
    told = (*told_of(view), *told_of_cameras(view), *told_of_workflow(view))
    return (*told, *told_of_storage(view))


def _validity_case(view: RunView) -> xml.Element:
    case = _case(view, "validity")
    if view.validity.valid is None:
        is_loaded = view.facts.scenario.load is not None
        _child(case, "skipped", "nothing was measured" if is_loaded else UNLOADED)
    elif not view.validity.valid:
        reasons = "; ".join(view.validity.reasons)
        _child(case, "error", reasons, "INVALID", view.validity.advice)
    return case


def _threshold_case(view: RunView, state: LimitState) -> xml.Element:
    case = _case(view, _name(state, "threshold"))
    why = _unjudged(view)
    if why or state.passed is None:
        _child(case, "skipped", why or "nothing was measured")
    elif not state.passed:
        _child(case, "failure", _against(state), "FAIL")
    return case


def _goal_case(view: RunView, state: LimitState) -> xml.Element:
    case = _case(view, _name(state, "goal"))
    if state.passed is False:
        output = f"goal missed, which fails nothing: {_against(state)}"
    else:
        output = _unjudged(view) or _against(state)
    xml.SubElement(case, "system-out").text = visible(output)
    return case


def _told_case(view: RunView, told: Told) -> xml.Element:
    case = _case(view, told.name, told.time_s)
    why = _unjudged(view)
    if why and told.failed:
        _child(case, "skipped", f"{why}; seen: {told.failed}")
    elif why or told.skipped:
        _child(case, "skipped", why or told.skipped)
    elif told.failed:
        _child(case, "failure", told.failed, "FAIL", told.advice)
    xml.SubElement(case, "system-out").text = visible(told.output)
    return case


def _unjudged(view: RunView) -> str:
    verdict = view.judgement.verdict if view.judgement else "RUNNING"
    return "" if verdict in ("PASS", "FAIL") else f"not judged: the run is {verdict}"


def _name(state: LimitState, word: str) -> str:
    return f"{word} {state.limit.metric} {state.limit.text}"


def _against(state: LimitState) -> str:
    label = text.metric_label(state.limit.metric)
    margin = limit_words.margin(state)
    return (
        f"{label} {limit_words.observed(state)}, limit {limit_words.bound(state)}"
        f"{margin and ', ' + margin}"
    )


def _child(
    case: xml.Element, tag: str, message: str, kind: str = "", advice: str = ""
) -> xml.Element:
    child = xml.SubElement(case, tag, message=visible(message))
    if kind:
        child.set("type", kind)
    if advice:
        child.text = visible(advice)
    return child


def _seconds(value: float) -> str:
    return text.two_decimals(value)
