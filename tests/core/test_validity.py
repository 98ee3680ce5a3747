from __future__ import annotations

import pytest

from tui.core.validity import Validity, ValidityFold


def judged(
    *windows: tuple[float, float | None],
    p95_ms: float | None = 50.0,
    requests: int = 1000,
    missed: int = 0,
    reports: tuple[int, int] = (0, 0),
    lost_workers: tuple[str, ...] = (),
    user_errors: int = 0,
) -> Validity:
    """Windows are (lag p99 in ms, worker CPU in percent or None)."""
    fold = ValidityFold()
    for lag_ms, cpu_percent in windows:
        fold.add_window(lag_ms, cpu_percent)
    fold.missed_sends = missed
    fold.user_errors = user_errors
    fold.reports_received, fold.reports_lost = reports
    fold.lost_workers.extend(lost_workers)
    return fold.judge(p95_ms, requests)


def some(bad: tuple[float, float], number: int) -> list[tuple[float, float]]:
    """So many bad windows of a hundred."""
    return [bad] * number + [(1.0, 30.0)] * (100 - number)


def test_nothing_measured_is_neither_valid_nor_invalid() -> None:
    assert judged().valid is None


def test_a_quiet_generator_is_valid_and_gives_no_reason() -> None:
    validity = judged(*some((1.0, 30.0), 0))
    assert (validity.valid, validity.reasons, validity.advice) == (True, (), "")
    assert validity.generator_cpu_percent == pytest.approx(30.0)
    assert validity.lag_p99_ms == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize(("number", "valid"), [(10, True), (11, False)])
def test_late_timers_in_more_than_a_tenth_of_the_windows_are_too_many(
    number: int, valid: bool
) -> None:
    assert judged(*some((30.0, 30.0), number)).valid is valid


@pytest.mark.parametrize(("lag_ms", "valid"), [(9.0, True), (11.0, False)])
def test_ten_milliseconds_are_late_for_a_quick_service(lag_ms: float, valid: bool) -> None:
    assert judged(*some((lag_ms, 30.0), 50), p95_ms=20.0).valid is valid


@pytest.mark.parametrize(("lag_ms", "valid"), [(90.0, True), (110.0, False)])
def test_a_tenth_of_p95_is_late_for_a_slow_one(lag_ms: float, valid: bool) -> None:
    assert judged(*some((lag_ms, 30.0), 50), p95_ms=1000.0).valid is valid


@pytest.mark.parametrize(
    ("cpu_percent", "number", "valid"), [(95.0, 10, True), (95.0, 11, False), (90.0, 100, True)]
)
def test_a_busy_generator_is_the_limit_itself(cpu_percent: float, number: int, valid: bool) -> None:
    validity = judged(*some((1.0, cpu_percent), number))
    assert validity.valid is valid
    assert ("--workers 2" in validity.advice) is not valid


@pytest.mark.parametrize(("missed", "valid"), [(10, True), (11, False)])
def test_more_than_a_hundredth_of_missed_sends_is_too_many(missed: int, valid: bool) -> None:
    assert judged((1.0, 30.0), missed=missed).valid is valid


@pytest.mark.parametrize(("lost", "valid"), [(5, True), (6, False)])
def test_more_than_a_twentieth_of_lost_reports_is_too_many(lost: int, valid: bool) -> None:
    assert judged((1.0, 30.0), reports=(100 - lost, lost)).valid is valid


@pytest.mark.parametrize(("user_errors", "valid"), [(10, True), (11, False)])
def test_user_code_that_failed_more_than_once_in_a_hundred_requests_is_too_much(
    user_errors: int, valid: bool
) -> None:
    validity = judged((1.0, 30.0), user_errors=user_errors)
    assert validity.valid is valid
    assert ("locustfile" in validity.advice) is not valid


def test_user_code_that_failed_before_any_request_is_too_much() -> None:
    assert judged((1.0, 30.0), user_errors=1, requests=0).valid is False


def test_a_window_of_which_nobody_told_the_cost_is_neither_idle_nor_busy() -> None:
    validity = judged((1.0, 80.0), (1.0, None), (1.0, None), (1.0, 60.0))
    assert (validity.valid, validity.generator_cpu_percent) == (True, 70.0)
    assert judged((1.0, None)).generator_cpu_percent is None


def test_a_lost_worker_is_a_reason_even_before_the_first_window() -> None:
    validity = judged(lost_workers=("worker w1 lost with 20 users: killed",))
    assert (validity.valid, validity.reasons) == (False, ("worker w1 lost with 20 users: killed",))


def test_every_reason_is_given_and_the_advice_of_the_first() -> None:
    validity = judged(*some((500.0, 99.0), 100), missed=500)
    assert len(validity.reasons) == 3
    assert "--workers 2" in validity.advice


def test_the_consoles_own_cost_is_a_mean_over_the_measured_phase() -> None:
    fold = ValidityFold()
    assert fold.judge(None, 0).console_cpu_percent is None
    fold.add_console(4.0)
    fold.add_console(8.0)
    assert fold.judge(None, 0).console_cpu_percent == 6.0


def test_one_bad_second_of_a_short_run_spoils_nothing_and_two_do() -> None:
    calm = [(1.0, 30.0)] * 4
    assert judged(*calm, (400.0, 30.0), p95_ms=20.0).valid is True
    assert judged(*calm[:3], (400.0, 30.0), (400.0, 30.0), p95_ms=20.0).valid is False
