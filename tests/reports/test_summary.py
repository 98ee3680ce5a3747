from __future__ import annotations

import io
from collections.abc import Callable

import msgspec
import pytest

from tests.core import script
from tests.reports.runs import evil_facts, evil_run, staged_view, with_unreached_stage
from tui.core import events as ev
from tui.core.model import Past
from tui.core.tally import WARM_UP
from tui.reports.run_table import run_table
from tui.reports.summary import summary, summary_for


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def of(make: script.RunMaker, facts: ev.RunFacts | None = None, *, ascii_only: bool = False) -> str:
    return summary(script.view_of(make(facts or script.facts())), ascii_only=ascii_only)


def test_a_passed_run_has_the_block_that_scripts_expect() -> None:
    lines = of(script.good_run).splitlines()
    expected = """\
Total requests: 460
Successful: 460
Failed: 0
Success rate: 100.00%
Requests/second: 46.00

Response times:
  P50: 0.100s
  P95: 0.100s
  P99: 0.899s

Threshold Checks:
  ✓ PASS p95 100 ms (< 2 000 ms, margin 95 %)
  ✓ PASS errors 0 % (< 1.0 %, margin 100 %)
  ✓ PASS - All thresholds met""".splitlines()
    start = lines.index(expected[0])
    assert lines[start : start + len(expected)] == expected
    assert lines[-2:] == ["VERDICT: PASS - 460 requests within all limits", "=" * 30]


def test_a_broken_limit_says_by_how_much() -> None:
    text = of(script.failing_run)
    assert "  ✗ FAIL p95 2 500 ms (< 2 000 ms, over by 25 %)" in text
    assert "All thresholds met" not in text
    assert "VERDICT: FAIL - errors 11 %, limit 1.0 %, and 1 more" in text


def test_a_throughput_below_its_floor_is_short() -> None:
    scenario = script.scenario(thresholds={"rps": ">= 92"})
    assert "✗ FAIL rps 46.0 (>= 92.0, short by 50 %)" in of(
        script.good_run, script.facts(scenario=scenario)
    )


def test_a_missed_goal_is_marked_and_does_not_fail() -> None:
    scenario = script.scenario(goals={"p99_ms": "< 100"})
    text = of(script.good_run, script.facts(scenario=scenario))
    assert "! MISSED p99" in text
    assert "! goal missed: p99_ms < 100" in text
    assert "VERDICT: PASS" in text


def test_a_run_that_can_not_be_trusted_never_says_that_all_is_met() -> None:
    text = of(script.invalid_run)
    assert "Measurement: INVALID\n  generator late" in text
    assert "All thresholds met" not in text


def test_a_threshold_that_could_not_be_judged_is_never_met() -> None:
    view = script.view_of(script.good_run(script.facts()))
    unjudged = msgspec.structs.replace(view.thresholds[0], observed=None, passed=None)
    # Whatever the verdict says.
    text = summary(msgspec.structs.replace(view, thresholds=(unjudged, view.thresholds[1])))
    assert "VERDICT: PASS" in text
    assert "  – n/a  p95 not measured (< 2" in text
    assert "All thresholds met" not in text


def test_a_floor_that_is_not_known_is_called_so() -> None:
    assert "  Floor: not known\n" in of(script.good_run)


def test_nothing_that_a_target_sends_acts_unseen() -> None:
    text = summary(script.view_of(evil_run(evil_facts())))
    assert not {"\x1b", "\x00", "\u202e", "\u2066", "\u200b"} & set(text)
    assert "‹202E›gnp.exe" in text


def test_failures_are_grouped_with_their_class_and_time() -> None:
    assert "Failures:\n  50 × POST /predict: HTTP 503 [5xx], 00:02 to 00:11\n" in of(
        script.failing_run
    )


def test_only_the_ten_most_frequent_kinds_of_failure_are_listed() -> None:
    def make(facts: ev.RunFacts) -> list[ev.Event]:
        limits = script.percentiles(facts.scenario)
        rows = [script.row([], failed_ms=[5.0], name=f"/{n}", limits=limits) for n in range(12)]
        return script.whole_run(facts, *rows)

    text = of(make)
    assert "/9: HTTP 503" in text
    assert "/10: HTTP 503" not in text
    assert "  and 2 more kinds\n" in text


def test_the_slowest_requests_are_named() -> None:
    assert "Slowest requests:\n  0.900s POST /predict at 00:11\n" in of(script.good_run)


def test_the_instruments_own_cost_is_printed() -> None:
    text = of(script.good_run)
    assert "Load generator: 30 % of one core, timers late by 1.0 ms (p99)" in text
    assert "Engine: 4.0 % of one core" in text


def test_the_demo_is_labelled_as_one() -> None:
    text = of(script.good_run)
    assert "Target: demo (http://127.0.0.1:40001, embedded demo)" in text
    assert "figures say nothing about a real service" in text


def test_a_real_target_is_not_labelled() -> None:
    text = of(script.good_run, script.facts(target=script.LOCAL))
    assert "demo" not in text
    assert "Warnings" not in text


def test_a_staged_run_says_all_that_is_known_of_it() -> None:
    text = summary(staged_view())
    for line in (
        "Campaign: prove-it, rung 2 of 5",
        "Site: Gate 4",
        "Note: after the new heat sink",
        "Offered/second: 61.50",
        "  ✗ FAIL 30 users from 00:04: 46.0 rps, p95 100 ms, 0 failed",
        "  Floor: p50 0.40 ms, p99 1.2 ms above the truth",
    ):
        assert f"{line}\n" in text, line
    assert "from the actual one: P50 0.100s" in text


def test_a_stage_that_never_came_to_a_figure_is_left_out() -> None:
    assert summary(with_unreached_stage()) == summary(staged_view())


def test_one_failure_in_a_million_is_not_a_full_success() -> None:
    def make(facts: ev.RunFacts) -> list[ev.Event]:
        row = script.row([], untimed=1, limits=script.percentiles(facts.scenario))
        rest = script.row([1.0] * 99_999, limits=script.percentiles(facts.scenario))
        return script.whole_run(facts, row, rest, seconds=1)

    assert "Success rate: 99.99%" in of(make)


def test_requests_that_were_not_judged_are_counted() -> None:
    def make(facts: ev.RunFacts) -> list[ev.Event]:
        limits = script.percentiles(facts.scenario)
        warm = script.row([5.0], failed_ms=[5.0], phase=WARM_UP, limits=limits)
        return script.whole_run(facts, script.row([9.0], limits=limits), warm)

    assert "Not judged (warm-up, pause, stop): 20, 10 failed\n" in of(make)


def test_a_run_without_requests_shows_no_figure_as_zero() -> None:
    text = of(script.empty_run)
    assert "  P95: –\n" in text
    assert "Success rate: –\n" in text
    assert "VERDICT: FAIL - no request was completed (is the target up?)" in text


@pytest.mark.parametrize(
    "make", [script.good_run, script.failing_run, script.empty_run, script.invalid_run]
)
def test_a_plain_stream_gets_plain_text(make: script.RunMaker) -> None:
    assert of(make, ascii_only=True).isascii()


def test_nothing_in_it_moves_a_cursor() -> None:
    assert "\x1b" not in of(script.failing_run)


def stream_of(kind: Callable[..., io.TextIOWrapper], encoding: str, make: script.RunMaker) -> str:
    with kind(io.BytesIO(), encoding=encoding) as stream:
        return summary_for(stream)(script.view_of(make(script.facts())))


def test_a_terminal_gets_a_chart_without_colour() -> None:
    text = stream_of(Terminal, "utf-8", script.good_run)
    assert "latency in ms  . p50  # p95  + p99" in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_pipe_gets_none() -> None:
    assert "latency in ms" not in stream_of(io.TextIOWrapper, "utf-8", script.good_run)


def test_a_terminal_without_utf_8_gets_neither_chart_nor_signs() -> None:
    text = stream_of(Terminal, "latin-1", script.good_run)
    assert text.isascii()
    assert "+ PASS - All thresholds met" in text


def test_a_run_without_a_course_has_no_chart() -> None:
    assert "latency in ms" not in stream_of(Terminal, "utf-8", script.empty_run)


def test_runs_are_listed_in_a_line_each() -> None:
    runs = [
        Past("20250615T150640-smoke-1f", "smoke", "PASS", script.STARTED_AT, 84.4, 120.4, "demo"),
        Past("20250615T150640-x", "endurance", None, script.STARTED_AT, None, None, "local"),
    ]
    assert run_table(runs).splitlines() == [
        "RUN                       STARTED (UTC)        SCENARIO   TARGET  VERDICT  P95 ms  RPS",
        "20250615T150640-smoke-1f  2025-06-15 15:06:40  smoke      demo    PASS         84  120",
        "20250615T150640-x         2025-06-15 15:06:40  endurance  local   running       -    -",
    ]
