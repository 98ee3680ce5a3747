from __future__ import annotations

import pytest

from tests.core.script import row, window
from tests.core.stress.services import COUNTED, LIMITS
from tui.core.limits import parse_limit
from tui.core.stress.windows import is_within, second_of, tally_of, window_limits
from tui.core.tally import UNMEASURED, WARM_UP


def test_a_second_is_all_measured_rows_together() -> None:
    closed = window(
        7,
        row([10.0, 20.0], failed_ms=[200.0], limits=COUNTED),
        row([30.0], name="/results", untimed=1, limits=COUNTED),
        row([500.0], phase=WARM_UP, limits=COUNTED),
        row([600.0], phase=UNMEASURED, limits=COUNTED),
    )
    second = second_of(closed, len(COUNTED))
    assert (second.second, second.requests, second.failures) == (7, 5, 2)
    assert sum(second.row.buckets.values()) == 4
    assert second.row.over == [1]
    assert second.row.max_ms == 200.0


@pytest.mark.parametrize(
    ("lag_ms", "latency_ms", "is_disturbed"),
    [(1.0, 20.0, False), (9.0, 20.0, False), (11.0, 20.0, True), (11.0, 500.0, False)],
)
def test_a_second_is_disturbed_when_the_load_s_own_timers_were_late(
    lag_ms: float, latency_ms: float, is_disturbed: bool
) -> None:
    closed = window(0, row([latency_ms] * 20, limits=COUNTED), lag_ms=lag_ms)
    assert second_of(closed, len(COUNTED)).is_disturbed is is_disturbed


def test_a_second_is_disturbed_when_the_engine_says_so() -> None:
    assert second_of(window(0), 0, is_disturbed=True).is_disturbed


@pytest.mark.parametrize(("slow", "holds"), [(4, True), (5, False)])
def test_seconds_are_judged_by_the_exact_count_of_all_of_them(slow: int, holds: bool) -> None:
    # 99.9 and 100.1 ms lie in one bucket.
    seconds = [
        second_of(window(at_s, row([99.9] * 20, limits=COUNTED)), len(COUNTED)) for at_s in range(4)
    ]
    last = row([99.9] * (20 - slow) + [100.1] * slow, limits=COUNTED)
    seconds.append(second_of(window(4, last), len(COUNTED)))
    assert is_within(tally_of(seconds, len(COUNTED)), LIMITS, COUNTED) is holds


def test_a_window_is_held_to_latency_and_errors_alone() -> None:
    limits = (*LIMITS, parse_limit("rps", ">= 50"), parse_limit("p95_variation", "< 0.1"))
    assert window_limits(limits) == LIMITS
