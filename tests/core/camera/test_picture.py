"""What is told of a camera's pictures: still, black, grey, sharp, moved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.camera.streams import (
    BLACK,
    GREY,
    came,
    camera,
    closed,
    failed,
    fold,
    quality,
    second,
    told,
    tried,
    view,
    watched,
    whats,
)
from tui.core.camera.measures import StreamSecond
from tui.core.camera.reference import Reference, moved_percent
from tui.core.camera.view import CameraView

GOOD: dict[str, Any] = {}


def reference(**keys: Any) -> Reference:
    usual: dict[str, Any] = {"width": 1280, "height": 720, "quality": quality(focus=400.0)}
    usual |= {"stored_at": 1_750_000_000.0, "thumb": bytes(64 * 36)}
    return Reference("dock-3", "rtsp://10.0.0.9/live", **{**usual, **keys})


class TestAStillPicture:
    def test_for_two_seconds_is_a_fault_however_long_ago(self) -> None:
        for codec in ("rawvideo", "mjpeg"):
            found = self.stood_still(codec)
            assert (found.frozen_s, found.frozen_most_s, found.grade) == (0.0, 2.0, "fail")
            assert whats(found, "fail") == [
                "the picture stood still for 2 s: not a bit of light and shade changed"
            ]
            assert "wave a hand" in found.findings[0].next

    def test_in_a_codec_that_leaves_out_what_does_not_change_may_be_a_still_scene(self) -> None:
        found = self.stood_still("h264")
        assert (found.frozen_most_s, found.grade) == (2.0, "warn")
        assert whats(found) == ["the picture stood still for 2 s: frozen, or a still scene in h264"]
        assert "wave a hand" in found.findings[0].next

    @staticmethod
    def stood_still(codec: str) -> CameraView:
        same = (0.0, 1.0, 2.0, 0.0, 0.0)
        told_of = [told(second(n + 1.0, same_s=same_s)) for n, same_s in enumerate(same)]
        return view(tried(), came(codec=codec), *told_of)

    def test_for_less_is_none(self) -> None:
        assert view(*watched(GOOD, {"same_s": 1.9}, GOOD)).grade == "good"

    @pytest.mark.parametrize(("source", "is_live"), [("test:", True), ("file:/srv/a.mkv", False)])
    def test_that_no_camera_took_is_none(self, source: str, is_live: bool) -> None:
        events = [tried(), came(is_live=is_live), *map(told, _same(4))]
        assert not whats(view(*events, camera=camera(source)), "fail")

    def test_that_is_black_is_told_as_black_alone(self) -> None:
        events = [tried(), came(), *map(told, _same(4, black_s=4.0, quality=BLACK))]
        stood = [what for what in whats(view(*events)) if "stood still" in what]
        assert not stood

    def test_of_the_time_in_which_it_settled_counts_from_then_on(self) -> None:
        raw = came(codec="rawvideo")
        early = view(tried(), raw, *map(told, _same(4)), settle_s=2.0)
        late = view(tried(), raw, *map(told, _same(7)), settle_s=2.0)
        assert early.frozen_s == 4.0
        assert early.frozen_most_s == pytest.approx(1.6)
        assert late.frozen_most_s == pytest.approx(4.6)
        assert (early.grade, late.grade) == ("good", "fail")


def _same(number: int, **keys: Any) -> list[StreamSecond]:
    return [second(n + 1.0, **{"same_s": n + 1.0, **keys}) for n in range(number)]


def test_black_for_two_seconds_is_a_fault_however_long_ago() -> None:
    seconds = [{"black_s": float(n), "quality": BLACK} for n in range(4)]
    found = view(*watched(*seconds, GOOD, GOOD))
    assert (found.black_s, found.black_most_s, found.grade) == (0.0, 3.0, "fail")
    assert whats(found, "fail") == ["the picture was black for 3 s"]


def test_black_while_it_settled_counts_from_then_on() -> None:
    dark = [second(n + 1.0, black_s=n + 1.0, quality=BLACK) for n in range(4)]
    found = view(tried(), came(), *map(told, dark), settle_s=2.0)
    assert found.black_most_s == pytest.approx(1.6)


class TestGreyAllOver:
    def test_for_two_seconds_is_a_fault_however_long_ago(self) -> None:
        found = view(*watched(GOOD, *[{"quality": GREY}] * 3, GOOD, GOOD))
        assert (found.uniform_most_s, found.grade) == (2.0, "fail")
        assert whats(found, "fail") == ["the picture was one grey all over for 2 s"]

    def test_for_a_moment_is_none(self) -> None:
        moments = [{"quality": GREY}, {"quality": GREY}, GOOD]
        found = view(*watched(*moments, *moments, *moments))
        assert (found.uniform_most_s, found.grade) == (1.0, "good")

    def test_is_not_told_of_a_black_one(self) -> None:
        black = quality(brightness=3.0, contrast=0.0, is_black=True, is_uniform=True)
        assert view(*watched(*[{"quality": black}] * 5)).uniform_most_s == 0.0

    def test_ends_with_its_opening(self) -> None:
        grey = [{"quality": GREY}] * 2
        again = [failed("closed", 2.0), tried(3.0), came(9.0, first_frame_ms=5500.0)]
        later = [told(second(at_s, quality=GREY)) for at_s in (6.0, 7.0)]
        assert view(*watched(*grey), *again, *later).uniform_most_s == 1.0

    def test_goes_on_through_seconds_without_a_judged_picture(self) -> None:
        found = view(*watched({"quality": GREY}, *[{"quality": None}] * 3, {"quality": GREY}))
        assert found.uniform_most_s == 4.0


class TestTheBestFocus:
    @staticmethod
    def after(*scores: float) -> CameraView:
        return view(*watched(*({"quality": quality(focus=score)} for score in scores)))

    def test_is_held_while_the_ring_is_turned_past_it(self) -> None:
        found = self.after(100.0, 400.0, 800.0, 600.0)
        assert (found.focus_peak, found.peak_percent) == (800.0, 75.0)

    def test_is_sought_anew_from_the_newest_picture_on(self) -> None:
        made = fold(*watched({"quality": quality(focus=800.0)}, {"quality": quality(focus=200.0)}))
        made.reset_peak()
        assert (made.view().focus_peak, made.view().peak_percent) == (200.0, 100.0)
        made.apply(told(second(3.0, quality=quality(focus=250.0))))
        assert made.view().focus_peak == 250.0

    @pytest.mark.parametrize("flat", [BLACK, GREY, quality(contrast=5.0, focus=9000.0)])
    def test_is_none_of_a_flat_picture(self, flat: Any) -> None:
        found = view(*watched({"quality": quality(focus=500.0)}, {"quality": flat}))
        assert (found.focus_peak, found.peak_percent) == (500.0, None)
        made = fold(*watched({"quality": flat}))
        made.reset_peak()
        assert (made.view().focus_peak, made.view().peak_percent) == (None, None)

    def test_outlives_a_look_elsewhere(self) -> None:
        events = watched({"quality": quality(focus=800.0)})
        assert view(*events, closed(2.0), *watched(GOOD)).focus_peak == 800.0


class TestBesideItsReference:
    def test_focus_aim_and_light_are_compared(self) -> None:
        now = quality(focus=300.0, brightness=100.0)
        found = view(*watched({"quality": now, "moved": (-3.0, 4.0)}), reference=reference())
        beside = found.compared
        assert beside is not None
        assert beside.focus_percent == 75.0
        assert (beside.moved_right_percent, beside.moved_down_percent) == (-3.0, 4.0)
        assert moved_percent(beside) == 5.0
        assert beside.brightness_change == -18.0
        assert "aim moved 5.0 %, goal < 3 %" in whats(found, "warn")
        assert "focus of reference 75 %, goal >= 90 %" in whats(found, "warn")

    def test_far_out_of_focus_is_a_failure(self) -> None:
        blurred = {"quality": quality(focus=200.0), "moved": (0.0, 0.0)}
        found = view(*watched(blurred), reference=reference())
        assert whats(found, "fail") == ["focus of reference 50 %, limit >= 70 %"]

    def test_nothing_is_judged_without_one(self) -> None:
        found = view(*watched(GOOD))
        assert found.compared is None
        by_reference = ("focus_percent", "moved_percent")
        states = [each for each in (*found.limits, *found.goals)]
        assert [each.passed for each in states if each.limit.metric in by_reference] == [None] * 3

    def test_nor_before_a_picture(self) -> None:
        assert view(tried(), came(), reference=reference()).compared is None

    @pytest.mark.parametrize(
        ("was", "now"),
        [
            (quality(contrast=5.0), quality()),
            (quality(), quality(contrast=5.0)),
            (quality(focus=0.0), quality()),
        ],
    )
    def test_flat_pictures_are_not_compared_by_focus(self, was: Any, now: Any) -> None:
        events = watched({"quality": now, "moved": (0.0, 0.0)})
        found = view(*events, reference=reference(quality=was))
        assert found.compared is not None
        assert found.compared.focus_percent is None

    def test_pictures_of_another_size_are_not_compared_by_focus(self) -> None:
        events = watched({"moved": (0.0, 0.0)})
        found = view(*events, reference=reference(width=1920, height=1080))
        assert found.compared is not None
        assert found.compared.focus_percent is None
        note = next(one for one in found.findings if "1920x1080" in one.what)
        assert note.level == "info"
        assert note.next == "jetproof camera probe dock-3 --keep-reference"

    def test_a_scene_that_is_not_there_any_more_is_told(self) -> None:
        told_so = "the scene of its reference is not to be found in the picture"
        assert told_so in whats(view(*watched(GOOD), reference=reference()), "warn")

    @pytest.mark.parametrize(
        ("thumb", "now"), [(b"", quality()), (bytes(64 * 36), quality(contrast=5.0))]
    )
    def test_but_not_where_nobody_could_find_it(self, thumb: bytes, now: Any) -> None:
        events = watched({"quality": now})
        found = view(*events, reference=reference(thumb=thumb))
        assert not [what for what in whats(found) if "scene" in what]


def test_a_size_that_was_not_asked_for_is_a_fault() -> None:
    asked = camera("v4l2:/dev/video0", size="1920x1080")
    found = view(*watched(GOOD), camera=asked)
    assert whats(found, "fail") == ["it delivers 1280x720, and 1920x1080 was asked for"]
    as_asked = camera("v4l2:/dev/video0", size="1280x720")
    assert view(*watched(GOOD), camera=as_asked).grade == "good"


def test_notes_of_the_opening_are_told_and_weigh_nothing() -> None:
    note = "it sends no times of its own"
    events = [tried(), came(notes=(note,)), told(second(1.0))]
    found = view(*events)
    assert (whats(found), found.grade) == ([note], "good")
