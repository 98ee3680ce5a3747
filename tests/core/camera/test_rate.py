"""At what rate a camera delivers, from the arrivals of its pictures to the figures."""

from __future__ import annotations

import msgspec
import pytest

from tests.core.camera.streams import (
    FIRST_S,
    FPS,
    NAME,
    SIZE,
    broken,
    came,
    camera,
    failed,
    fold,
    limit,
    opening,
    second,
    seconds,
    steady,
    told,
    tried,
    view,
    watched,
    whats,
    without,
)
from tui.core.camera.fold import CamerasFold
from tui.core.camera.measures import StreamSecond
from tui.core.histogram import bucket_floor_ms, merged


@pytest.mark.parametrize("fps", [0.5, 5.0, 12.5, 25.0, 29.97, 60.0])
def test_a_steady_rate_is_told_within_one_percent(fps: float) -> None:
    found = view(*opening(steady(60.0, fps=fps), 60.0, nominal_fps=fps))
    assert found.fps == pytest.approx(fps, rel=0.01)
    assert found.fps_ratio == pytest.approx(1.0, rel=0.01)
    assert found.fps_now == pytest.approx(fps, rel=0.01)
    assert found.interval_p95_ms == pytest.approx(1000 / fps, rel=0.02)
    assert found.dropped == 0
    assert not broken(found)


def test_the_burst_of_an_opening_is_no_rate() -> None:
    burst = [FIRST_S + n / 1000 for n in range(30)]
    found = view(*opening([*burst, *steady(20.0, from_s=FIRST_S + 0.04)], 20.0))
    assert found.fps == pytest.approx(FPS, rel=0.01)


def test_a_rate_is_right_from_its_first_second_on() -> None:
    made = fold(tried(), came())
    for each in seconds(steady(8.0), 8.0):
        made.apply(told(each))
        found = made.view()
        assert found.fps is None or found.fps == pytest.approx(FPS, rel=0.01)
        assert found.fps_now is None or found.fps_now == pytest.approx(FPS, rel=0.01)
    assert made.view().fps_now is not None


def test_the_rate_of_now_is_none_of_an_opening_before() -> None:
    slow = [*opening(steady(10.0, fps=5.0), 10.0), failed("closed", 10.0)]
    again = opening(steady(4.0), 4.0, tried_s=20.0)
    assert view(*slow, *again[:2]).fps_now is None
    assert view(*slow, *again).fps_now == pytest.approx(FPS, rel=0.01)


def test_two_pictures_at_once_are_no_rate_of_now() -> None:
    pair = {"frames": 2, "first_s": 1.9, "last_s": 1.91, "silent_s": 0.09}
    assert view(tried(), came(), told(second(2.0, **pair))).fps_now is None


def test_no_second_is_lost_between_two_that_follow_each_other() -> None:
    half = [{"frames": 13, "last_s": n + 0.48} for n in range(20)]
    assert view(*watched(*half)).fps == pytest.approx(13, rel=0.03)


@pytest.mark.parametrize("bucket", range(560, 760, 20))
def test_no_pace_is_taken_for_a_lost_second(bucket: int) -> None:
    fps = 1000 / bucket_floor_ms(bucket)
    found = view(*opening(steady(30.0, fps=fps), 30.0, nominal_fps=fps))
    assert found.measured_s == pytest.approx(28.6, abs=3.1 / fps)
    assert found.fps == pytest.approx(fps, rel=0.01)


def test_a_stall_while_it_is_open_is_told_as_a_loss() -> None:
    arrivals = without(steady(30.4), (10.4, 14.4))
    found = view(*opening(arrivals, 30.0))
    counted_s = 30.0 - FIRST_S - 1.0
    assert found.fps == pytest.approx(FPS * (counted_s - 4.0) / counted_s, rel=0.01)
    assert (found.dropped, found.longest_gap) == (100, 100)
    assert broken(found) >= {"fps_ratio", "drop_rate", "longest_gap"}


def test_a_stall_that_lasts_is_told_before_it_is_over() -> None:
    arrivals = without(steady(20.0), (12.0, 20.0))
    found = view(*opening(arrivals, 20.0))
    assert found.fps == pytest.approx(FPS * 10.6 / 18.6, rel=0.01)
    assert found.fps_now == 0.0
    assert found.measured_s == pytest.approx(18.6, rel=0.01)


def test_a_stall_from_the_first_second_on_that_counts_is_not_left_out() -> None:
    arrivals = without(steady(23.0), (3.0, 13.0))
    found = view(*opening(arrivals, 23.0), settle_s=2.0)
    assert found.fps == pytest.approx(FPS * 10 / 20, rel=0.01)


def test_a_camera_that_delivers_nothing_that_counts_has_a_rate_of_none() -> None:
    found = view(*opening([FIRST_S], 8.0))
    assert (found.frames, found.fps, found.grade) == (0, 0.0, "fail")
    assert "rate of nominal 0.0 %, limit >= 95 %" in whats(found, "fail")


def test_what_lies_between_two_openings_is_an_outage_and_no_slow_camera() -> None:
    found = view(
        *opening(steady(10.0), 10.0),
        failed("closed", 10.0),
        *opening(steady(12.0), 12.0, tried_s=60.0),
    )
    assert found.fps == pytest.approx(FPS, rel=0.01)
    assert found.measured_s == pytest.approx(8.6 + 10.6, rel=0.01)
    assert found.outages == 1


def test_several_stalls_and_outages_leave_the_rate_exact() -> None:
    events, at_s, pictures, open_s = [], 0.0, 0, 0.0
    for number in range(10):
        arrivals = without(steady(12.0), (5.0, 5.0 + number / 5))
        events += [*opening(arrivals, 12.0, tried_s=at_s), failed("closed", at_s + 12.0)]
        kept = [each for each in arrivals if each >= FIRST_S + 1.0]
        pictures += len(kept) - 1
        open_s += kept[-1] - kept[0]
        at_s += 20.0
    assert view(*events).fps == pytest.approx(pictures / open_s, rel=0.01)


def test_a_second_that_was_lost_on_its_way_slows_no_camera() -> None:
    events = [
        each
        for number, each in enumerate(opening(steady(30.0), 30.0))
        if number not in (10, 11, 20)
    ]
    found = view(*events)
    assert found.fps == pytest.approx(FPS, rel=0.01)
    assert found.measured_s == pytest.approx(28.6 - 3.0, abs=0.2)


def test_a_second_that_a_busy_reader_told_late_is_counted_whole() -> None:
    early, late = list(seconds(steady(10.0), 10.0)), list(seconds(steady(14.0), 14.0))
    both = _joined(late[10:14])
    found = view(tried(), came(), *map(told, [*early, both]))
    assert found.fps == pytest.approx(FPS, rel=0.01)


def _joined(each: list[StreamSecond]) -> StreamSecond:
    return msgspec.structs.replace(
        each[-1],
        first_s=each[0].first_s,
        frames=sum(one.frames for one in each),
        intervals=merged(one.intervals for one in each),
        bytes=sum(one.bytes for one in each),
    )


@pytest.mark.parametrize("settle_s", [0.0, 2.0, 5.0])
def test_what_comes_while_it_settles_is_not_counted(settle_s: float) -> None:
    slow = steady(FIRST_S + settle_s, fps=5.0) if settle_s else []
    arrivals = [*slow, *steady(25.0, from_s=FIRST_S + settle_s)]
    found = view(*opening(arrivals, 25.0), settle_s=settle_s)
    assert found.fps == pytest.approx(FPS, rel=0.01)
    assert found.dropped == 0
    left_out_s = 25.0 - FIRST_S - settle_s - found.measured_s
    assert 0.0 < left_out_s < 1.1, "seconds are counted whole or not at all"


def test_each_opening_settles_anew() -> None:
    first = opening(steady(10.0), 10.0)
    slow = [*steady(2.0, fps=4.0), *steady(20.0, from_s=2.4)]
    again = opening(slow, 20.0, tried_s=30.0)
    found = view(*first, failed("closed", 10.0), *again, settle_s=2.0)
    assert found.fps == pytest.approx(FPS, rel=0.01)


def test_the_rate_of_the_configuration_comes_before_the_camera_s_own() -> None:
    found = view(*opening(steady(20.0), 20.0), camera=camera(fps=50.0))
    assert found.nominal_fps == 50.0
    assert found.fps_ratio == pytest.approx(0.5, rel=0.01)


def test_without_any_nominal_rate_nothing_is_judged_by_it() -> None:
    found = view(*opening(steady(20.0), 20.0, nominal_fps=None))
    assert (found.fps_ratio, found.interval_ratio) == (None, None)
    assert limit(found, "fps_ratio").passed is None


def test_few_pictures_say_nothing_of_a_rate_unless_many_were_due() -> None:
    few = view(*opening(steady(2.2), 2.0))
    slow = view(*opening(steady(20.0, fps=1.0), 20.0))
    assert few.frames < 30 > slow.frames
    assert limit(few, "fps_ratio").passed is None
    assert limit(slow, "fps_ratio").passed is False


def test_bits_a_second_are_those_of_the_pictures_at_their_rate() -> None:
    found = view(*opening(steady(9.0), 9.0))
    assert found.bitrate_kbps == pytest.approx(SIZE * FPS * 8 / 1000, rel=0.01)


def test_pictures_without_a_size_have_no_bitrate() -> None:
    assert view(*watched({"bytes": 0}, {"bytes": 0})).bitrate_kbps is None


class TestMissingPictures:
    def test_are_counted_among_those_that_should_have_come(self) -> None:
        arrivals = [at_s for n, at_s in enumerate(steady(41.0)) if n % 10 != 9]
        found = view(*opening(arrivals, 41.0))
        assert found.drop_sign == "timestamps"
        assert found.drop_rate == pytest.approx(0.1, rel=0.02)
        assert found.fps_ratio == pytest.approx(0.9, rel=0.01)
        assert found.longest_gap == 1

    def test_are_unknown_where_nothing_tells_them(self) -> None:
        found = view(*watched({"drop_sign": "", "dropped": 0}, {"drop_sign": ""}))
        assert (found.dropped, found.drop_rate) == (None, None)
        assert limit(found, "longest_gap").passed is None

    def test_stay_known_after_an_opening_that_can_not_tell_yet(self) -> None:
        found = view(
            *watched({"dropped": 3, "longest_gap": 2}),
            failed("closed", 2.0),
            tried(3.0),
            came(4.0),
            told(second(1.0, drop_sign="")),
        )
        assert (found.dropped, found.longest_gap, found.drop_sign) == (3, 2, "timestamps")
        assert found.drop_rate == pytest.approx(3 / 28), "seconds that can't tell do not thin it"

    def test_come_from_arrivals_where_there_are_no_timestamps(self) -> None:
        arrivals = without(steady(30.0), (10.0, 10.2))
        found = view(*opening(arrivals, 30.0, has_timestamps=False))
        assert (found.dropped, found.drop_sign) == (5, "arrival")

    def test_of_a_slow_camera_are_those_of_the_pace_it_has(self) -> None:
        slow = view(*opening(steady(40.0, fps=12.5), 40.0))
        assert slow.fps_ratio == pytest.approx(0.5, rel=0.01)
        assert slow.dropped == 0
        told_so = "missing pictures are counted at its present pace of 12.5/s, not at the nominal"
        assert [what for what in whats(slow, "info") if what.startswith(told_so)]

    def test_are_those_of_the_nominal_pace_otherwise(self) -> None:
        stalled = opening(without(steady(20.0), (9.0, 20.0)), 20.0)
        lossy = opening(without(steady(40.0), (9.0, 19.0)), 40.0)
        for fine in (opening(steady(40.0), 40.0), lossy, stalled):
            assert not [what for what in whats(view(*fine)) if "pace" in what]


def test_the_newest_keyframe_distance_and_all_damage_are_kept() -> None:
    found = view(
        *watched(
            {"keyframe_distance": 50, "corrupt": 2},
            {"keyframe_distance": 25, "undecoded": 4},
            {"corrupt": 1},
        )
    )
    assert (found.keyframe_distance, found.corrupt, found.undecoded) == (25, 3, 4)
    assert "3 pictures came damaged" in whats(found, "warn")
    assert any(what.startswith("4 pictures came and could not") for what in whats(found, "info"))


def test_cameras_are_told_apart() -> None:
    gate = msgspec.structs.replace(camera(), name="gate")
    both = CamerasFold([gate, camera()])
    for event in opening(steady(5.0), 5.0):
        both.apply(event)
        both.apply(msgspec.structs.replace(event, camera="nobody"))
    views = both.views()
    assert [each.name for each in views] == ["gate", NAME]
    assert [each.state for each in views] == ["closed", "live"]
    assert views[0].frames == 0 < views[1].frames
