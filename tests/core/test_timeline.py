from __future__ import annotations

from random import Random

import pytest

from tui.core.histogram import add_into, bucket_of, percentile_ms
from tui.core.timeline import CAPACITY, Timeline


def feed(timeline: Timeline, seconds: int, seed: int = 1) -> list[dict[int, int]]:
    """Windows of ten random requests; returns their histograms."""
    random = Random(seed)
    windows = []
    for second in range(seconds):
        buckets: dict[int, int] = {}
        for _ in range(10):
            add_into(buckets, {bucket_of(random.lognormvariate(4, 1)): 1})
        windows.append(buckets)
        timeline.add(
            second, buckets, requests=10, failures=second % 2, users=second, in_flight=second % 7
        )
    return windows


def test_a_short_run_keeps_every_second() -> None:
    timeline = Timeline()
    feed(timeline, CAPACITY)
    points = timeline.points()
    assert [point.start_s for point in points] == list(range(CAPACITY))
    assert {point.width_s for point in points} == {1}


@pytest.mark.parametrize("seconds", [CAPACITY + 1, 1000, 5000])
def test_a_long_run_stays_bounded_and_loses_no_request(seconds: int) -> None:
    timeline = Timeline()
    feed(timeline, seconds)
    points = timeline.points()
    assert CAPACITY / 2 <= len(points) <= CAPACITY
    assert sum(point.failures for point in points) == seconds // 2
    lengths = [min(point.width_s, seconds - point.start_s) for point in points]
    requests = sum(point.rps * length for point, length in zip(points, lengths, strict=True))
    assert requests == pytest.approx(10 * seconds)


def test_folded_points_have_the_percentiles_of_all_their_requests() -> None:
    timeline = Timeline()
    windows = feed(timeline, 700)
    width = int(timeline.points()[0].width_s)
    assert width == 4
    for point in timeline.points():
        together: dict[int, int] = {}
        start = int(point.start_s)
        for window in windows[start : start + width]:
            add_into(together, window)
        assert point.p50_ms == percentile_ms(together, 0.50)
        assert point.p95_ms == percentile_ms(together, 0.95)
        assert point.p99_ms == percentile_ms(together, 0.99)


def test_a_folded_point_shows_the_highest_level_in_it() -> None:
    timeline = Timeline()
    feed(timeline, CAPACITY * 2)
    assert timeline.points()[0].users == 1
    assert timeline.points()[-1].users == CAPACITY * 2 - 1


def test_a_gap_is_left_open_and_an_idle_second_has_no_latency() -> None:
    timeline = Timeline()
    for second in (0, 5):
        timeline.add(second, {}, requests=0, failures=0, users=1, in_flight=0)
    assert [(point.start_s, point.p95_ms, point.rps) for point in timeline.points()] == [
        (0, None, 0.0),
        (5, None, 0.0),
    ]


def test_a_window_after_a_long_silence_folds_as_often_as_needed() -> None:
    timeline = Timeline()
    timeline.add(0, {1: 1}, requests=1, failures=0, users=1, in_flight=0)
    timeline.add(100_000, {2: 1}, requests=1, failures=0, users=1, in_flight=0)
    assert len(timeline.points()) == 2


def test_the_caller_s_histogram_is_left_alone() -> None:
    timeline = Timeline()
    buckets = {1: 1}
    for second in range(CAPACITY + 1):
        timeline.add(second, buckets, requests=1, failures=0, users=1, in_flight=0)
    assert buckets == {1: 1}
