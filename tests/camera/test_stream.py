from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import pytest

from tui.camera.stream import SETTLE_MOST_S, SETTLE_S, Arrival, StreamMeter
from tui.core.camera.measures import StreamSecond
from tui.core.histogram import percentile_ms

FPS = 25.0
T = 1.0 / FPS


def arrival(number: int, *, at_s: float | None = None, stamp_s: float | None = None) -> Arrival:
    """Picture `number` of a camera with 25 a second and a keyframe every 50."""
    on_time_s = number * T
    return Arrival(
        on_time_s if at_s is None else at_s,
        on_time_s if stamp_s is None else stamp_s,
        1000,
        number % 50 == 0,
    )


def told(
    arrivals: Iterable[Arrival], *, has_timestamps: bool = True, nominal_fps: float | None = FPS
) -> StreamSecond:
    """All of them as one second."""
    meter = StreamMeter(nominal_fps, has_timestamps=has_timestamps)
    last_s = 0.0
    for each in arrivals:
        meter.add(each)
        last_s = each.at_s
    return meter.take(last_s)


def fps(second: StreamSecond) -> float:
    assert second.first_s is not None
    assert second.last_s is not None
    return (second.frames - 1) / (second.last_s - second.first_s)


def without(missing: Sequence[int], count: int = 500) -> list[Arrival]:
    return [arrival(number) for number in range(count) if number not in missing]


def test_the_rate_of_a_steady_camera_is_exact() -> None:
    second = told(arrival(number) for number in range(500))
    assert fps(second) == pytest.approx(FPS)
    assert (second.dropped, second.longest_gap, second.drop_sign) == (0, 0, "timestamps")
    assert second.keyframe_distance == 50
    assert second.bytes == second.frames * 1000
    assert sum(second.intervals.values()) == second.frames - 1


def test_what_ffmpeg_kept_while_it_opened_counts_nowhere() -> None:
    # 30 pictures of 1.2 seconds are handed over at once; then they come as they are taken.
    burst = [arrival(number, at_s=1.2 + number * 1e-4) for number in range(30)]
    rest = [arrival(number) for number in range(31, 300)]
    naive = (len(burst) + 50) / (rest[50].at_s - burst[0].at_s)
    second = told(burst + rest)
    assert naive > 1.4 * FPS
    assert fps(second) == pytest.approx(FPS)
    assert second.dropped == 0
    assert second.frames < 270 - SETTLE_S * FPS + 2


def test_a_camera_that_is_faster_than_it_says_is_counted_all_the_same() -> None:
    fast = [Arrival(number / 240, None, 1, True) for number in range(2400)]
    second = told(fast, has_timestamps=False, nominal_fps=5.0)
    assert second.frames > 240 * (10 - SETTLE_MOST_S) * 0.99
    assert fps(second) == pytest.approx(240, rel=0.01)


@pytest.mark.parametrize("has_timestamps", [True, False])
@pytest.mark.parametrize("nominal_fps", [FPS, None])
@pytest.mark.parametrize(
    ("missing", "longest"), [([100], 1), ([100, 101, 102], 3), (list(range(60, 400, 10)), 1)]
)
def test_pictures_that_are_missing_are_counted_one_by_one(
    missing: list[int], longest: int, has_timestamps: bool, nominal_fps: float | None
) -> None:
    second = told(without(missing), has_timestamps=has_timestamps, nominal_fps=nominal_fps)
    assert second.dropped == len(missing)
    assert second.longest_gap == longest


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("has_timestamps", [True, False])
def test_heavy_loss_is_counted_whole(share: float, has_timestamps: bool) -> None:
    dice = random.Random(7)
    missing = [number for number in range(40, 990) if dice.random() < share]
    second = told(without(missing, 1000), has_timestamps=has_timestamps)
    tolerance = 0.0 if has_timestamps else 0.1
    assert second.dropped == pytest.approx(len(missing), rel=tolerance, abs=0)


def test_a_camera_that_halves_its_rate_in_the_dark_loses_nothing_from_then_on() -> None:
    slow = [arrival(number) for number in range(0, 1000, 2)]
    meter = StreamMeter(FPS, has_timestamps=True)
    for each in slow[:200]:
        meter.add(each)
    meter.take(slow[199].at_s)
    for each in slow[200:]:
        meter.add(each)
    assert meter.take(slow[-1].at_s).dropped == 0


def test_drops_behind_a_wild_network_are_exact_by_their_timestamps() -> None:
    dice = random.Random(5)
    missing = sorted(dice.sample(range(40, 490), 30))
    at_s, late = 0.0, []
    for each in without(missing):
        at_s = max(at_s, each.at_s + dice.expovariate(1 / 0.1))
        late.append(Arrival(at_s, each.stamp_s, each.size, each.is_keyframe))
    second = told(late)
    assert second.dropped == len(missing)
    assert second.behind_ms is not None
    assert second.behind_ms >= 0.0


def test_jitter_alone_is_no_drop_by_arrival() -> None:
    dice = random.Random(6)
    shaken = [arrival(number, at_s=number * T + dice.uniform(0, 0.8 * T)) for number in range(500)]
    assert told(shaken, has_timestamps=False).dropped == 0


def test_a_wait_that_a_burst_makes_up_for_is_no_drop_by_arrival() -> None:
    # The network held pictures 100 to 109 back and delivered them together.
    held = [arrival(number, at_s=max(number, 109) * T) for number in range(100, 110)]
    rest = [arrival(number) for number in range(110, 300)]
    second = told([*without([], 100), *held, *rest], has_timestamps=False)
    assert second.dropped == 0
    # The same wait, and three of them never came.
    second = told([*without([], 100), *held[3:], *rest], has_timestamps=False)
    assert second.dropped == 3


def test_pictures_in_another_order_than_shown_are_not_missing() -> None:
    # As with B-frames: each P before the two that are shown ahead of it.
    shown = [0] + [number + step for number in range(1, 450, 3) for step in (2, 0, 1)]
    sent = [arrival(number, at_s=at * T, stamp_s=number * T) for at, number in enumerate(shown)]
    assert told(sent).dropped == 0
    del sent[200]
    assert told(sent).dropped == 1


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0])
def test_a_camera_that_sets_its_clock_drops_nothing(jump_s: float) -> None:
    moved = [
        arrival(number, stamp_s=number * T + (jump_s if number > 250 else 0.0))
        for number in range(500)
    ]
    second = told(moved)
    assert second.dropped == 0
    assert second.behind_ms == pytest.approx(0.0, abs=1e-6)


def test_a_growing_delay_shows() -> None:
    slow = [arrival(number, at_s=number * T * 1.01) for number in range(1000)]
    second = told(slow)
    assert second.behind_ms == pytest.approx(10 * (1000 * T - SETTLE_S), rel=0.05)
    assert second.dropped == 0


def test_two_clocks_that_drift_apart_over_a_day_are_no_delay() -> None:
    drifting = (
        Arrival(number * 1.0, number * (1.0 - 50e-6), 1, True) for number in range(24 * 3600)
    )
    second = told(drifting, nominal_fps=1.0)
    assert second.behind_ms is not None
    assert second.behind_ms < 50.0
    assert second.dropped == 0


def test_intervals_keep_their_distribution() -> None:
    slow = [arrival(number, at_s=number * T + (number % 10 == 0) * 0.02) for number in range(1000)]
    intervals = told(slow).intervals
    assert percentile_ms(intervals, 0.5) == pytest.approx(1e3 * T, rel=0.02)
    assert percentile_ms(intervals, 0.95) == pytest.approx(1e3 * T + 20.0, rel=0.02)


def test_each_second_holds_what_came_in_it() -> None:
    meter = StreamMeter(FPS, has_timestamps=True)
    seconds = []
    for number in range(250):
        if number and number % 25 == 0:
            seconds.append(meter.take(number * T))
        meter.add(arrival(number))
    assert [each.frames for each in seconds] == [0, 25, 25, 25, 25, 25, 25, 25, 25]
    assert [each.until_s for each in seconds] == pytest.approx([float(n) for n in range(1, 10)])
    assert all(each.silent_s == pytest.approx(T) for each in seconds)


def test_silence_is_told_as_such() -> None:
    meter = StreamMeter(FPS, has_timestamps=True)
    for each in without([], 50):
        meter.add(each)
    meter.take(2.0)
    second = meter.take(5.0)
    assert (second.frames, second.first_s, second.dropped) == (0, None, 0)
    assert second.silent_s == pytest.approx(5.0 - 49 * T)


def test_without_a_rate_and_times_nothing_tells_of_drops() -> None:
    assert told([arrival(0)], has_timestamps=False, nominal_fps=None).drop_sign == ""
