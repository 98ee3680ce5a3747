from __future__ import annotations

import time

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.fakecam import FPS, NEEDED, SOURCE, Mode, environment
from tests.lib.watching import measured, readers, watching
from tui.camera.holders import OURS
from tui.camera.opening import OPENING_S
from tui.core.events.camera import CameraFailed, CameraOpened

pytestmark = NEEDED
LIMIT_S = 1.0


def test_a_device_tells_its_mode_and_its_pictures_carry_their_times() -> None:
    with watching(SOURCE, env=environment("ok")) as one:
        opened = one.opened()
        assert (opened.codec, opened.pixel_format) == ("rawvideo", "yuyv422")
        assert (opened.width, opened.height, opened.nominal_fps) == (640, 480, FPS)
        assert (opened.has_timestamps, opened.is_live, opened.mode) == (True, True, "")
        seconds = one.seconds(3)
        assert measured(seconds)[1] == pytest.approx(FPS, rel=0.05)
        assert [each.dropped for each in seconds] == [0] * 3
        age_ms = seconds[-1].age_ms
        assert age_ms is not None
        # A picture is stamped when it is done: it is never from the future.
        assert 0.0 <= age_ms < 1e3 * LIMIT_S
        assert seconds[-1].bytes == pytest.approx(seconds[-1].frames * 640 * 480 * 2)


def test_what_is_missing_is_counted_one_by_one() -> None:
    with watching(SOURCE, env=environment("drop")) as one:
        seconds = one.seconds(3)
    frames = sum(each.frames for each in seconds)
    # Nine come and one does not; where the count begins and ends may part one from the rest.
    assert abs(sum(each.dropped for each in seconds) - frames / 9) <= 1.0
    assert frames > FPS
    assert {each.longest_gap for each in seconds[2:]} == {1}
    assert {each.drop_sign for each in seconds} == {"timestamps"}


def test_a_mode_that_is_asked_for_reaches_the_device() -> None:
    with watching(SOURCE, env=environment("ok"), fps=15.0, width=1280, height=720) as one:
        opened = one.opened()
        # It has one size alone, and gives that.
        assert (opened.width, opened.height) == (640, 480)
        assert (opened.nominal_fps, opened.mode) == (15.0, "1280x720 15 fps")
        assert measured(one.seconds(3))[1] == pytest.approx(15.0, rel=0.05)


@pytest.mark.parametrize("pixel_format", ["mjpeg", "no-such-format"])
def test_a_format_that_it_does_not_offer_is_told(pixel_format: str) -> None:
    with watching(SOURCE, env=environment("ok"), pixel_format=pixel_format) as one:
        assert one.failed().kind == "wrong-mode"
        assert one.next(CameraFailed).retry_s is None


def test_a_device_whose_pictures_nobody_can_read_is_told() -> None:
    with watching(SOURCE, env=environment("otherformat")) as one:
        assert one.failed().kind == "wrong-mode"


def test_one_that_is_taken_names_who_has_it_and_is_tried_again() -> None:
    with watching(SOURCE, env=environment("ok")) as first:
        first.opened()
        [holder] = readers()
        with watching(SOURCE, env=environment("ok")) as second:
            assert second.failed().kind == "busy"
            assert second.failed().holder == f"{OURS} (pid {holder})"
            first.watch.close()
            assert second.opened().codec == "rawvideo"


def test_one_that_may_not_be_opened_is_told_once() -> None:
    with watching(SOURCE, env=environment("perm")) as one:
        assert one.failed().kind == "no-permission"
        assert one.next(CameraFailed).retry_s is None


@pytest.mark.parametrize(
    ("mode", "after", "limit_s"),
    [("stall", 40, LIMIT_S), ("stall", 0, LIMIT_S + OPENING_S), ("frozen", 0, LIMIT_S + OPENING_S)],
)
def test_no_read_lasts_longer_than_twice_its_limit(mode: Mode, after: int, limit_s: float) -> None:
    with watching(SOURCE, env=environment(mode, after=after), timeout_s=LIMIT_S) as one:
        if after:
            one.opened()
        reader = one.reader()
        began_s = time.monotonic()
        assert one.failed().kind == "stalled"
        assert time.monotonic() - began_s < after / FPS + 2.0 * limit_s
        eventually(lambda: not processes.is_alive(reader))
    assert readers() == []


def test_one_that_is_pulled_out_is_told_and_found_again() -> None:
    with watching(SOURCE, env=environment("unplug", after=20)) as one:
        assert one.failed().kind == "unplugged"
        assert one.next(CameraFailed).retry_s == 1.0
        one.next(CameraOpened, 2)
