from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import msgspec
import pytest

from tests.core import script
from tests.core.stress import loaded
from tui.core import events as ev
from tui.core.causes import Level
from tui.core.deeds import Deed
from tui.core.headline import cause_text, rise_text
from tui.core.histogram import bucket_of
from tui.core.incidents import Incident, Rise
from tui.core.rises import RisesFold
from tui.core.run_fold import RunFold


def second_of(random_: random.Random, ms: float, requests: int = 30) -> dict[int, int]:
    """Latencies around `ms`, spread as those of a service are."""
    buckets: dict[int, int] = {}
    for _ in range(requests):
        bucket = bucket_of(ms * random_.lognormvariate(0, 0.15))
        buckets[bucket] = buckets.get(bucket, 0) + 1
    return buckets


def rises(
    course: Callable[[int], float],
    seconds: int = 180,
    incidents: Sequence[Incident] = (),
    users: Callable[[int], int] = lambda _: 20,
    board: Callable[[int], dict[str, float]] = lambda _: {},
    seed: int = 1,
    requests: int = 30,
    deeds: Sequence[Deed] = (),
) -> tuple[Rise, ...]:
    fold, random_ = RisesFold(), random.Random(seed)
    for second in range(seconds):
        readings = {name: ev.Reading(value, "sysfs") for name, value in board(second).items()}
        fold.trail.add(readings, second + 0.5)
        known = [one for one in incidents if one.began_s <= second]
        fold.add(
            second,
            second_of(random_, course(second), requests),
            Level(users(second), "users"),
            known,
            [one for one in deeds if one.began_s <= second + 2],
        )
    return fold.rises


def throttling(began_s: float = 98.0, ended_s: float | None = None) -> Incident:
    return Incident(
        "oc3", "throttle", "oc3 over-current", "oc3", "warn", began_s, ended_s, detail="12/s"
    )


def steps(*levels: tuple[int, float]) -> Callable[[int], float]:
    """The last level whose second has come."""
    return lambda second: [ms for since, ms in levels if second >= since][-1]


def test_a_lasting_rise_is_found_where_it_began() -> None:
    (rise,) = rises(steps((0, 600), (100, 840)))
    assert abs(rise.began_s - 100) <= 2
    assert rise.percent == pytest.approx(40, abs=12)
    assert rise.ended_s is None


def test_a_rise_that_is_over_says_when_it_ended() -> None:
    (rise,) = rises(steps((0, 600), (100, 1200), (130, 600)))
    assert rise.ended_s is not None
    assert abs(rise.ended_s - 130) <= 4


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_no_rise(seed: int) -> None:
    assert rises(lambda _: 600, seconds=600, seed=seed) == ()


@pytest.mark.parametrize("seed", range(10))
def test_few_requests_a_second_make_no_rise_of_noise(seed: int) -> None:
    assert rises(lambda _: 600, seconds=600, seed=seed, requests=4) == ()


def test_one_slow_second_is_no_lasting_rise() -> None:
    assert rises(steps((0, 600), (100, 3000), (101, 600))) == ()


def test_a_rise_of_a_millisecond_is_none() -> None:
    assert rises(steps((0, 1.0), (100, 2.5))) == ()


def test_two_rises_are_two() -> None:
    course = steps((0, 600), (60, 1200), (90, 600), (150, 1200), (180, 600))
    first, second = rises(course, 220)
    assert abs(first.began_s - 60) <= 2
    assert abs(second.began_s - 150) <= 2


def test_the_board_event_before_it_is_its_cause_with_the_lag() -> None:
    (rise,) = rises(steps((0, 600), (100, 840)), incidents=[throttling(98.0)])
    assert rise.cause == "oc3 over-current"
    assert rise.by == "incident"
    assert rise.lag_s == pytest.approx(2, abs=2)
    assert "12/s" in cause_text(rise)


@pytest.mark.parametrize(
    "incident",
    [
        throttling(20.0),
        throttling(60.0, ended_s=70.0),
        throttling(120.0),
        Incident("p95_ms", "alert", "p95 above 750 ms", "p95", "warn", 99.0),
        Incident("source.jtop", "source", "jtop lost", "jtop lost", "warn", 99.0),
    ],
    ids=["long before", "over before", "after", "the latency itself", "a lost source"],
)
def test_what_did_not_come_before_it_is_not_its_cause(incident: Incident) -> None:
    (rise,) = rises(steps((0, 600), (100, 840)), incidents=[incident])
    assert rise.cause == ""
    assert cause_text(rise).startswith("no board cause found")


def test_throttling_outweighs_an_alert_that_is_nearer() -> None:
    alert = Incident("cpu_percent", "alert", "cpu above 85 %", "cpu", "warn", 100.0)
    (rise,) = rises(steps((0, 600), (100, 840)), incidents=[throttling(95.0), alert])
    assert rise.label == "oc3"


def test_more_users_explain_a_rise_before_the_board_does() -> None:
    (rise,) = rises(
        steps((0, 600), (100, 1200)),
        incidents=[throttling(101.0)],
        users=lambda second: 20 if second < 100 else 40,
    )
    assert rise.by == "load"
    assert cause_text(rise) == "with the load: 20 to 40 users"


def test_a_busy_gpu_whose_clock_fell_is_a_cause_of_its_own() -> None:
    def board(second: int) -> dict[str, float]:
        return {"gpu_percent": 98.0, "gpu_mhz": 918.0 if second < 99 else 612.0}

    (rise,) = rises(steps((0, 600), (100, 900)), board=board)
    assert (rise.cause, rise.detail, rise.by) == ("GPU clock fell", "918 to 612 MHz", "gauge")
    assert cause_text(rise).startswith("GPU clock fell at the same time, 918 to 612 MHz")


def test_an_idle_gpu_whose_clock_fell_is_none() -> None:
    def board(second: int) -> dict[str, float]:
        return {"gpu_percent": 3.0, "gpu_mhz": 918.0 if second < 99 else 306.0}

    (rise,) = rises(steps((0, 600), (100, 900)), board=board)
    assert rise.cause == ""


@pytest.mark.parametrize(("percent", "cause"), [(60.0, ""), (70.0, "CPU load rose")])
def test_only_a_processor_that_is_much_busier_is_a_cause(percent: float, cause: str) -> None:
    def board(second: int) -> dict[str, float]:
        return {"cpu_percent": 40.0 if second < 99 else percent}

    (rise,) = rises(steps((0, 600), (100, 900)), board=board)
    assert rise.cause == cause


def test_what_stayed_as_it_was_is_said() -> None:
    def board(second: int) -> dict[str, float]:
        tj_c = 70.0 if second < 100 else 71.0
        return {"tj_c": tj_c, "ram_used_mb": 3000.0, "gpu_mhz": 918.0, "cpu_mhz": 1728.0}

    (rise,) = rises(steps((0, 600), (100, 840)), incidents=[throttling(98.0)], board=board)
    assert rise.unchanged == ("heat", "memory", "clocks")
    assert cause_text(rise).endswith("12/s   heat, memory and clocks unchanged")


def test_a_run_tells_of_the_rise_in_its_headline_and_its_incident_on_the_chart() -> None:
    facts = script.facts()
    fold, random_ = RunFold(facts), random.Random(1)
    for event in script.beginning(facts):
        fold.apply(event)
    for second in range(2, 120):
        count = 100.0 + max(second - 75, 0) * 24
        readings = {"oc3_events": ev.Reading(count, "sysfs"), "tj_c": ev.Reading(70.0, "sysfs")}
        fold.apply(ev.BoardSampled(at_s=second + 1.5, readings=readings))
        ms = 600.0 if second < 80 else 840.0
        latencies = [ms * random_.lognormvariate(0, 0.15) for _ in range(30)]
        fold.apply(script.window(second, script.row(latencies)))
    view = fold.view(122.0)
    (rise,) = view.rises
    assert view.headline.strong == rise_text(rise)
    assert "after oc3 over-current began, 24/s" in view.headline.rest
    assert [mark.label for mark in view.marks if mark.label == "oc3"] == ["oc3"]
    assert view.is_throttled is True
    assert [one.key for one in view.incidents] == ["oc3"]


@pytest.mark.parametrize("seed", range(5))
def test_a_rise_that_takes_half_a_minute_began_where_it_left_the_level(seed: int) -> None:
    def course(second: int) -> float:
        return 600 + min(max(second - 100, 0), 30) * 20

    (rise,) = rises(course, 160, seed=seed)
    assert 98 <= rise.began_s <= 110


def test_a_higher_rate_explains_a_rise_where_operations_begin_by_the_clock() -> None:
    fold, random_ = RisesFold(), random.Random(1)
    for second in range(160):
        level = Level(10 if second < 100 else 40, "operations/s")
        ms = 600 if second < 100 else 1200
        fold.add(second, second_of(random_, ms), level, [throttling(101.0)] if second > 100 else [])
    (rise,) = fold.rises
    assert cause_text(rise) == "with the load: 10 to 40 operations/s"


def test_what_is_as_expected_explains_only_what_nothing_else_does() -> None:
    expected = msgspec.structs.replace(throttling(99.0), level="info")
    heat = Incident("thermal", "throttle", "thermal throttling", "thermal", "warn", 90.0)
    (rise,) = rises(steps((0, 600), (100, 840)), incidents=[heat, expected])
    assert rise.label == "thermal"
    (rise,) = rises(steps((0, 600), (100, 840)), incidents=[expected])
    assert rise.label == "oc3"


@pytest.mark.parametrize("seed", range(10))
def test_a_rise_in_a_mix_of_quick_and_slow_requests_began_when_it_began(seed: int) -> None:
    fold, random_ = RisesFold(), random.Random(seed)
    for second in range(80):
        factor = 1.0 if second < 40 else 5.0
        buckets: dict[int, int] = {}
        for _ in range(10):
            ms = factor * random_.choice((1.0, 16.0, 18.0, 20.0, 80.0)) * random_.uniform(0.8, 1.2)
            buckets[bucket_of(ms)] = buckets.get(bucket_of(ms), 0) + 1
        fold.add(second, buckets, Level(20, "users"), [])
    assert fold.rises
    assert abs(fold.rises[0].began_s - 40) <= 2


LATENCY = Deed("fault", "latency 400 ms (ours)", 100.0, own_ms=800.0)
STEP = Deed("stress", "stress-cpu step 75 %", 98.0)


class TestWhatTheRunDidOnPurpose:
    """It is told before anything that the board shows of it."""

    def test_explains_a_rise_before_the_board_does(self) -> None:
        alert = Incident("cpu_percent", "alert", "cpu above 85 %", "cpu", "warn", 99.0)
        (rise,) = rises(
            steps((0, 100), (100, 900)), incidents=[throttling(98.0), alert], deeds=[LATENCY]
        )
        assert (rise.cause, rise.by) == ("latency 400 ms (ours)", "fault")
        assert rise.is_asked_for
        assert cause_text(rise) == (
            "as latency 400 ms (ours) began   about 800 ms of the peak are the fault's own"
        )

    def test_explains_what_its_burners_do_to_the_gauges(self) -> None:
        (rise,) = rises(
            steps((0, 600), (100, 900)),
            board=lambda second: {"cpu_percent": 40.0 if second < 98 else 99.0},
            deeds=[STEP],
        )
        assert rise.by == "stress"
        assert cause_text(rise).startswith("2 s after stress-cpu step 75 % began")

    @pytest.mark.parametrize(
        "deed",
        [
            msgspec.structs.replace(LATENCY, began_s=60.0, ended_s=96.0),
            msgspec.structs.replace(LATENCY, began_s=30.0),
        ],
        ids=["undone", "long before"],
    )
    def test_explains_nothing_once_it_is_over_or_has_been_there_for_long(self, deed: Deed) -> None:
        (rise,) = rises(steps((0, 600), (100, 900)), incidents=[throttling(98.0)], deeds=[deed])
        assert rise.cause == "oc3 over-current"

    def test_is_outweighed_by_more_load_when_it_is_not_new(self) -> None:
        deed = msgspec.structs.replace(LATENCY, began_s=60.0)
        (rise,) = rises(
            steps((0, 600), (100, 1200)),
            users=lambda second: 20 if second < 100 else 40,
            deeds=[deed],
        )
        assert rise.by == "load"

    def test_is_named_at_the_peak_where_that_is_another_ones(self) -> None:
        first = Deed("fault", "latency 100 ms (ours)", 100.0, 130.0, own_ms=200.0)
        second = Deed("fault", "latency 400 ms (ours)", 130.0, own_ms=800.0)
        (rise,) = rises(steps((0, 50), (100, 250), (130, 850)), deeds=[first, second])
        assert rise.cause == first.text
        assert (rise.peak_under, rise.own_ms) == (second.text, 800.0)
        assert "highest under latency 400 ms (ours), about 800 ms of the peak" in cause_text(rise)

    def test_claims_no_share_of_a_peak_in_seconds_that_it_did_not_hold_for(self) -> None:
        brief = msgspec.structs.replace(LATENCY, ended_s=106.0)
        (rise,) = rises(steps((0, 100), (100, 900), (106, 300)), deeds=[brief])
        assert rise.cause == brief.text
        assert rise.own_ms == 0

    def test_is_told_calmly_in_the_headline_of_a_run(self) -> None:
        about = loaded.facts()
        rows = {0: script.row([20.0] * 50), loaded.STRESS_S: script.row([60.0] * 50)}
        events = list(loaded.told(rows, until_s=60))
        entered = next(at for at, one in enumerate(events) if isinstance(one, ev.StressEntered))
        events.insert(entered + 1, ev.StressStepped(at_s=loaded.STRESS_S + 1.0, step=0))
        view = loaded.folded(about, *events).view(61.0)
        (rise,) = view.rises
        assert (rise.cause, rise.by) == ("stress-loaded", "stress")
        assert view.headline.level == "info"
        assert "as stress-loaded began" in view.headline.rest
