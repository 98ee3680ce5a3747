from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from tests.core.script import row, window
from tests.core.stress.services import (
    COUNTED,
    LIMITS,
    Answer,
    Service,
    arrivals,
    hanging,
    refusing,
    slow,
    users,
    well,
)
from tui.core.limits import Limit, counted_limits, parse_limit
from tui.core.stress.recovery import RecoveryFold
from tui.core.stress.view import Recovery
from tui.core.stress.windows import Second, second_of

STRESSED_S, RELEASED_S, LENGTH_S = 30.0, 50.25, 110


def followed(
    seconds: Sequence[Second],
    thresholds: Sequence[Limit] = LIMITS,
    counted: Sequence[Limit] = COUNTED,
    released_s: float = RELEASED_S,
) -> Recovery:
    """Seconds are told of two seconds late, as windows close."""
    fold = RecoveryFold("load", thresholds, counted)
    for second in seconds:
        if second.second == int(STRESSED_S) - 2:
            fold.stressed(STRESSED_S)
        if second.second == int(released_s) - 2:
            fold.released(released_s)
        fold.add(second)
    view = fold.view()
    assert view is not None
    assert fold.is_recovered is (view.recovered_s is not None)
    return view


def loaded(service: Service, kind: str, rps: int, seed: int = 1) -> list[Second]:
    if kind == "open":
        return arrivals(service, rps, LENGTH_S, seed)
    return users(service, rps, 1.0, LENGTH_S, seed)


OUTAGES: dict[str, Callable[[float, float], Service]] = {
    "refusing": refusing,
    "hanging": hanging,
    "slow": lambda from_s, until_s: slow(from_s, until_s, 0.01),
}


@pytest.mark.parametrize("kind", ["open", "closed"])
@pytest.mark.parametrize("rps", [20, 60])
@pytest.mark.parametrize("outage", list(OUTAGES))
def test_recovery_is_found_within_two_seconds_of_the_truth(
    outage: str, rps: int, kind: str
) -> None:
    for seed, way_back_s in enumerate((0.1, 0.8, 2.5, 7.3, 14.6, 31.9)):
        from_s = 33.3 + 0.21 * seed
        service = OUTAGES[outage](from_s, RELEASED_S + way_back_s)
        view = followed(loaded(service, kind, rps, seed))
        assert view.recovered_s == pytest.approx(way_back_s, abs=2), way_back_s
        assert view.first_bad_s == pytest.approx(from_s - STRESSED_S, abs=2), way_back_s
        assert view.why == ""


@pytest.mark.parametrize("kind", ["open", "closed"])
@pytest.mark.parametrize("back_s", [4.0, 12.0, 25.0])
def test_a_slow_return_ends_where_the_threshold_holds_again(kind: str, back_s: float) -> None:
    view = followed(loaded(slow(32.0, RELEASED_S, back_s), kind, 40))
    # p95 is 33 ms times the factor that falls from ten to one: 100 ms at three.
    assert view.recovered_s == pytest.approx(back_s * 7 / 9, abs=2)


@pytest.mark.parametrize("kind", ["open", "closed"])
@pytest.mark.parametrize("rps", [20, 60])
def test_a_service_that_never_faltered_recovers_at_once(rps: int, kind: str) -> None:
    for seed in range(5):
        view = followed(loaded(well, kind, rps, seed))
        assert (view.recovered_s, view.lost_requests, view.why) == (0.0, 0, "")


def test_a_service_that_never_comes_back_has_not_recovered() -> None:
    view = followed(loaded(refusing(35.0, 1e9), "open", 30))
    assert view.recovered_s is None
    assert view.watched_s == LENGTH_S - RELEASED_S
    assert view.lost_requests == 30 * (LENGTH_S - 35)
    assert view.why == ""


def test_one_relapse_starts_the_count_anew() -> None:
    def service(sent_s: float, dice: random.Random) -> Answer:
        return Answer(20.0, not (40 <= sent_s < 52 or 58 <= sent_s < 59))

    view = followed(arrivals(service, 30, LENGTH_S), released_s=50.0)
    # 52 to 58 are two good windows, where three are asked for.
    assert view.recovered_s == 9.0
    assert view.lost_requests == 30 * 13


def test_a_request_that_fails_after_the_recovery_is_not_lost_to_the_stress() -> None:
    def service(sent_s: float, dice: random.Random) -> Answer:
        return Answer(20.0, not (40 <= sent_s < 52 or sent_s >= 90))

    assert followed(arrivals(service, 30, LENGTH_S)).lost_requests == 30 * 12


@pytest.mark.parametrize(("share", "recovers"), [(0.87, False), (0.93, True)])
def test_nine_tenths_of_the_earlier_rate_are_asked_for(share: float, recovers: bool) -> None:
    before = arrivals(well, 100, 30)
    after = arrivals(well, round(100 * share), LENGTH_S)
    view = followed([*before, *after[30:]])
    assert (view.recovered_s is not None) is recovers


def test_few_requests_widen_the_windows() -> None:
    view = followed(arrivals(refusing(34.0, 60.0), 2, LENGTH_S), released_s=50.0)
    assert view.recovered_s == pytest.approx(10, abs=2)
    assert followed(arrivals(well, 2, LENGTH_S)).recovered_s == 0.0


def test_without_thresholds_the_part_before_says_what_is_good() -> None:
    for service in (refusing(33.0, 60.0), slow(33.0, 60.0, 0.01), hanging(33.0, 60.0)):
        view = followed(arrivals(service, 40, LENGTH_S), (), COUNTED, released_s=50.0)
        assert view.recovered_s == pytest.approx(10, abs=2)


def test_a_threshold_of_errors_alone_leaves_latency_to_the_part_before() -> None:
    limits = (parse_limit("error_rate", "< 0.01"),)
    view = followed(arrivals(slow(33.0, 60.0, 0.01), 40, LENGTH_S), limits, released_s=50.0)
    assert view.recovered_s == pytest.approx(10, abs=2)


def test_a_threshold_of_throughput_is_none_of_a_window() -> None:
    limits = (*LIMITS, parse_limit("rps", ">= 1000"))
    assert followed(arrivals(well, 40, LENGTH_S), limits).recovered_s == 0.0


def test_the_edge_of_a_threshold_is_judged_exactly() -> None:
    # In buckets 99.9 and 100.1 ms are one.
    limits = (parse_limit("p95_ms", "< 100"),)
    columns = counted_limits(limits)

    def second(at_s: int, ms: float) -> Second:
        return second_of(window(at_s, row([ms] * 20, limits=columns)), len(columns))

    for ms, expected in ((99.9, 0.0), (100.1, None)):
        seconds = [second(at_s, 99.9 if at_s < 30 else ms) for at_s in range(80)]
        assert followed(seconds, limits, columns).recovered_s == expected


def disturbed(seconds: Sequence[Second], *which: int) -> list[Second]:
    return [replace(each, is_disturbed=each.second in which) for each in seconds]


def test_disturbed_seconds_are_skipped() -> None:
    noisy = slow(54.0, 56.0, 0.01)
    assert followed(arrivals(noisy, 40, LENGTH_S)).recovered_s == pytest.approx(5.75, abs=1)
    skipped = disturbed(arrivals(noisy, 40, LENGTH_S), 54, 55, 56)
    assert followed(skipped).recovered_s == 0.0


@pytest.mark.parametrize("from_s", [52, 54, 56])
def test_neither_a_window_nor_a_row_of_them_reaches_over_a_long_disturbance(from_s: int) -> None:
    view = followed(disturbed(arrivals(well, 40, LENGTH_S), *range(from_s, 70)))
    assert view.recovered_s == 70 - RELEASED_S


def test_a_disturbance_before_the_stress_lowers_no_bar() -> None:
    slow_twice = arrivals(slow(5.0, 15.0, 0.01), 40, 30)
    seconds = [*slow_twice, *arrivals(slow(30.0, 1e9, 0.01), 40, LENGTH_S)[30:]]
    assert followed(seconds, ()).recovered_s is not None
    assert followed(disturbed(seconds, *range(5, 16)), ()).recovered_s is None


def test_where_all_is_disturbed_it_is_said() -> None:
    view = followed(disturbed(arrivals(well, 40, LENGTH_S), *range(50, LENGTH_S)))
    assert (view.recovered_s, view.why) == (None, "the measurement itself was disturbed")


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        (arrivals(well, 40, LENGTH_S)[27:], "too little was measured before the stress"),
        (arrivals(refusing(0, 30), 40, LENGTH_S), "no request succeeded before the stress"),
        (arrivals(well, 0.05, LENGTH_S), "too few requests: 20 take over 300 s"),
        (arrivals(well, 40, 54), "watched too briefly"),
    ],
)
def test_what_can_t_be_told_says_why(seconds: Sequence[Second], why: str) -> None:
    view = followed(seconds)
    assert (view.recovered_s, view.why) == (None, why)


def test_a_service_that_was_too_slow_before_says_so() -> None:
    view = followed(arrivals(slow(0, 1e9, 0.01), 40, LENGTH_S))
    assert view.why == "it was not within the thresholds before the stress either"


def test_nothing_is_told_before_the_release() -> None:
    fold = RecoveryFold("load", LIMITS, COUNTED)
    fold.stressed(1.0)
    assert fold.view() is None


def test_what_is_kept_does_not_grow_with_a_long_outage() -> None:
    fold = RecoveryFold("load", LIMITS, COUNTED)
    for second in arrivals(well, 2, 30):
        fold.add(second)
    fold.stressed(30.0)
    sizes = []
    for at_s in range(30, 3000):
        fold.add(second_of(window(at_s), len(COUNTED)))
        sizes.append(len(pickle.dumps(fold)))
    assert sizes[-1] < 1.1 * sizes[50]


def probed(
    course: Sequence[tuple[float, float | None]], *, until_s: float = 110.0, released_s: float = 50
) -> Recovery:
    """`course`: from when on a check takes how many milliseconds; None: it hangs for five seconds.

    The next one is sent a second after the one before, or once that one has ended.
    """
    dice = random.Random(5)
    fold = RecoveryFold("health")
    fold.stressed(30.0)
    fold.released(released_s)
    at_s = 0.2
    while at_s < until_s:
        ms = [ms for from_s, ms in course if from_s <= at_s][-1]
        took_ms = None if ms is None else ms * dice.uniform(0.8, 1.2)
        ended_s = at_s + (5.0 if took_ms is None else took_ms / 1000)
        fold.probe(at_s, ended_s, took_ms)
        at_s = max(at_s + 1, ended_s)
    view = fold.view()
    assert view is not None
    assert view.by == "health"
    return view


@pytest.mark.parametrize("bad_ms", [40.0, 900.0, 2500.0])
def test_the_health_check_tells_the_recovery_where_no_load_does(bad_ms: float) -> None:
    for way_back_s in (1.0, 4.0, 13.0, 28.0):
        view = probed([(0, 10.0), (35, bad_ms), (50 + way_back_s, 10.0)])
        assert view.recovered_s == pytest.approx(way_back_s, abs=2 + bad_ms / 1000)
        assert view.first_bad_s == pytest.approx(5, abs=1)
        assert view.lost_requests == 0


def test_a_check_that_hangs_spoils_its_whole_wait() -> None:
    fold = RecoveryFold("health")
    fold.stressed(30.0)
    fold.released(50.0)
    for at_s in range(50):
        fold.probe(at_s, at_s + 0.01, 10.0)
    fold.probe(50.2, 55.2, None)
    for at_s in range(56, 80):
        fold.probe(at_s, at_s + 0.01, 10.0)
    view = fold.view()
    assert view is not None
    assert view.recovered_s == 6.0
    assert probed([(0, 10.0), (40, None)]).recovered_s is None


def test_a_check_as_fast_as_before_recovers_at_once() -> None:
    assert probed([(0, 10.0)]).recovered_s == 0
    # Three milliseconds more than one are a timer's.
    assert probed([(0, 1.0), (30, 4.0)]).recovered_s == 0
    assert probed([(0, 1.0), (30, 9.0)]).recovered_s is None


def test_a_check_that_always_takes_long_is_judged_all_the_same() -> None:
    assert probed([(0, 5500.0)], until_s=150).recovered_s == 0


@pytest.mark.parametrize(
    ("course", "until_s", "why"),
    [
        ([(0, None), (30, 10.0)], 110.0, "too few health checks were answered before the stress"),
        ([(0, 10.0)], 54.0, "watched too briefly"),
    ],
)
def test_checks_that_can_t_tell_say_why(
    course: list[tuple[float, float | None]], until_s: float, why: str
) -> None:
    view = probed(course, until_s=until_s)
    assert (view.recovered_s, view.why) == (None, why)


def test_a_disturbed_answer_is_skipped_and_a_missing_one_is_not() -> None:
    for ms, expected in ((80.0, 0.0), (None, 5.0)):
        fold = RecoveryFold("health")
        fold.stressed(30.0)
        fold.released(50.0)
        for at_s in range(80):
            is_late = at_s == 54
            fold.probe(at_s, at_s + 0.01, ms if is_late else 10.0, is_disturbed=is_late)
        view = fold.view()
        assert view is not None
        assert view.recovered_s == expected


class TestWhatItIsHeldTo:
    def test_is_what_the_thresholds_say_and_nine_tenths_of_the_rate_before(self) -> None:
        held = followed(loaded(well, "open", 40)).held_to
        assert held is not None
        assert held.limits == LIMITS
        assert held.rps == pytest.approx(0.9 * 40, rel=0.02)
        assert (held.p95_ms, held.error_rate) == (None, None)

    def test_is_what_it_was_before_where_no_threshold_says_it(self) -> None:
        held = followed(loaded(well, "open", 40), ()).held_to
        assert held is not None
        assert held.limits == ()
        assert held.p95_ms == pytest.approx(1.2 * 33, rel=0.1)
        assert held.error_rate == pytest.approx(0.01)

    def test_is_nothing_where_nothing_was_before(self) -> None:
        silent = [second for second in loaded(well, "open", 40) if second.second >= STRESSED_S - 2]
        assert followed(silent).held_to is None

    def test_of_health_checks_is_their_own_time_before(self) -> None:
        fold = RecoveryFold("health")
        for sent_s in range(20):
            fold.probe(sent_s + 0.1, sent_s + 0.11, 10.0)
        fold.stressed(20.0)
        fold.released(30.0)
        view = fold.view()
        assert view is not None
        assert view.held_to is not None
        assert view.held_to.p95_ms == pytest.approx(15.0, rel=0.02)
