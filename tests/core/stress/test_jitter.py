from __future__ import annotations

import pytest

from tui.core.stress.jitter import DISTURBED_MS, REMEMBERED, JitterFold
from tui.core.stress.view import Jitter

QUIET = (0.2, 0.9)
LATE = (25.0, 40.0)


def test_nothing_measured_is_nothing_told() -> None:
    fold = JitterFold()
    assert fold.view() == Jitter()
    assert not fold.is_disturbed(0.0)


@pytest.mark.parametrize(("p99_ms", "disturbed_s"), [(DISTURBED_MS, 0), (DISTURBED_MS + 0.1, 1)])
def test_a_second_is_disturbed_above_ten_milliseconds(p99_ms: float, disturbed_s: int) -> None:
    fold = JitterFold()
    fold.add(4.0, p99_ms, 400.0)
    assert fold.view().disturbed_s == disturbed_s
    assert fold.is_disturbed(3.0) == bool(disturbed_s)


def test_a_report_speaks_for_the_second_before_it() -> None:
    fold = JitterFold()
    for at_s in range(1, 10):
        fold.add(at_s + 0.02, *(LATE if at_s == 5 else QUIET))
    assert [second for second in range(10) if fold.is_disturbed(second)] == [4]


def test_a_report_in_the_middle_of_two_seconds_disturbs_both() -> None:
    fold = JitterFold()
    fold.add(5.5, *LATE)
    assert [second for second in range(10) if fold.is_disturbed(second)] == [4, 5]
    assert fold.is_disturbed(3.6)
    assert not fold.is_disturbed(3.5)


def test_a_process_that_stood_still_was_disturbed_all_the_while() -> None:
    fold = JitterFold()
    fold.add(2.0, *QUIET)
    fold.add(7.0, 4_900.0, 5_000.0)
    assert [second for second in range(10) if fold.is_disturbed(second)] == [2, 3, 4, 5, 6]
    assert (fold.view().seconds, fold.view().disturbed_s) == (6, 5)


def test_the_view_has_the_middle_and_the_worst() -> None:
    fold = JitterFold()
    for at_s, p99_ms in enumerate([0.2, 0.2, 0.4, 5.0, 30.0], start=1):
        fold.add(at_s, p99_ms, 2 * p99_ms)
    view = fold.view()
    assert view.p99_ms == pytest.approx(0.4, rel=0.01)
    assert (view.seconds, view.disturbed_s, view.worst_ms) == (5, 1, 60.0)


def test_a_long_run_keeps_the_count_and_forgets_the_old_seconds() -> None:
    fold = JitterFold()
    seconds = 3 * REMEMBERED
    for at_s in range(1, seconds + 1):
        fold.add(at_s, *LATE)
    assert fold.view().disturbed_s == seconds
    assert fold.is_disturbed(seconds - 1)
    assert not fold.is_disturbed(0)
