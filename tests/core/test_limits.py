from __future__ import annotations

import pytest

from tests.core import script
from tui.core.duration import parse_duration_s
from tui.core.limits import Limit, LimitState, counted_limits, judge, parse_limit
from tui.core.tally import Tally


def judged(limit: Limit, *latencies_ms: float, measured_s: float = 1.0, **more: int) -> LimitState:
    counted = counted_limits([limit])
    tally = Tally(len(counted))
    tally.add(script.row(latencies_ms, limits=counted, **more))  # type: ignore[arg-type]
    (state,) = judge([limit], counted, tally, measured_s)
    return state


@pytest.mark.parametrize(
    ("text", "slow", "passed"),
    [
        # A hundred requests: fewer than five may take 2000 ms or longer.
        ("< 2000", 4, True),
        ("< 2000", 5, False),
        ("<= 2000", 4, True),
    ],
)
def test_p95_counts_the_requests_over_the_limit_exactly(text: str, slow: int, passed: bool) -> None:
    limit = parse_limit("p95_ms", text)
    assert judged(limit, *[1.0] * (100 - slow), *[2001.0] * slow).passed is passed


@pytest.mark.parametrize(("text", "passed"), [("< 2000", False), ("<= 2000", True)])
def test_a_request_exactly_at_the_limit_is_over_a_strict_one(text: str, passed: bool) -> None:
    limit = parse_limit("p95_ms", text)
    assert judged(limit, *[1.0] * 94, *[2000.0] * 6).passed is passed


def test_a_hair_below_the_limit_is_no_bucket_s_business() -> None:
    assert judged(parse_limit("p95_ms", "< 2000"), *[1999.999] * 100).passed is True


@pytest.mark.parametrize(
    ("metric", "fast", "slow", "passed"),
    [
        ("p95_ms", 19, 1, False),  # exactly 5 %, in spite of 0.05 * 20 > 1 in floating point
        ("p95_ms", 20, 1, True),
        ("p95_ms", 20, 0, True),
        ("p50_ms", 1, 1, False),
        ("p50_ms", 2, 1, True),
        ("p75_ms", 3, 1, False),
        ("p90_ms", 9, 1, False),
        ("p90_ms", 10, 1, True),
        ("p99_ms", 99, 1, False),
        ("p99_ms", 100, 1, True),
        ("p999_ms", 999, 1, False),
        ("p999_ms", 1000, 1, True),
        ("p95_ms", 0, 1, False),
    ],
)
def test_exactly_the_share_is_too_many(metric: str, fast: int, slow: int, passed: bool) -> None:
    limit = parse_limit(metric, "< 100")
    assert judged(limit, *[1.0] * fast, *[100.0] * slow).passed is passed


def test_the_figure_shown_never_contradicts_the_exact_count() -> None:
    limit = parse_limit("p95_ms", "< 2000")
    passing = judged(limit, *[1999.9] * 100)
    failing = judged(limit, *[1.0] * 19, 5000.0)
    assert (passing.passed, failing.passed) == (True, False)
    assert passing.observed is not None
    assert failing.observed is not None
    assert passing.observed <= 2000 <= failing.observed


def test_requests_that_were_never_timed_break_a_latency_limit() -> None:
    assert judged(parse_limit("p95_ms", "< 2000"), untimed=3) == LimitState(
        parse_limit("p95_ms", "< 2000"), None, False
    )


@pytest.mark.parametrize(
    ("metric", "text", "observed", "passed"),
    [
        ("mean_ms", "< 20", 20.0, False),
        ("mean_ms", "<= 20", 20.0, True),
        ("max_ms", "< 31", 30.0, True),
        ("rps", ">= 3", 3.0, True),
        ("rps", "> 3", 3.0, False),
        ("error_rate", "<= 0", 0.0, True),
        ("error_rate", "< 0", 0.0, False),
    ],
)
def test_the_other_metrics_are_judged_as_measured(
    metric: str, text: str, observed: float, passed: bool
) -> None:
    state = judged(parse_limit(metric, text), 10.0, 20.0, 30.0)
    assert (state.observed, state.passed) == (observed, passed)


@pytest.mark.parametrize("metric", ["p95_ms", "error_rate", "max_ms"])
def test_without_a_request_nothing_is_judged(metric: str) -> None:
    state = judged(parse_limit(metric, "< 1"))
    assert (state.observed, state.passed) == (None, None)


def test_without_a_request_the_throughput_is_nothing() -> None:
    assert judged(parse_limit("rps", ">= 1")).passed is False
    assert judged(parse_limit("rps", ">= 1"), measured_s=0.0).passed is None


@pytest.mark.parametrize(
    ("limit", "observed", "used"),
    [
        (Limit("p95_ms", "<", 200), 100, 0.5),
        (Limit("rps", ">=", 10), 20, 0.5),
        (Limit("rps", ">=", 10), 0, float("inf")),
        (Limit("error_rate", "<=", 0), 0, None),
        (Limit("p95_ms", "<", 200), None, None),
    ],
)
def test_used_is_one_at_the_limit(limit: Limit, observed: float | None, used: float | None) -> None:
    assert LimitState(limit, observed, None).used == used


@pytest.mark.parametrize(
    ("metric", "text", "said"),
    [
        ("p95", "< 2000", r'unknown metric \(did you mean "p95_ms"\?\)'),
        ("zebra", "< 1", "unknown metric$"),
        ("p95_ms", "2000", '"2000" is not a limit'),
        ("p95_ms", "< fast", "is not a limit"),
        ("p95_ms", "< -5", "is not a limit"),
        ("p95_ms", "== 5", "is not a limit"),
        ("p95_ms", "< nan", "is not a limit"),
        ("p95_ms", "< ٣", "is not a limit"),
        ("p95_ms", "< " + "9" * 5000, r'9…" is beyond anything measured \(at most 1000000000\)'),
        ("p95_ms", "> 2000", r'upper one \(meant "< 2000"'),
        ("error_rate", "< 5", r'fraction from 0 to 1 \(meant "< 0.05"'),
        ("error_rate", ">= 0.1", r'upper one \(meant "< 0.1"'),
        ("rps", "< 10", r'lower one \(meant ">= 10"'),
        ("rps_ratio", "< 0.8", r'lower one \(meant ">= 0.8"'),
        ("p95_ratio", "> 2", r'a limit on p95_ratio is an upper one \(meant "< 2"'),
        ("recovery_s", ">= 60", r'upper one \(meant "< 60"'),
        ("outage_s", "> 5", r'upper one \(meant "< 5"'),
    ],
)
def test_a_limit_that_makes_no_sense_says_what_was_meant(metric: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_limit(metric, text)


@pytest.mark.parametrize("text", ["<2000", " < 2000 ", "< 2000.0"])
def test_spaces_and_decimals_are_the_user_s_choice(text: str) -> None:
    assert parse_limit("p95_ms", text) == Limit("p95_ms", "<", 2000.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30.0),
        ("5m", 300.0),
        ("1h20m", 4800.0),
        ("500ms", 0.5),
        ("1.5 h", 5400.0),
        ("1d", 86400.0),
        ("0s", 0.0),
        ("2M", 120.0),
    ],
)
def test_durations_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "s", "5 minutes", "-5s", "1h 20", "∞", "nan s", "٣s"])
def test_what_is_no_duration_says_how_one_looks(text: str) -> None:
    with pytest.raises(ValueError, match="30s, 5m, 1h20m"):
        parse_duration_s(text)


@pytest.mark.parametrize("text", ["31d", "30d 1ms", "9" * 5000 + "ms", "2592001s"])
def test_a_duration_ends_at_thirty_days(text: str) -> None:
    with pytest.raises(ValueError, match=r"is too long \(at most 30d\)$"):
        parse_duration_s(text)


def test_thirty_days_are_a_duration() -> None:
    assert parse_duration_s("30d") == 2_592_000.0
