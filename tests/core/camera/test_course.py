"""How a camera comes, goes and comes back."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import msgspec
import pytest

from tests.core.camera.streams import (
    FIRST_S,
    FPS,
    NAME,
    came,
    camera,
    closed,
    failed,
    fold,
    opening,
    quality,
    second,
    steady,
    told,
    tried,
    view,
    whats,
    without,
)
from tui.core import events as ev
from tui.core.camera.fold import CameraFold
from tui.core.camera.grade import figure_of
from tui.core.camera.view import Picture

PICTURE = ev.CameraPictured(camera=NAME, picture=Picture(2, 2, b"\x18" * 12))


def test_it_stands_as_its_newest_event_says() -> None:
    events: list[ev.CameraEvent] = [tried(), came(), failed("closed", 5.0), tried(6.0), closed(7.0)]
    made = CameraFold(camera())
    states = [made.view().state]
    for event in events:
        made.apply(event)
        states.append(made.view().state)
    assert states == ["closed", "opening", "live", "failed", "opening", "closed"]


def test_a_camera_that_never_came_has_no_outage_and_no_grade_but_a_fault() -> None:
    found = view(tried(), failed("refused", 1.0, retry_s=2.0), tried(3.0), failed("refused", 4.0))
    assert (found.outages, found.recovered_s, found.grade) == (0, None, "fail")
    assert whats(found) == ["10.0.0.9 is there, and nothing listens on that port"]


def test_a_fault_stays_until_pictures_come() -> None:
    events = [tried(), failed("refused", 1.0, retry_s=2.0)]
    assert view(*events).retry_s == 2.0
    again = view(*events, tried(3.0))
    assert again.fault is not None
    assert again.retry_s is None, "it is being tried"
    assert view(*events, tried(3.0), came(4.0)).fault is None


def test_a_camera_that_is_closed_has_no_fault_and_no_picture() -> None:
    found = view(*opening(steady(3.0), 3.0), PICTURE, failed("closed", 3.0), closed(4.0))
    assert (found.fault, found.retry_s, found.picture) == (None, None, None)


def test_nobody_knows_a_camera_without_a_picture_that_counts() -> None:
    assert view().grade == "unknown"
    assert view(tried()).grade == "unknown"
    assert view(*opening([FIRST_S], 1.0)).grade == "unknown"


def test_the_way_back_begins_with_the_last_picture() -> None:
    arrivals = without(steady(15.0), (10.0, 15.0))
    found = view(
        *opening(arrivals, 15.0),
        failed("stalled", 15.1),
        *opening(steady(5.0), 5.0, tried_s=16.1),
    )
    assert found.recovered_s == pytest.approx(16.1 + FIRST_S - 10.0, abs=0.1)
    assert found.recovery_step_s == pytest.approx(16.1 + FIRST_S - 15.1)
    assert ("it stopped delivering 1 time, back after 6.5 s at most and 5.1 s at least") in whats(
        found, "fail"
    )


def test_a_way_back_is_known_as_closely_as_it_was_looked_for() -> None:
    events = [*opening(steady(10.0), 10.0), failed("closed", 10.0)]
    for at_s in (11.0, 14.0, 20.0):
        events += [tried(at_s), failed("refused", at_s + 0.5)]
    found = view(*events, tried(30.0), came(31.0))
    assert found.recovered_s == pytest.approx(31.0 - 10.0, abs=0.1)
    assert found.recovery_step_s == pytest.approx(31.0 - 20.5)
    assert view(*events).recovery_step_s is None, "it is not back"


def test_the_longest_way_back_is_told() -> None:
    events = opening(steady(5.0), 5.0)
    for at_s, back_s in ((5.0, 2.0), (20.0, 9.0), (40.0, 3.0)):
        events += [failed("closed", at_s), tried(at_s), came(at_s + back_s)]
        events += [told(second(n + 1.0), at_s + back_s - FIRST_S) for n in range(10)]
    found = view(*events)
    assert found.outages == 3
    # The second: from its last picture at 16.56 s to the next at 29 s.
    assert found.recovered_s == pytest.approx(12.44)
    assert found.recovery_step_s == pytest.approx(9.0)
    assert ("it stopped delivering 3 times, back after 12.4 s at most and 3.4 s at least") in whats(
        found, "fail"
    )


@pytest.mark.parametrize(
    ("first_ms", "again_ms", "which"), [(5000.0, 400.0, 1), (400.0, 5000.0, 2)]
)
def test_the_slowest_opening_is_judged_and_told(
    first_ms: float, again_ms: float, which: int
) -> None:
    events = [tried(), came(first_frame_ms=first_ms), *map(told, (second(n) for n in (6.0, 7.0)))]
    events += [failed("closed", 7.0), tried(8.0), came(14.0, first_frame_ms=again_ms, width=640)]
    found = view(*events, told(second(7.0), 8.0))
    assert found.opened is not None
    assert (found.opened.first_frame_ms, found.opened.width) == (5000.0, 640)
    assert "first frame 5 000 ms, limit < 2 000 ms" in whats(found, "fail")
    assert f"its first frame is told of opening {which} of 2, the slowest" in whats(found, "info")


def test_of_a_single_opening_nobody_asks_which() -> None:
    assert view(*opening(steady(5.0), 5.0)).findings == ()


def test_what_the_picture_was_like_is_not_told_of_an_opening_that_is_gone() -> None:
    dark = [
        tried(),
        came(),
        *(told(second(n, quality=quality(brightness=5.0))) for n in (1.0, 2.0)),
    ]
    assert "brightness" in str(whats(view(*dark), "fail"))
    gone = [*dark, failed("unplugged", 2.0)]
    back = [*gone, tried(3.0), came(4.0)]
    for events in (gone, back):
        found = view(*events)
        assert (found.quality, found.peak_percent) == (None, None)
        assert not [what for what in whats(found) if "brightness" in what]


def test_an_outage_that_lasts_has_no_way_back_whatever_came_before() -> None:
    events = [*opening(steady(5.0), 5.0), failed("closed", 5.0), tried(6.0), came(7.0)]
    assert view(*events).recovered_s is not None
    found = view(*events, failed("closed", 8.0), tried(9.0))
    assert (found.outages, found.recovered_s) == (2, None)
    assert "it stopped delivering 2 times and is not back" in whats(found, "fail")
    way_back = next(each for each in found.limits if each.limit.metric == "recovery_s")
    assert way_back.passed is None


def test_an_outage_that_lasts_is_told_by_its_fault_alone() -> None:
    found = view(*opening(steady(5.0), 5.0), failed("closed", 5.0))
    assert found.outages == 1
    assert whats(found, "fail") == ["the camera closed the stream"]


def test_an_outage_whose_fault_has_changed_is_told_beside_it() -> None:
    stopped = [*opening(steady(5.0), 5.0), failed("closed", 5.0)]
    found = view(*stopped, tried(6.0), failed("refused", 6.0))
    assert whats(found, "fail") == [
        "10.0.0.9 is there, and nothing listens on that port",
        "it stopped delivering 1 time and is not back",
    ]


def test_an_outage_is_a_gap_of_as_many_pictures_as_were_due() -> None:
    events = [*opening(steady(5.0), 5.0), failed("closed", 5.0)]
    gone = view(*events)
    assert figure_of("longest_gap", gone) is None, "it lasts"
    found = view(*events, tried(6.0), came(9.0))
    assert found.longest_gap == 0
    assert found.recovered_s is not None
    gap = figure_of("longest_gap", found)
    assert gap == pytest.approx(found.recovered_s * FPS, abs=2.0)
    assert "longest gap" in str(whats(found, "fail"))


def test_a_fault_is_told_in_the_words_of_a_camera_with_its_credentials() -> None:
    asked = camera("rtsp://10.0.0.9/live", credentials="env:DOCK")
    refused = [tried(), failed("unauthorized", 1.0)]
    assert view(*refused, camera=asked).trouble == "10.0.0.9 refused the user name and password"
    assert view(*refused).trouble.endswith("and none is configured")


def test_how_it_stood_is_known_when_nobody_looks_any_more() -> None:
    good = opening(steady(5.0), 5.0)
    assert view(*good).was == "unknown"
    assert view(*good, closed(6.0)).was == "good"
    gone = [*good, failed("closed", 5.0), closed(6.0)]
    assert view(*gone).was == "fail"
    assert view(*gone, tried(7.0), came(8.0)).was == "fail"


def test_a_look_too_short_to_tell_changes_nothing_of_how_it_stood() -> None:
    good = [*opening(steady(5.0), 5.0), closed(6.0)]
    assert view(*good, tried(7.0), closed(7.1)).was == "good"
    assert view(tried(), came(), *map(told, (second(1.0),)), closed(2.0)).was == "unknown"


def test_it_begins_anew_when_it_is_looked_at_again() -> None:
    worse = opening(without(steady(10.0), (4.0, 6.0)), 10.0)
    events = [*worse, failed("closed", 10.0), tried(11.0), came(12.0), closed(13.0)]
    found = view(*events, *opening(steady(5.0), 5.0, tried_s=900.0))
    assert (found.outages, found.dropped, found.recovered_s) == (0, 0, None)
    assert found.grade == "good"
    assert found.fps == pytest.approx(FPS, rel=0.01)


def test_what_is_told_of_now_is_not_told_of_a_camera_that_is_gone() -> None:
    now = {"same_s": 1.5, "black_s": 1.0, "cpu_percent": 20.0}
    events = [tried(), came(), *(told(second(n + 1.0, **now)) for n in range(3))]
    live, gone = view(*events), view(*events, failed("unplugged", 3.0))
    assert (live.frozen_s, live.black_s, live.reader_cpu_percent) == (1.5, 1.0, 20.0)
    assert (gone.frozen_s, gone.black_s, gone.reader_cpu_percent) == (0.0, 0.0, None)
    assert (gone.fps_now, gone.frozen_most_s) == (None, 1.5)


def test_what_an_opening_told_of_its_delay_is_not_told_of_the_next() -> None:
    delayed = told(second(1.0, age_ms=35.0, behind_ms=400.0))
    events = [tried(), came(), delayed, failed("closed", 2.0), tried(3.0), came(4.0)]
    assert view(*events[:3]).behind_ms == 400.0
    assert (view(*events).age_ms, view(*events).behind_ms) == (None, None)


class TestARecording:
    EVENTS = (*opening(steady(5.0), 5.0), failed("ended", 5.0, retry_s=None))

    def test_that_is_over_is_no_outage_and_no_failure(self) -> None:
        found = view(*self.EVENTS, camera=camera("file:/srv/gate.mkv"))
        assert (found.outages, found.state, found.grade) == (0, "failed", "good")
        assert whats(found) == ["the recording is over"]

    def test_from_a_camera_s_address_is_one(self) -> None:
        found = view(*self.EVENTS, camera=camera("http://10.0.0.9/still.jpg"))
        assert (found.outages, found.grade) == (1, "fail")

    def test_that_never_came_to_a_picture_is_one(self) -> None:
        gone = view(tried(), failed("ended", 1.0, None), camera=camera("file:/srv/gate.mkv"))
        assert gone.grade == "fail"


def test_a_day_of_seconds_takes_no_more_room_than_an_hour() -> None:
    made = fold(tried(), came(), settle_s=2.0)
    sizes = {}
    usual = second(1.0, quality=quality())
    for number in range(1, 86_401):
        at_s = float(number)
        arrived = {"first_s": at_s - 1.0, "last_s": at_s - 0.04}
        made.apply(told(msgspec.structs.replace(usual, until_s=at_s, **arrived)))
        if number % 3000 == 0:
            for event in (failed("stalled", at_s), tried(at_s), came(at_s)):
                made.apply(event)
        if number in (3600, 86_400):
            sizes[number] = len(pickle.dumps(made))
    assert sizes[86_400] < 1.1 * sizes[3600]
    assert made.view().outages == 28


def test_a_stored_course_looks_the_same_again() -> None:
    arrivals = without(steady(20.0), (8.0, 9.0))
    course = [
        *opening(arrivals, 20.0),
        failed("closed", 20.0),
        *opening(steady(9.0), 9.0, tried_s=22.0),
        failed("unplugged", 31.0),
    ]
    kept = list(_read_back(course))
    assert view(*kept, settle_s=2.0) == view(*course, settle_s=2.0)


def test_a_picture_for_the_screen_changes_no_figure() -> None:
    course = opening(steady(6.0), 6.0)
    shown = view(*course, PICTURE)
    assert shown.picture == PICTURE.picture
    assert msgspec.structs.replace(shown, picture=None) == view(*course)


def _read_back(events: list[ev.CameraEvent]) -> Iterator[ev.CameraEvent]:
    for event in events:
        found = msgspec.msgpack.decode(msgspec.msgpack.encode(event), type=ev.AnyEvent)
        assert isinstance(found, ev.CameraEvent)
        yield found
