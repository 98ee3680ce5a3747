from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

import pytest

from tui.core.leak import Leak, LeakFold, Point, leak_of, limit_for

HOUR_S = 3600.0
SERIES = 40
Noise = Callable[[random.Random, Sequence[float]], Sequence[float]]


def white(dice: random.Random, times: Sequence[float]) -> Sequence[float]:
    return [dice.gauss(0, 3) for _ in times]


def wandering(dice: random.Random, times: Sequence[float]) -> Sequence[float]:
    """AR(0.98): each value remembers the one before."""
    steps = [dice.gauss(0, 0.6) for _ in times]
    return list(accumulate(steps, lambda value, step: 0.98 * value + step))


def arenas(dice: random.Random, times: Sequence[float]) -> Sequence[float]:
    """An allocator that takes and gives back memory in lumps."""
    height, told = 0.0, []
    for _ in times:
        if dice.random() < 0.004:
            height = min(max(height + dice.choice([-8.0, 8.0]), -24.0), 24.0)
        told.append(height + dice.gauss(0, 1))
    return told


def sawtooth(dice: random.Random, times: Sequence[float]) -> Sequence[float]:
    """A collector that runs every few minutes."""
    phase, period_s = dice.random(), dice.uniform(300, 900)
    return [20 * ((at_s / period_s + phase) % 1) + dice.gauss(0, 1) for at_s in times]


NOISES: dict[str, Noise] = {
    "white": white,
    "wandering": wandering,
    "arenas": arenas,
    "sawtooth": sawtooth,
}


def course(noise: Noise, seed: int, hours: float, leak_mb_per_h: float) -> list[Point]:
    """400 MiB, 60 MiB of warm-up within minutes, noise, and a leak or none."""
    dice = random.Random(seed)
    times = [30.0 * step for step in range(int(hours * 120))]
    return [
        (
            at_s,
            400 + 60 * (1 - math.exp(-at_s / 240)) + leak_mb_per_h * at_s / HOUR_S + wobble,
        )
        for at_s, wobble in zip(times, noise(dice, times), strict=True)
    ]


def alarms(name: str, hours: float, leak_mb_per_h: float) -> float:
    """The share of series in which a leak is seen."""
    seen = [
        leak_of(course(NOISES[name], seed, hours, leak_mb_per_h)).verdict == "leak"
        for seed in range(SERIES)
    ]
    return sum(seen) / SERIES


@pytest.mark.parametrize("hours", [2, 24])
@pytest.mark.parametrize(("name", "most"), [("white", 0), ("wandering", 0.05), ("sawtooth", 0)])
def test_noise_without_a_leak_raises_no_alarm(name: str, most: float, hours: float) -> None:
    assert alarms(name, hours, 0) <= most


@pytest.mark.parametrize("hours", [2, 24])
def test_an_allocator_that_takes_lumps_seldom_looks_like_a_leak(hours: float) -> None:
    assert alarms("arenas", hours, 0) <= 0.2


@pytest.mark.parametrize(
    ("hours", "leak_mb_per_h", "least"), [(24, 4, 0.8), (2, 10, 0.5), (2, 25, 0.85)]
)
@pytest.mark.parametrize("name", list(NOISES))
def test_a_leak_that_matters_is_seen(
    name: str, hours: float, leak_mb_per_h: float, least: float
) -> None:
    assert alarms(name, hours, leak_mb_per_h) >= least


@pytest.mark.parametrize("leak_mb_per_h", [0, 25])
def test_half_an_hour_can_judge_no_leak(leak_mb_per_h: float) -> None:
    leak = leak_of(course(white, 1, 0.5, leak_mb_per_h))
    assert (leak.verdict, leak.why) == ("inconclusive", "too short")


def test_an_inconclusive_run_tells_its_slope_all_the_same() -> None:
    leak = leak_of([(10.0 * step, 300 + 40 * step / 360) for step in range(360)])
    assert leak.verdict == "inconclusive"
    assert leak.slope_mb_per_h == pytest.approx(40)


def test_of_two_points_nothing_is_said() -> None:
    for points in ([], [(0.0, 1.0)], [(0.0, 1.0), (5.0, 2.0)], [(3.0, 1.0), (3.0, 2.0)]):
        leak = leak_of(points)
        assert (leak.verdict, leak.slope_mb_per_h) == ("inconclusive", None)


def test_the_slope_the_bounds_and_the_growth_are_those_of_the_leak() -> None:
    leak = leak_of(course(white, 3, 24, 6))
    assert leak.lower_mb_per_h is not None
    assert leak.upper_mb_per_h is not None
    assert leak.slope_mb_per_h is not None
    assert leak.lower_mb_per_h < leak.slope_mb_per_h < leak.upper_mb_per_h
    assert leak.slope_mb_per_h == pytest.approx(6, rel=0.1)
    assert leak.growth_mb == pytest.approx(6 * leak.judged_s / HOUR_S, rel=0.1)


def test_a_slow_warm_up_is_cut_until_the_series_is_steady() -> None:
    slow = [(10.0 * s, 400 + 200 * (1 - math.exp(-s * 10 / 1200))) for s in range(4 * 360)]
    leak = leak_of(slow)
    assert leak.cut_s > 1200
    assert leak.verdict == "steady"


def test_a_leak_is_no_warm_up() -> None:
    leak = leak_of([(10.0 * step, 300 + 40 * step / 360) for step in range(4 * 360)])
    assert (leak.verdict, leak.cut_s) == ("leak", 600.0)


def test_a_limit_may_be_given() -> None:
    points = course(white, 3, 24, 6)
    assert leak_of(points).limit_mb_per_h == limit_for(24 * HOUR_S) == 2.0
    assert leak_of(points, limit_mb_per_h=8).verdict == "steady"


def test_growth_of_a_few_mebibytes_is_no_leak_however_steady() -> None:
    points = [(10.0 * step, 50 + 5.5 * step / 360) for step in range(100 * 6)]
    assert leak_of(points).verdict != "leak"


def test_a_rise_that_is_no_larger_than_its_noise_is_inconclusive() -> None:
    slow_wave = [(30.0 * step, 400 + 60 * math.sin(step / 15) + step / 8) for step in range(240)]
    leak = leak_of(slow_wave)
    assert leak.lower_mb_per_h is not None
    assert leak.slope_mb_per_h is not None
    assert leak.lower_mb_per_h <= 0 < leak.limit_mb_per_h < leak.slope_mb_per_h
    assert (leak.verdict, leak.why) == ("inconclusive", "it rose, but no more than it wavers")


def test_a_day_at_two_samples_a_second_stays_small_and_its_verdict_the_same() -> None:
    points = course(sawtooth, 2, 24, 6)
    fold = LeakFold()
    for (at_s, value), (until_s, _) in pairwise(points):
        while at_s < until_s:
            fold.add(at_s, value, "infer 7")
            at_s += 0.5
        assert len(fold._points) < 1024
        assert len(fold._now) <= 2 * fold._width_s + 1
    (leak,) = fold.leaks()
    assert leak.verdict == "leak"
    assert leak.slope_mb_per_h == pytest.approx(leak_of(points).slope_mb_per_h, rel=0.05)


def test_each_restart_begins_another_series() -> None:
    fold = LeakFold()
    for start, process in enumerate(["infer 7", "infer 8", "infer 9"]):
        for step in range(720):
            fold.add(start * 7200 + 10.0 * step, 300 + 20 * step / 360, process)
    leaks = fold.leaks()
    assert fold.restarts == 2
    assert [(leak.process, leak.verdict) for leak in leaks] == [
        ("infer 7", "leak"),
        ("infer 8", "leak"),
        ("infer 9", "leak"),
    ]


def test_a_service_that_restarts_for_ever_does_not_fill_the_memory() -> None:
    fold = LeakFold()
    for number in range(1, 200):
        fold.add(float(number), 300.0, f"infer {number}")
    assert len(fold.leaks()) == LeakFold.MOST_SERIES
    assert fold.leaks()[-1].process == "infer 199"
    assert fold.restarts == 198


def test_without_a_sample_there_is_nothing_to_judge() -> None:
    nothing: tuple[Leak, ...] = ()
    assert LeakFold().leaks() == nothing
