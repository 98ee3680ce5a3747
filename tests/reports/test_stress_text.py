from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.reports.runs import EVIL, STRESSED, evil_stress, recovery_state, stress_view
from tui.core.limits import Limit, LimitState
from tui.core.model import Past
from tui.core.stress.view import (
    BurnerView,
    HeldTo,
    Level,
    PartView,
    Recovery,
    StepView,
    StressView,
)
from tui.reports.run_table import run_table
from tui.reports.summary import summary

P95 = Limit("p95_ms", "<", 2000.0)


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
    assert "  cpu: 50 · 100 % asked, 49 · 95 % reached (share of 2 cores)" in text
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
        "  ✓ proxy (latency 80 ms) 00:04 to 00:06 (2.0 s), undone by the guardian",
        "  ✗ service descriptors 9 before, 40 after (in order to 14)",
    ],
)
def test_price_outage_limits_faults_and_leftovers_have_a_line(line: str) -> None:
    assert line in of().splitlines()


def test_an_outage_before_the_stress_is_told_apart() -> None:
    health = msgspec.structs.replace(
        STRESSED.health, outages=((1.0, 2.5), (4.0, 7.0)), outage_before_s=1.5
    )
    text = " ".join(of(stress=msgspec.structs.replace(STRESSED, health=health)).split())
    assert "3.0 s without an answer since the stress began, 1.5 s before it" in text
    assert "37 of 40 checks answered over the whole run, p95 of these 9.9 ms" in text


@pytest.mark.parametrize(
    ("observed", "passed", "line"),
    [
        (4.0, True, "  ✓ PASS recovery 4 s (< 60 s, margin 93 %)"),
        (4.25, True, "  ✓ PASS recovery 4.2 s (< 60 s, margin 93 %)"),
        (None, False, "  ✗ FAIL recovery never (< 60 s)"),
        (None, None, "  – n/a  recovery not measured (< 60 s)"),
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


LONG = (
    ("latency 400 ms, jitter 100 ms", 30.0),
    ("half open, 10 % of the connections", 25.5),
    ("black hole", 4.5),
)


def faulty(*names: str) -> StressView:
    """Three faults on the way, and burners of these names beside them."""
    steps = tuple(
        StepView(number, what, is_fault=True, figures=figures(number, 4.0 + 30 * number, lasted_s))
        for number, (what, lasted_s) in enumerate(LONG)
    )
    levels = tuple(Level(number, 1.0, 0.97) for number in range(len(LONG)))
    burners = tuple(BurnerView(name, "share", levels=levels) for name in names)
    return msgspec.structs.replace(STRESSED, steps=steps, burners=burners)


def figures(number: int, from_s: float, lasted_s: float) -> PartView:
    return msgspec.structs.replace(
        STRESSED.steps[0].figures, from_s=from_s, until_s=from_s + lasted_s, p95_ms=400.0 + number
    )


def undisturbed() -> StressView:
    steps = (
        msgspec.structs.replace(step, figures=msgspec.structs.replace(step.figures, disturbed_s=0))
        for step in STRESSED.steps
    )
    return msgspec.structs.replace(STRESSED, steps=tuple(steps))


def test_each_step_has_a_row_of_its_own_figures() -> None:
    lines = of(is_loaded=True, stress=undisturbed()).splitlines()
    start = lines.index("Step by step (levels: % reached of asked):")
    assert len(lines[start + 3]) <= 80
    head, low, high = (line.split() for line in lines[start + 1 : start + 4])
    assert head[:4] == ["step", "from", "lasted", "cpu"]
    assert low[:8] == ["50", "%", "00:03", "2.0", "s", "49", "of", "50"]
    assert high[:8] == ["100", "%", "00:05", "3.0", "s", "95", "of", "100"]
    # p50, p95, rps, errors, Tj, power.
    assert low[8:] == ["9.1", "15", "42.0", "0", "52.0", "10.1"]
    assert high[8:] == ["12", "23", "38.0", "2.6", "61.2", "13.1"]


def test_seconds_of_a_step_that_were_left_out_are_told() -> None:
    assert "left out" in of()
    assert "left out" not in of(stress=undisturbed()).split("Price of it")[0]


def test_one_step_is_told_by_the_parts_alone() -> None:
    one = msgspec.structs.replace(STRESSED, steps=STRESSED.steps[1:])
    assert "Step by step" not in of(stress=one)


def test_without_a_load_the_health_check_tells_of_each_step() -> None:
    steps = tuple(
        msgspec.structs.replace(
            step, figures=PartView("stress", 3.0, 8.0, health_p95_ms=5.0 + step.step)
        )
        for step in STRESSED.steps
    )
    lines = of(stress=msgspec.structs.replace(STRESSED, steps=steps)).splitlines()
    start = lines.index("Step by step (levels: % reached of asked):")
    assert lines[start + 1].endswith("health p95 ms (answered)")
    assert [line.split()[-1] for line in lines[start + 2 : start + 4]] == ["5.0", "6.0"]


@pytest.mark.parametrize("names", [(), ("cpu",), ("cpu", "memory", "storage", "network", "gpu")])
def test_steps_with_no_room_in_a_line_go_on_in_the_next(names: tuple[str, ...]) -> None:
    text = of(stress=faulty(*names))
    assert max(map(len, text.splitlines())) <= 80
    rows = text[text.index("Step by step") :].split("\n\n")[0]
    for what, _ in LONG:
        assert f"\n  {what}\n" in rows
    for p95 in ("400", "401", "402"):
        assert p95 in rows.split()
    assert rows.count("97 of 100") == len(names) * len(LONG)


def test_the_health_check_is_said_to_go_around_the_faults() -> None:
    assert "asked directly and not through the faults" in " ".join(of(stress=faulty()).split())
    assert "asked directly" not in of()


def test_a_burner_at_one_level_has_one_figure() -> None:
    cpu = BurnerView("cpu", "share of 2 cores", mean_asked=1.0, mean_reached=0.96, verified=3)
    text = of(stress=msgspec.structs.replace(STRESSED, burners=(cpu,)))
    assert "  cpu reached 96 % of the 100 % asked for (share of 2 cores), 3 verified" in text


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"write_mb_per_s": 50.0, "read_mb_per_s": 2000.0}, "write 52 MB/s, read 2.10 GB/s"),
        ({"mbit_per_s": 941.0}, "941 Mbit/s"),
        ({"mbit_per_s": 9410.0}, "9.41 Gbit/s"),
        ({"traffic_mb_per_s": 10_000.0}, "traffic 10.49 GB/s"),
        (
            {"read_mb_per_s": 50.0, "layout_s": 3.21},
            "read 52 MB/s, after 3.2 s to lay its file out",
        ),
    ],
)
def test_what_a_burner_moved_is_told_in_the_units_of_data_sheets(
    told: dict[str, float | str], line: str
) -> None:
    burner = BurnerView("any", "share", mean_asked=1.0, mean_reached=1.0, totals=told)
    text = of(stress=msgspec.structs.replace(STRESSED, burners=(burner,)))
    assert f"    {line}" in text.splitlines()


@pytest.mark.parametrize(
    ("recovery", "words"),
    [
        (
            Recovery(8.0, "load", 0.0, 9.0, held_to=HeldTo((P95,), 41.4, error_rate=0.0225)),
            "none was needed: each 5 s had p95 < 2 000 ms, errors at most 2.2 % and at least "
            "41.4 rps, as its load tells",
        ),
        (
            Recovery(8.0, "health", 0.0, 9.0, held_to=HeldTo(p95_ms=8.2)),
            "none was needed: each 5 s had every check answered and p95 at most 8.2 ms, as its "
            "health check tells",
        ),
        (
            Recovery(8.0, "load", 4.0, 9.0, 2.0, held_to=HeldTo(rps=41.4)),
            "4.0 s after the stress, as its load tells (back: each 5 s has at least 41.4 rps)",
        ),
    ],
)
def test_the_way_back_names_what_it_is_judged_by(recovery: Recovery, words: str) -> None:
    text = of(stress=msgspec.structs.replace(STRESSED, recovery=recovery))
    assert words in " ".join(text.split())


def test_that_no_failure_was_honest_is_not_praised() -> None:
    text = of(stress=msgspec.structs.replace(STRESSED, overloaded_share=0.0))
    assert "none of the failed requests was answered with 429 or 503" in text
    assert "as is right" not in text


def test_whole_run_latencies_are_said_to_be_of_the_whole_run() -> None:
    assert "(of the whole run, before and after the stress too)" in of(is_loaded=True)
