"""What the forms that people read say of the board."""

from __future__ import annotations

from xml.etree import ElementTree as xml

import msgspec
import pytest

from tests.core import script
from tests.reports import board
from tests.reports.runs import EVIL
from tui.core.alerts import DEFAULT_RULES, OF_THE_WATCH, AlertRule
from tui.core.incidents import Incident
from tui.core.leak import Leak, LeakVerdict
from tui.core.model import RunView
from tui.reports.board_findings import ADVICE, board_findings
from tui.reports.board_words import (
    leak_words,
    leaks_told,
    rise_words,
    throttle_reasons,
    throttled_words,
)
from tui.reports.explain import explain
from tui.reports.findings import findings, other_warnings, recommendations
from tui.reports.junit import junit
from tui.reports.markdown import markdown
from tui.reports.outage import outage_words
from tui.reports.summary import summary


@pytest.fixture(scope="module")
def view() -> RunView:
    return script.view_of(board.throttled_run())


def flat(text: str) -> str:
    return " ".join(text.split())


def moved(incident: Incident, began_s: float, ended_s: float | None) -> Incident:
    return msgspec.structs.replace(incident, began_s=began_s, ended_s=ended_s)


def test_a_rise_is_told_in_one_sentence_with_its_cause_and_what_did_not_change() -> None:
    assert rise_words(board.view_with(), board.RISE) == (
        "p95 +38 % (846 to 1 167 ms) from 01:40 for 23 s, "
        "2 s after oc3 over-current began, 12/s; heat, memory and clocks unchanged"
    )


def test_a_rise_that_nothing_explains_says_so_and_one_that_stays_has_no_length() -> None:
    lone = msgspec.structs.replace(board.RISE, cause="", by="", unchanged=(), ended_s=None)
    assert rise_words(board.view_with(), lone) == (
        "p95 +38 % (846 to 1 167 ms) from 01:40 to the end, no board cause found"
    )


@pytest.mark.parametrize(
    ("is_throttled", "said"),
    [
        (None, "not known (nothing here can tell)"),
        (False, "no"),
        (True, "yes, for 3 s in all"),
    ],
)
def test_throttling_is_yes_no_or_not_known_and_never_guessed(
    is_throttled: bool | None, said: str
) -> None:
    reasons = [moved(board.OC3, 4.0, 7.0)] if is_throttled else []
    told = board.view_with(*reasons, is_throttled=is_throttled)
    assert throttled_words(told) == said
    assert f"Board throttled: {said}; no alerts\n" in summary(told)


def test_many_short_bouts_of_one_reason_are_one_line_with_the_worst_of_them() -> None:
    bouts = [
        msgspec.structs.replace(
            moved(board.OC3, float(at), at + 2.0), gauge="oc3_per_s", peak=10.0 + at
        )
        for at in range(0, 10, 4)
    ]
    told = board.view_with(*bouts, is_throttled=True)
    assert throttle_reasons(told) == (
        "oc3 over-current 3 times from 00:00 on, 6 s in all, at worst 18/s",
    )


def test_what_was_there_before_the_load_is_not_given_a_moment_in_it() -> None:
    told = board.view_with(moved(board.OC3, -3.0, 2.0), is_throttled=True)
    assert throttle_reasons(told) == ("oc3 over-current from before the work began for 5 s, 12/s",)


def test_the_summary_names_throttling_the_worst_rise_and_what_forbids_comparing(
    view: RunView,
) -> None:
    text = summary(view)
    assert "Board throttled: yes, for 27 s in all; 2 alerts: p50 above 150 ms, p95" in text
    assert "  oc3 over-current from 01:38 for 27 s, at worst 25/s at 01:39\n" in text
    assert "2 s after oc3 over-current began, 25/s; heat unchanged\n" in text
    assert "not comparable with other runs, because of this: power mode changed: MAXN" in text
    # Once is enough.
    assert text.count("over-current from") == 1
    assert "Warnings:" not in text


def test_a_report_warns_of_nothing_twice(view: RunView) -> None:
    assert any("oc3" in warning for warning in view.warnings)
    assert other_warnings(view) == ()


def test_an_explanation_names_the_board_event_before_the_break_of_a_threshold(
    view: RunView,
) -> None:
    assert view.judgement is not None
    assert view.judgement.verdict == "FAIL"
    text = flat(explain(view))
    assert "What the board did" in text
    assert (
        "p95 was first beyond its limit at 01:40, 2 s after this on the board: oc3 over-current"
        in text
    )


def test_no_board_event_long_before_a_break_is_held_against_it() -> None:
    scenario = script.scenario(thresholds={"p95_ms": "< 50"})
    broken = script.view_of(script.good_run(script.facts(scenario=scenario)))
    long_ago = moved(board.OC3, -60.0, -50.0)
    near = moved(board.OC3, -6.0, -2.0)
    for incident, is_told in ((long_ago, False), (near, True)):
        told = msgspec.structs.replace(broken, incidents=(incident,))
        assert ("was first beyond its limit at" in flat(explain(told))) is is_told


def test_a_failed_run_on_a_throttled_board_is_advised_on_the_board_first(view: RunView) -> None:
    advice = recommendations(view)
    assert "first mend what held the board back" in advice[0]
    assert ADVICE["oc3"] in advice


@pytest.mark.parametrize(
    ("key", "word"), [("oc1", "supply"), ("thermal", "cool the board"), ("oc2", "power mode")]
)
def test_each_reason_for_throttling_has_its_own_advice(key: str, word: str) -> None:
    told = board.view_with(msgspec.structs.replace(board.OC3, key=key), is_throttled=True)
    assert any(word in each for each in recommendations(told))


DOWN = Incident("service.down", "alert", "the service does not run", "down", "fail", 36.0, 41.0)
RESTART = Incident(
    "service.restart", "alert", "the service restarted", "restart", "fail", 41.0, 41.0
)
GONE = "the service was gone from 00:36 to 00:41 and restarted at 00:41"


def refused_at(first_s: float) -> RunView:
    """A run whose requests found nobody from that second on."""
    view = board.view_with(make=script.failing_run)
    failure = msgspec.structs.replace(view.failures[0], failure_class="connect", first_s=first_s)
    return msgspec.structs.replace(view, failures=(failure,))


def test_a_service_that_the_board_saw_gone_is_told_as_a_fact_and_not_asked_for() -> None:
    asked = flat(explain(refused_at(36.0)))
    assert "see whether the service restarted" in asked
    told = flat(explain(msgspec.structs.replace(refused_at(36.0), incidents=(DOWN, RESTART))))
    assert "see whether the service restarted" not in told
    assert f"Usual causes: {GONE}, as the board saw;" in told
    assert told.count(f"{GONE}: read its log of just before that") == 2


@pytest.mark.parametrize(
    ("first_s", "lag"), [(38.0, "2 s after"), (36.0, "in the same second as"), (34.0, "2 s before")]
)
def test_a_first_failure_is_held_against_the_service_that_was_gone(
    first_s: float, lag: str
) -> None:
    view = refused_at(first_s)
    told = flat(explain(msgspec.structs.replace(view, incidents=(board.HEAT, DOWN))))
    assert f"{lag} this on the board: the service was gone from 00:36 to 00:41" in told, told


def test_many_restarts_and_one_without_an_end_are_told_as_they_were() -> None:
    often = [moved(RESTART, float(at), float(at)) for at in (20, 30)]
    lasting = moved(DOWN, -2.0, None)
    view = board.view_with(lasting, *often)
    assert outage_words(view) == (
        "the service was gone from before the work began to the end "
        "and restarted 2 times from 00:20 on"
    )


@pytest.mark.parametrize(
    "key",
    ["service.down", "service.restart", "service.oom", "oom", "sensors", "link.lost", "health"],
)
def test_each_alert_of_the_service_and_the_board_has_its_own_advice(key: str) -> None:
    told = board.view_with(msgspec.structs.replace(DOWN, key=key))
    assert ADVICE[key] in recommendations(told)


def test_a_service_that_was_gone_and_restarted_is_one_question() -> None:
    advice = recommendations(board.view_with(DOWN, RESTART))
    assert ADVICE["service.down"] in advice
    assert ADVICE["service.restart"] not in advice


@pytest.mark.parametrize("rule", DEFAULT_RULES, ids=lambda rule: rule.metric)
def test_each_alert_that_holds_by_default_in_a_run_has_its_advice(rule: AlertRule) -> None:
    alert = Incident(rule.metric, "alert", rule.text, rule.label, "warn", 1.0, gauge=rule.metric)
    is_told_elsewhere = rule.metric in ("error_rate", *OF_THE_WATCH)
    assert bool(recommendations(board.view_with(alert))) is not is_told_elsewhere


def test_a_pass_with_a_rise_that_nothing_explains_is_not_sent_home() -> None:
    lone = msgspec.structs.replace(board.RISE, cause="", by="", unchanged=())
    told = flat(explain(board.view_with(rises=(lone, lone))))
    assert "What to do next" in told
    assert told.count("explains the rise of p95: read the service's log at 01:40") == 1
    assert "nothing: keep the report" not in told


def test_a_pass_that_warns_of_what_nobody_can_advise_on_says_to_look() -> None:
    strange = msgspec.structs.replace(board.HEAT, key="fan_rpm", gauge="fan_rpm")
    assert "and look at its charts where it warns" in flat(explain(board.view_with(strange)))
    assert "- nothing: keep the report" in explain(board.view_with())


def test_no_advice_on_the_service_follows_from_what_can_t_be_trusted() -> None:
    lone = msgspec.structs.replace(board.RISE, cause="", by="", unchanged=())
    slow = Incident("p95_ms", "alert", "p95 above 750 ms", "p95", "warn", 1.0)
    told = recommendations(board.view_with(slow, make=script.invalid_run, rises=(lone,)))
    assert not [each for each in told if "p95" in each or "ramp" in each]


def test_what_the_board_does_fails_nothing() -> None:
    heavy = msgspec.structs.replace(board.OC3, level="fail")
    told = board.view_with(heavy, board.HEAT, rises=(board.RISE,), is_throttled=True)
    assert {finding.level for finding in board_findings(told)} <= {"info", "warn"}
    assert set(board_findings(told)) <= set(findings(told))


@pytest.mark.parametrize(
    ("is_throttled", "is_said", "is_sure"),
    [(None, True, False), (False, False, False), (True, True, True)],
)
def test_that_the_board_throttled_is_a_usual_cause_only_where_it_can_be_one(
    is_throttled: bool | None, is_said: bool, is_sure: bool
) -> None:
    told = board.view_with(make=script.failing_run, is_throttled=is_throttled)
    late = msgspec.structs.replace(told.failures[0], failure_class="timeout")
    text = flat(explain(msgspec.structs.replace(told, failures=(late,))))
    assert ("the board throttled" in text) is is_said
    assert ("the board throttled, as it did in this run" in text) is is_sure


def test_a_ticket_has_the_board_in_a_section_of_its_own(view: RunView) -> None:
    text = markdown([view])
    section = text[text.index("### Board") : text.index("### Findings")]
    assert "- throttled: yes, for 27 s in all\n" in section
    assert "jtop lost from 03:21 to the end" in section
    assert "JetPack 6.2" in text
    assert "clocks not pinned" in text


def test_junit_has_the_board_as_properties(view: RunView) -> None:
    found = {
        each.get("name"): each.get("value")
        for each in xml.fromstring(junit([view])).iter("property")
    }
    assert found["throttled"] == "yes, for 27 s in all"
    assert found["power_mode"] == "MAXN_SUPER"
    assert "oc3 over-current began" in (found["worst_rise"] or "")
    assert "MAXN_SUPER to 15W" in (found["not_comparable"] or "")
    assert "replayed" not in found


def test_replayed_figures_are_called_so_in_every_form() -> None:
    replayed = script.view_of(board.throttled_run("replay"))
    for text in (summary(replayed), explain(replayed), markdown([replayed]), junit([replayed])):
        assert "are replayed from files" in flat(text)


def test_nothing_that_a_board_says_acts_in_any_form() -> None:
    said = [
        msgspec.structs.replace(board.OC3, key=word, text=word, label=word, detail=word, kind=kind)
        for word in EVIL
        for kind in ("throttle", "alert", "change", "source")
    ]
    rises = tuple(msgspec.structs.replace(board.RISE, cause=word, detail=word) for word in EVIL)
    told = board.view_with(*said, rises=rises, incomparable=EVIL, is_throttled=True)
    device = msgspec.structs.replace(told.facts.device, power_mode=EVIL[4] + EVIL[5])
    told = msgspec.structs.replace(told, facts=msgspec.structs.replace(told.facts, device=device))
    for text in (summary(told), explain(told), markdown([told]), junit([told])):
        assert not {"\x1b", "\x00", "\u202e", "\u2066", "\u200b"} & set(text)
    assert "<script>" not in markdown([told]).replace("\\<", "")


def leak(verdict: LeakVerdict, slope: float | None, why: str = "") -> Leak:
    low, high = (None, None) if slope is None else (slope - 5, slope + 5)
    return Leak(verdict, why, 7000.0, 600.0, 5.0, slope, low, high, 20.0, "python3 1841")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (leak("leak", 14.0), "memory of python3 1841 leaks: +14.0 MiB/h (+9.0 to +19.0)"),
        (leak("steady", 0.4), "memory of python3 1841 is steady: +0.4 MiB/h (-4.6 to +5.4)"),
        (
            leak("inconclusive", 3.0, "too short"),
            "memory of python3 1841: inconclusive, too short, +3.0 MiB/h",
        ),
    ],
)
def test_a_leak_is_told_with_its_slope_and_bounds(found: Leak, words: str) -> None:
    assert leak_words(found) == words


def test_of_a_run_of_minutes_no_verdict_on_a_leak_is_told() -> None:
    short, long = leak("inconclusive", None, "too short"), leak("leak", 14.0)
    view = msgspec.structs.replace(script.view_of(script.good_run(script.facts())), leaks=(short,))
    assert leaks_told(view) == ()
    assert leaks_told(msgspec.structs.replace(view, leaks=(short, long))) == (long,)
