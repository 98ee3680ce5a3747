from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from av.video.frame import PictureType

from tests.camera.test_argus import SENSOR
from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.machine import ROOT
from tests.lib.watching import measured, readers, watching
from tui.camera.drift import reference_of
from tui.core.events.camera import CameraClosed, CameraFailed, CameraPictured, CameraTold
from tui.core.histogram import merged, percentiles_ms
from tui.ports.camera import NoStill, PictureAsk, Still

MISSING = (25, 30, 31)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of the test pattern at 20 pictures a second, some of them missing."""
    path = tmp_path_factory.mktemp("recorded") / "walk past.mkv"
    with (
        av.open("testsrc2=size=160x120:rate=20:duration=2", format="lavfi") as pattern,
        av.open(str(path), "w") as file,
    ):
        stream = file.add_stream("mjpeg", rate=20)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuvj420p"
        for number, frame in enumerate(pattern.decode(video=0)):
            if number not in MISSING:
                file.mux(stream.encode(frame.reformat(format="yuvj420p")))
        file.mux(stream.encode(None))
    return path


def test_the_test_pattern_is_a_camera_at_its_own_pace() -> None:
    with watching("test:", fps=20.0, width=320, height=240) as one:
        opened = one.opened()
        assert (opened.codec, opened.width, opened.height) == ("rawvideo", 320, 240)
        assert (opened.nominal_fps, opened.is_live) == (20.0, True)
        seconds = one.seconds(3)
        assert measured(seconds)[1] == pytest.approx(20.0, rel=0.05)
        assert sum(each.dropped for each in seconds) == 0
        assert [each.until_s for each in seconds] == pytest.approx([1.0, 2.0, 3.0], abs=0.8)
        assert all(each.cpu_percent > 0.0 for each in seconds)
        assert seconds[-1].quality is not None
        assert seconds[-1].same_s < 1.0


def test_a_recording_is_watched_as_fast_as_its_times_say_and_then_over(recording: Path) -> None:
    before_s = time.monotonic()
    with watching(f"file:{recording}") as one:
        opened = one.opened()
        assert (opened.codec, opened.nominal_fps, opened.is_live) == ("mjpeg", 20.0, False)
        assert one.failed().kind == "ended"
        assert time.monotonic() - before_s > 1.9
        told = [event.second for event in one.events if isinstance(event, CameraTold)]
        frames, fps = measured(told)
        dropped = sum(each.dropped for each in told)
        assert (dropped, max(each.longest_gap for each in told)) == (len(MISSING), 2)
        assert fps * (frames + dropped) / frames == pytest.approx(20.0, rel=0.1)


def test_a_recording_whose_pictures_are_stored_out_of_turn_comes_at_an_even_pace(
    tmp_path: Path,
) -> None:
    path = tmp_path / "b-frames.mp4"
    with (
        av.open("testsrc2=size=160x120:rate=20:duration=3", format="lavfi") as pattern,
        av.open(str(path), "w") as file,
    ):
        stream = file.add_stream("libx264", rate=20, options={"bf": "3", "b-adapt": "0"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for frame in pattern.decode(video=0):
            picture = frame.reformat(format="yuv420p")
            picture.pict_type = PictureType.NONE  # the pattern makes each one a keyframe
            file.mux(stream.encode(picture))
        file.mux(stream.encode(None))
    with watching(f"file:{path}") as one:
        one.failed()
        told = [event.second for event in one.events if isinstance(event, CameraTold)]
    intervals = merged(each.intervals for each in told)
    p50_ms, p95_ms = percentiles_ms(intervals, (0.5, 0.95))
    assert p50_ms == pytest.approx(50.0, rel=0.2)
    assert p95_ms is not None
    assert p95_ms < 100.0, "no pictures in bursts"
    assert sum(each.dropped for each in told) == 0


@pytest.mark.parametrize(
    ("name", "kind"), [("none.mp4", "missing"), ("page.html", "not-a-stream"), ("", "not-a-stream")]
)
def test_a_file_that_is_no_video_is_told(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "page.html").write_text("<html>" * 1000)
    with watching(f"file:{tmp_path / name}") as one:
        assert one.failed().kind == kind


def test_a_codec_that_nobody_decodes_is_told(recording: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mkv"
    secret.write_bytes(recording.read_bytes().replace(b"V_MJPEG", b"V_OTHER"))
    with watching(f"file:{secret}") as one:
        assert one.failed().kind == "wrong-codec"


def test_pictures_for_the_screen_come_as_long_as_they_are_asked_for() -> None:
    with watching("test:", width=320, height=240) as one:
        one.watch.show(PictureAsk(40, 12, 10.0))
        picture = one.pictured().picture
        assert (picture.width, picture.height) <= (40, 24)
        assert len(picture.rgb) == 3 * picture.width * picture.height
        one.next(CameraPictured, 3)
        one.watch.show(PictureAsk(20, 6, 10.0, is_centre=True))
        eventually(lambda: any(_is_centre(event) for event in one.events))
        one.watch.show(None)
        seconds = len(one.seconds(1))
        eventually(lambda: len([e for e in one.events if isinstance(e, CameraTold)]) > seconds + 1)
        count = len([event for event in one.events if isinstance(event, CameraPictured)])
        one.next(CameraTold, seconds + 3)
        assert len([e for e in one.events if isinstance(e, CameraPictured)]) <= count + 1


def _is_centre(event: object) -> bool:
    return isinstance(event, CameraPictured) and event.picture.is_centre


def test_a_still_picture_is_whole_and_its_hash_is_that_of_its_bytes() -> None:
    with watching("test:", width=320, height=240) as one:
        still = one.still()
        assert isinstance(still, Still)
        assert (still.camera, still.source, still.label) == ("dock", "test:", "simulated")
        assert (still.width, still.height) == (320, 240)
        assert still.sha256 == hashlib.sha256(still.jpeg).hexdigest()
        assert still.jpeg.startswith(b"\xff\xd8")
        assert still.jpeg.endswith(b"\xff\xd9")


def test_a_camera_is_held_against_the_thumbnail_of_its_reference() -> None:
    with watching("test:", width=320, height=180) as one:
        still = one.still()
        assert isinstance(still, Still)
        assert {each.moved for each in one.seconds(1)} == {None}
    with watching("test:", thumb=reference_of(still).thumb, width=320, height=180) as one:
        moved = one.seconds(1)[0].moved
        assert moved is not None
        assert moved == pytest.approx((0.0, 0.0), abs=2.0)


def test_a_camera_that_is_not_there_gives_no_still_and_says_why() -> None:
    with watching("file:/nowhere/at-all.mp4") as one:
        one.failed()
        still = one.still()
        assert isinstance(still, NoStill)
        assert "at-all.mp4" in still.why
    late = one.still()
    assert isinstance(late, NoStill)


def test_a_reader_that_freezes_is_killed_and_started_again() -> None:
    with watching("test:", timeout_s=0.5) as one:
        one.opened()
        frozen = one.reader()
        processes.freeze(frozen)
        assert isinstance(one.still(), NoStill)
        assert one.failed().kind == "frozen-reader"
        assert one.next(CameraFailed).retry_s == 1.0
        eventually(lambda: not processes.is_alive(frozen))
        eventually(readers)


def test_a_reader_that_is_killed_is_told_by_its_signal() -> None:
    with watching("test:") as one:
        one.opened()
        os.kill(one.reader(), signal.SIGKILL)
        assert one.failed().detail == "its reader was ended by signal 9"


def test_closing_leaves_nothing_whatever_the_camera_does() -> None:
    threads = processes.python_threads()
    for frozen in (False, True):
        with watching("test:") as one:
            one.opened()
            if frozen:
                processes.freeze(one.reader())
        assert isinstance(one.events[-1], CameraClosed)
        assert readers() == []
    assert processes.python_threads() <= threads


@pytest.mark.parametrize("words", [("test:",), ("csi:0", *SENSOR)])
def test_an_owner_that_is_killed_leaves_no_process(words: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.lib.camera_owner", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        try:
            assert owner.stdout is not None
            assert owner.stdout.readline() == "open\n"
            left = processes.children_of(owner.pid)
            assert len(left) == len(words[:2])
        finally:
            owner.kill()
    eventually(lambda: not any(processes.is_alive(pid) for pid in left), limit_s=10.0)


def test_without_the_package_the_reader_says_so(tmp_path: Path) -> None:
    (tmp_path / "av").mkdir()
    (tmp_path / "av/__init__.py").write_text("raise ImportError('no module named av')\n")
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    with watching("test:", env={"PYTHONPATH": paths}) as one:
        assert one.failed().kind == "no-package"


def test_what_breaks_a_reader_off_names_no_secret() -> None:
    secret = "admin:gr33n/d00r"
    with watching("rtsp://127.0.0.1:1/{password}", secret, credentials="file:/x") as one:
        one.failed()
        assert "gr33n" not in repr(one.events)
