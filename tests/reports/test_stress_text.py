from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.reports.runs import EVIL, STRESSED, evil_stress, recovery_state, stress_view
from tui.core.limits import Limit, LimitState
from tui.core.model import Past
from tui.core.stress.view import Recovery
from tui.reports.run_table import run_table
from tui.reports.summary import summary


def of(**changes: Any) -> str:
    return summary(stress_view(**changes))


def test_without_a_load_nothing_is_said_of_requests() -> None:
    text = of()
    for word in ("Total requests", "Response times", "Requests/second", "Load generator", "Floor"):
        assert word not in text
    assert "STRESS RESULTS" in text
    assert "Engine's clock: late by 0.40 ms (p99)" in text


def test_with_a_load_both_are_told() -> None:
    text = of(is_loaded=True)
    assert text.index("Total requests: 460") < text.index("Service under stress:")


def test_what_was_asked_stands_beside_what_was_reached() -> None:
    text = of()
    assert "  steps: 50, 100 % for 30 s each\n" in text
    assert "  cpu reached 72 % of the 75 % asked for (share of a core)" in text
    assert "  gpu was not burnt: no program that burns it is installed\n" in text


def test_the_service_is_shown_before_under_and_after() -> None:
    lines = of().splitlines()
    row = next(line for line in lines if line.startswith("  p95 ms"))
    assert row.split() == ["p95", "ms", "12", "22", "12"]
    sure = "  p95 under stress 1.84 times what it was before (95 % sure: 1.62 to 2.10)"
    assert sure in lines
    assert any("0.87 times what it was before (too little for" in line for line in lines)


@pytest.mark.parametrize(
    "line",
    [
        "  temperature: 45.0 °C before, 61.2 °C at most, +8.1 °C a minute at first",
        "  power: 6.2 W before, 12.4 W mean, 13.1 W at most",
        "  written: 1 234 MB",
        "  Outage: 3.0 s without an answer, 00:04 to 00:07: HTTP 503",
        "  connections 1 024, the service refused one",
        "  ✓ proxy (latency 80 ms) 00:04 to 00:06, undone by the guardian",
        "  ✗ service descriptors 9 before, 40 after (in order to 14)",
    ],
)
def test_price_outage_limits_faults_and_leftovers_have_a_line(line: str) -> None:
    assert line in of().splitlines()


@pytest.mark.parametrize(
    ("observed", "passed", "line"),
    [
        (4.0, True, "  ✓ PASS recovery 4 s (< 60 s, margin 93 %)"),
        (4.25, True, "  ✓ PASS recovery 4.2 s (< 60 s, margin 93 %)"),
        (None, False, "  ✗ FAIL recovery never (< 60 s)"),
        (None, None, "  – n/a  recovery – s (< 60 s)"),
    ],
)
def test_a_recovery_is_a_figure_or_never_came(
    observed: float | None, passed: bool | None, line: str
) -> None:
    assert line in of(thresholds=(recovery_state(observed, passed=passed),)).splitlines()


def test_a_ratio_has_no_unit() -> None:
    state = LimitState(Limit("p95_ratio", "<", 2.0), 2.5, passed=False)
    expected = "  ✗ FAIL p95 under stress / before 2.50 (< 2.00, over by 25 %)"
    assert expected in of(thresholds=(state,)).splitlines()


@pytest.mark.parametrize(
    ("recovery", "words"),
    [
        (Recovery(8.0, "health", None, 30.0), "Recovery: not within the 30 s that were watched"),
        (Recovery(8.0, "health", 0.0, 3.0), "Recovery: none was needed"),
        (Recovery(8.0, "load", why="too few requests"), "Recovery: can't be told: too few"),
    ],
)
def test_the_way_back_is_told_as_it_was(recovery: Recovery, words: str) -> None:
    assert words in of(stress=msgspec.structs.replace(STRESSED, recovery=recovery))


@pytest.mark.parametrize("is_loaded", [True, False])
def test_no_line_of_a_stress_is_wider_than_80_columns(is_loaded: bool) -> None:
    assert max(map(len, of(is_loaded=is_loaded).splitlines())) <= 80


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_that_a_burner_or_service_says_acts_unseen(evil: str) -> None:
    text = of(stress=evil_stress(evil))
    assert not {"\x1b", "\x00", "\u202e", "\u2066", "\u200b"} & set(text)


def test_a_run_that_asked_nothing_has_no_rate_in_the_table_of_runs() -> None:
    past = Past("r1", "stress-cpu", "PASS", 1.75e9, None, 0.0, "local")
    assert run_table([past]).splitlines()[1].split()[-2:] == ["-", "-"]
    loaded = msgspec.structs.replace(past, p95_ms=12.0, rps=46.0)
    assert run_table([loaded]).splitlines()[1].split()[-2:] == ["12", "46.0"]
