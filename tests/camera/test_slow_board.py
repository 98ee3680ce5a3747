"""A board that is too slow, or has no time at all for a while, is no fault of a camera."""

from __future__ import annotations

import os
import signal
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.frame import PictureType

from tests.camera.scenes import broken, frame_of_grey, natural, noisy
from tests.core.camera.streams import came, second, told, tried, view, whats
from tests.lib import processes
from tests.lib.rtsp_server import rtsp_server
from tests.lib.watching import watching
from tui.camera.looker import LOOK_S, Sight
from tui.camera.quality import quality_of
from tui.core.events.camera import CameraFailed, CameraTold

TIMEOUT_S = 0.5
LONG_S = 1.0


def test_a_reader_that_had_no_time_for_longer_than_a_silence_may_last_tells_no_outage() -> None:
    with rtsp_server() as server, watching(server.url("rare"), timeout_s=LONG_S) as one:
        one.seconds(1)
        reader = one.reader()
        for pid in (server.pid, reader):
            processes.freeze(pid)
        time.sleep(1.5 * LONG_S)
        os.kill(reader, signal.SIGCONT)
        # Nothing waits for it, and its own wait was long: still it was not the camera's.
        time.sleep(0.2 * LONG_S)
        os.kill(server.pid, signal.SIGCONT)
        number = len([event for event in one.events if isinstance(event, CameraTold)])
        one.next(CameraTold, number + 3)
        assert not [event for event in one.events if isinstance(event, CameraFailed)]
        after = [event.second for event in one.events if isinstance(event, CameraTold)][number:]
        assert sum(each.undecoded for each in after) == 0
        assert after[-1].quality is not None


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of MJPEG, of which nobody can decode more than the first."""
    path = tmp_path_factory.mktemp("spoilt") / "gate.mkv"
    with (
        av.open("testsrc2=size=160x120:rate=10:duration=3", format="lavfi") as pattern,
        av.open(str(path), "w") as file,
    ):
        stream = file.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuvj420p"
        for number, frame in enumerate(pattern.decode(video=0)):
            for packet in stream.encode(frame.reformat(format="yuvj420p")):
                file.mux(packet if number < 10 else broken(packet))
    return path


def test_what_can_not_be_decoded_is_a_fault_of_its_own(spoilt: Path) -> None:
    with watching(f"file:{spoilt}", timeout_s=TIMEOUT_S) as one:
        fault = one.failed()
        assert (fault.kind, fault.detail) == (
            "undecodable",
            "Invalid data found when processing input",
        )


def test_the_last_second_is_told_before_the_fault(spoilt: Path) -> None:
    with watching(f"file:{spoilt}", timeout_s=TIMEOUT_S) as one:
        one.failed()
        names = [type(event) for event in list(one.events)]
        last = one.events[names.index(CameraFailed) - 1]
        assert isinstance(last, CameraTold)
        assert last.second.until_s % 1.0 > 0.1, "it is the rest of one"


def test_a_still_scene_that_a_codec_leaves_no_noise_in_fails_no_camera() -> None:
    scene = natural(3, 320, 176)
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 320, 176, "yuv420p"
    encoder.time_base = Fraction(1, 5)
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": "36"}
    decoder = av.CodecContext.create("h264", "r")
    sight, raw = Sight(b""), Sight(b"")
    for number in range(25):
        frame = frame_of_grey(noisy(scene, 1.0, number), "yuv420p")
        frame.pts = number
        frame.pict_type = PictureType.NONE
        raw.see(frame, quality_of(frame), number * LOOK_S)
        for packet in encoder.encode(frame):
            for shown in decoder.decode(packet):
                sight.see(shown, quality_of(shown), number * LOOK_S)
    assert raw.same_s == 0.0, "it is a camera's picture, with its noise"
    assert sight.same_s > 2.0, "as the codec shows it nothing changes"
    found = view(tried(), came(codec="h264"), told(second(9.0, same_s=sight.same_s)))
    assert (found.grade, whats(found, "fail")) == ("warn", [])
