from __future__ import annotations

import pytest

from tests.core.guards.boards import Sample, feed, plain, times
from tui.core.guards.power import Power

BUDGET_MW = 25_000.0


def takes(mw: float, limit: float | None = BUDGET_MW, rail: str = "vdd_in") -> Sample:
    return {f"{rail}_mw": plain(mw, limit)}


def counts(number: int, per_s: float, until_s: float = 20.0) -> list[Sample]:
    """An over-current counter that rises evenly from where the board's start left it."""
    return [
        {f"oc{number}_events": plain(27_390 + int(at_s * per_s)), "uptime_s": plain(900 + at_s)}
        for at_s in times(until_s)
    ]


def test_more_than_the_budget_for_five_seconds_ends_a_stress() -> None:
    found = feed(Power(), [takes(12_000.0)] * 6 + [takes(26_100.0)] * 11)
    assert found is not None
    assert found.text == "power guard: vdd in 26.1 W for 5 s, its budget is 25.0 W"


@pytest.mark.parametrize(
    "samples",
    [
        [takes(24_900.0)] * 30,
        [takes(27_000.0)] * 9 + [takes(20_000.0)] * 2 + [takes(27_000.0)] * 9,
        [takes(12_000.0)] * 10 + [takes(400_000.0)] + [takes(12_000.0)] * 10,
        [takes(40_000.0, None)] * 30,
        [takes(40_000.0, rail="vdd_cpu_gpu_cv")] * 30,
    ],
    ids=["below", "two lows", "one slip", "no budget", "a rail among others"],
)
def test_less_than_that_ends_nothing(samples: list[Sample]) -> None:
    assert feed(Power(), samples) is None


def test_one_low_sample_does_not_hide_too_much_power() -> None:
    samples = [takes(27_000.0)] * 6 + [takes(9_000.0)] + [takes(27_000.0)] * 6
    assert feed(Power(), samples) is not None


@pytest.mark.parametrize(
    ("number", "per_s", "ends"),
    [(1, 0.2, True), (2, 0.5, False), (2, 4.0, True), (3, 18.0, False), (3, 60.0, True)],
)
def test_the_board_s_own_counters_end_a_stress_only_where_they_mean_danger(
    number: int, per_s: float, ends: bool
) -> None:
    found = feed(Power(), counts(number, per_s))
    assert (found is not None) is ends
    assert found is None or found.detail.startswith(f"oc{number}")


def test_what_was_counted_before_the_stress_is_no_reason() -> None:
    assert feed(Power(), counts(1, 0.0)) is None


def test_a_counter_that_is_wrong_once_is_no_event() -> None:
    samples = counts(1, 0.0)
    samples[8] = {**samples[8], "oc1_events": plain(99_999)}
    assert feed(Power(), samples) is None


def test_a_burst_of_two_seconds_is_no_lasting_over_current() -> None:
    before, after = counts(3, 0.0, 10.0), 27_390 + 70
    burst = [{"oc3_events": plain(27_390 + 35 * step)} for step in (1, 2)]
    assert feed(Power(), [*before, *burst, *[{"oc3_events": plain(after)}] * 20]) is None
