"""CSI cameras, by GStreamer's own test source in place of Argus."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.lib import processes
from tests.lib.eventually import eventually
from tests.lib.programs import Programs
from tests.lib.watching import Watching, measured, watching
from tui.camera.argus import sensor_words
from tui.child import group
from tui.core.camera.camera import Camera
from tui.core.camera.source import Source

pytestmark = pytest.mark.skipif(
    shutil.which("gst-launch-1.0") is None, reason="needs gstreamer1.0-tools"
)
SENSOR = (
    *("videotestsrc", "is-live=true", "!"),
    "video/x-raw,format=I420,width=320,height=240,framerate=30/1",
)

SAID_BY = (
    "Error generated. /dvs/git/dirty/git-master_linux/multimedia/nvgstreamer/gst-nvarguscamera/"
    "gstnvarguscamerasrc.cpp, "
)


def pipelines(one: Watching) -> list[int]:
    """Pids of the GStreamer processes that its reader started."""
    reader = one.reader()
    started = Path(f"/proc/{reader}/task/{reader}/children").read_text().split()
    return [int(pid) for pid in started]


def test_a_csi_camera_is_read_through_a_pipe() -> None:
    with watching("csi:0", sensor=SENSOR) as one:
        opened = one.opened()
        assert (opened.codec, opened.width, opened.height) == ("rawvideo", 320, 240)
        assert (opened.nominal_fps, opened.has_timestamps) == (30.0, True)
        seconds = one.seconds(3)
        assert measured(seconds)[1] == pytest.approx(30.0, rel=0.05)
        assert sum(each.dropped for each in seconds) == 0
        (pipeline,) = pipelines(one)
    assert not processes.is_alive(pipeline)


def test_a_pipeline_that_stops_is_told_and_ended() -> None:
    with watching("csi:0", sensor=SENSOR, timeout_s=1.0) as one:
        one.opened()
        (pipeline,) = pipelines(one)
        processes.freeze(pipeline)
        assert one.failed().kind == "stalled"
        eventually(lambda: not processes.is_alive(pipeline))


def test_a_sensor_that_never_delivers_is_told_in_time() -> None:
    with watching(
        "csi:0", sensor=("videotestsrc", "!", "valve", "drop=true"), timeout_s=0.5
    ) as one:
        assert one.failed().kind == "stalled"


def test_a_pipeline_that_is_killed_is_closed() -> None:
    with watching("csi:0", sensor=SENSOR) as one:
        one.opened()
        os.kill(pipelines(one)[0], signal.SIGKILL)
        assert one.failed().kind == "closed"


def test_a_reader_that_is_killed_takes_its_pipeline_along() -> None:
    with watching("csi:0", sensor=SENSOR) as one:
        one.opened()
        (pipeline,) = pipelines(one)
        os.kill(one.reader(), signal.SIGKILL)
        assert one.failed().kind == "other"
        eventually(lambda: not processes.is_alive(pipeline))


def test_a_pipeline_that_is_wedged_does_not_outlive_its_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group, "GRACE_S", 0.1)
    with watching("csi:0", sensor=SENSOR) as one:
        one.opened()
        (pipeline,) = pipelines(one)
        processes.freeze(pipeline)
        os.kill(one.reader(), signal.SIGKILL)
        assert one.failed().kind == "other"
    assert not processes.is_alive(pipeline)


@pytest.mark.parametrize(
    ("complaint", "kind"),
    [
        (f"{SAID_BY}execute:751 Failed to create CaptureSession", "argus"),
        (
            "(Argus) Error FileOperationFailed: Connecting to nvargus-daemon failed: No such file "
            "or directory (in src/rpc/socket/client/SocketClientDispatch.cpp, function "
            "openSocketConnection(), line 205)",
            "argus",
        ),
        (
            "(Argus) Error FileOperationFailed: Cannot create camera provider (in src/rpc/socket/"
            "client/SocketClientDispatch.cpp, function createCameraProvider(), line 107)",
            "argus",
        ),
        (
            f"{SAID_BY}execute:725 Invalid camera device specified 3 specified, 1 max index",
            "missing",
        ),
        (f"{SAID_BY}execute:645 No cameras available", "missing"),
        ("ERROR: Could not open device: No such file or directory", "missing"),
        ("No cameras available", "missing"),
        ('WARNING: erroneous pipeline: no element "nvarguscamerasrc"', "no-gstreamer"),
        ("WARNING: erroneous pipeline: could not link a to b", "wrong-mode"),
        ("something that nobody has heard before", "other"),
    ],
)
def test_what_argus_says_is_the_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complaint: str, kind: str
) -> None:
    Programs(tmp_path / "bin", monkeypatch).put("gst-launch-1.0", complaint, code=1)
    with watching("csi:0", timeout_s=10.0) as one:
        fault = one.failed()
        assert fault.kind == kind
        assert fault.detail == complaint


def test_without_gstreamer_a_csi_camera_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with watching("csi:0") as one:
        assert one.failed().kind == "no-gstreamer"


def test_a_sensor_is_asked_for_what_the_configuration_says() -> None:
    asked = Camera("dock", Source("csi", "1"), fps=29.97, width=1920, height=1080)
    words = " ".join(sensor_words(asked))
    assert words == (
        "nvarguscamerasrc sensor-id=1 ! "
        "video/x-raw(memory:NVMM),width=1920,height=1080,framerate=2997/100 ! "
        "nvvidconv ! video/x-raw,format=I420"
    )
