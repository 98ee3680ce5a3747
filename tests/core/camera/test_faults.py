"""Every way in which a camera delivers nothing, in words that one can act on."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.core.camera.streams import came, camera, failed, tried
from tui.core.camera.faults import CameraFault, FaultKind, advice_on, may_pass
from tui.core.camera.log_words import line_of_camera
from tui.core.camera.source import Source, SourceKind, parse_source

KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
SOURCES: dict[SourceKind, Source] = {
    "test": Source("test"),
    "v4l2": parse_source("/dev/video0"),
    "csi": parse_source("csi:0"),
    "rtsp": parse_source("rtsp://dock3.example:8554/live"),
    "http": parse_source("http://10.0.0.9/mjpeg"),
    "file": parse_source("file:/srv/two words.mkv"),
}
NEXT: dict[tuple[FaultKind, SourceKind], tuple[str, str]] = {
    ("no-package", "rtsp"): ("package", "pip install 'jetproof[camera]'"),
    ("no-gstreamer", "csi"): ("GStreamer", "sudo apt install gstreamer1.0-tools"),
    ("no-credentials", "rtsp"): ("user name and password", "export DOCK3=USER:PASSWORD"),
    ("unauthorized", "rtsp"): ("dock3.example refused", "export DOCK3=USER:PASSWORD"),
    ("forbidden", "rtsp"): ("may not see", "right to view"),
    ("wrong-path", "rtsp"): ("no stream of that name", "path"),
    ("server-error", "rtsp"): ("dock3.example failed", "restart the camera"),
    ("refused", "rtsp"): ("nothing listens", "port (RTSP: 554)"),
    ("unreachable", "rtsp"): ("dock3.example can't be reached", "ping dock3.example"),
    ("unknown-host", "rtsp"): ("the name dock3.example", "getent hosts dock3.example"),
    ("no-name-server", "rtsp"): ("where dock3.example is", "resolvectl status"),
    ("certificate", "rtsp"): ("certificate of dock3.example", "verify_tls = false"),
    ("no-answer", "rtsp"): ("says nothing", "restart the camera"),
    ("missing", "v4l2"): ("/dev/video0 is not there", "jetproof camera list"),
    ("missing", "csi"): ("CSI camera 0 is not there", "ribbon cable"),
    ("missing", "file"): ("two words.mkv is not there", "ls -l '/srv/two words.mkv'"),
    ("no-permission", "v4l2"): ("/dev/video0", 'sudo usermod -aG video "$USER", then log in again'),
    ("no-permission", "file"): ("may not be read", "ls -l '/srv/two words.mkv'"),
    ("busy", "v4l2"): ("/dev/video0 is in use", "fuser -v /dev/video0"),
    ("busy", "csi"): ("CSI camera 0 is in use", "sudo systemctl restart nvargus-daemon"),
    ("not-a-camera", "v4l2"): ("gives no pictures", "jetproof camera list"),
    ("wrong-mode", "v4l2"): ("does not offer", "jetproof camera list"),
    ("no-video", "rtsp"): ("no video", "another stream"),
    ("audio-only", "rtsp"): ("sound and no video", "another stream"),
    ("audio-only", "file"): ("sound and no video", "another recording"),
    ("wrong-codec", "rtsp"): ("can't be decoded", "H.264"),
    ("not-a-stream", "http"): ("10.0.0.9 answered", "browser"),
    ("not-a-stream", "file"): ("holds no video", "file '/srv/two words.mkv'"),
    ("stalled", "rtsp"): ("no more pictures", 'transport = "tcp"'),
    ("stalled", "v4l2"): ("no more pictures", "dmesg"),
    ("stalled", "csi"): ("CSI camera 0", "sudo systemctl restart nvargus-daemon"),
    ("closed", "rtsp"): ("closed the stream", "restarted"),
    ("unplugged", "v4l2"): ("/dev/video0 went away", "dmesg"),
    ("argus", "csi"): ("CSI camera service", "sudo systemctl restart nvargus-daemon"),
    ("undecodable", "rtsp"): ("can't be decoded", "H.264"),
    ("undecodable", "file"): ("can't be decoded", "another recording"),
    ("frozen-reader", "v4l2"): ("hung", "unplug"),
    ("frozen-reader", "rtsp"): ("hung", "jetproof doctor"),
    ("stuck", "v4l2"): ("the driver of /dev/video0", "unplug the camera, or restart the board"),
    ("stuck", "rtsp"): ("stuck in the kernel", "restart the board"),
    ("stuck", "file"): ("the disk of /srv", "dmesg"),
    ("not-a-stream", "rtsp"): ("does not speak RTSP", "554"),
    ("ended", "http"): ("single pictures", "live stream"),
    ("ended", "file"): ("the recording is over", "open it again"),
    ("other", "rtsp"): ("no pictures", "jetproof doctor"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_each_is_a_clause_and_a_next_step(kind: FaultKind, source: Source) -> None:
    advice = advice_on(CameraFault(kind, "it {said} so", "cat (pid 9)"), source, "env:DOCK3")
    for words in (advice.what, advice.next):
        assert words.strip() == words != ""
        assert "\n" not in words
    assert "{" not in advice.next
    assert not advice.what.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_its_words_held_to(kind: FaultKind) -> None:
    assert kind in {named for named, _ in NEXT}


@pytest.mark.parametrize(("fault", "expected"), NEXT.items(), ids=str)
def test_each_says_what_is_wrong_and_what_to_do(
    fault: tuple[FaultKind, SourceKind], expected: tuple[str, str]
) -> None:
    kind, source = fault
    advice = advice_on(CameraFault(kind), SOURCES[source], "env:DOCK3")
    assert expected[0] in advice.what
    assert expected[1] in advice.next


def test_no_word_for_one_kind_of_source_is_lost_on_another() -> None:
    for kind in KINDS:
        for source in (SOURCES["csi"], SOURCES["file"], SOURCES["test"]):
            advice = advice_on(CameraFault(kind), source)
            assert "RTSP over UDP" not in advice.next
            assert "over UDP" not in advice.next


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("env:DOCK3_CAMERA", "export DOCK3_CAMERA=USER:PASSWORD, then start jetproof again"),
        ("file:/etc/dock3", "look at /etc/dock3: one line, user:password"),
        ("", 'give the camera credentials = "env:NAME" in config.toml'),
    ],
)
def test_who_is_refused_is_shown_where_its_password_belongs(reference: str, told: str) -> None:
    advice = advice_on(CameraFault("unauthorized"), SOURCES["rtsp"], reference)
    assert advice.next.startswith(told)


@pytest.mark.parametrize(
    ("holder", "told"),
    [
        ("python3 (pid 812)", "end it, or: kill 812"),
        ("cat (pid 8), python3 (pid 812)", "end what holds it; see: sudo fuser -v /dev/video0"),
        ("a process of another user", "end what holds it; see: sudo fuser -v /dev/video0"),
        (
            "a camera reader of jetproof (pid 5)",
            "leave the screen or end the run of jetproof that looks at it",
        ),
    ],
)
def test_who_holds_a_device_is_named_and_how_to_have_it_back(holder: str, told: str) -> None:
    advice = advice_on(CameraFault("busy", holder=holder), SOURCES["v4l2"])
    assert advice.what == f"/dev/video0 is in use: {holder} has it"
    assert advice.next == told


def test_braces_in_what_others_said_are_theirs() -> None:
    advice = advice_on(CameraFault("other", "caps={0} {host}"), SOURCES["rtsp"])
    assert advice.what.endswith(": caps={0} {host}")
    named = advice_on(CameraFault("busy", holder="{x} (pid 3)"), SOURCES["v4l2"])
    assert "{x} (pid 3) has it" in named.what


def test_only_what_a_hand_must_mend_is_not_tried_again() -> None:
    by_hand = {kind for kind in KINDS if not may_pass(CameraFault(kind), has_delivered=False)}
    assert by_hand == {
        "no-package", "no-gstreamer", "no-credentials", "unauthorized", "forbidden",
        "unknown-host", "certificate", "no-permission", "not-a-camera", "wrong-mode", "no-video",
        "audio-only", "wrong-codec", "not-a-stream", "ended",
    }  # fmt: skip


def test_where_it_delivered_before_all_but_what_is_missing_or_refused_is_tried_again() -> None:
    by_hand = {kind for kind in KINDS if not may_pass(CameraFault(kind), has_delivered=True)}
    assert by_hand == {
        "no-package", "no-gstreamer", "no-credentials", "unauthorized", "forbidden", "ended",
    }  # fmt: skip


class TestTheLog:
    def test_has_a_line_for_an_opening_and_for_a_fault(self) -> None:
        assert line_of_camera(came(), camera()) == (
            "ok",
            "camera dock-3 open: h264 1280x720 25.0 fps, first picture after 400 ms",
        )
        line = line_of_camera(failed("refused", 3.0), camera())
        assert line is not None
        assert line[0] == "fail"
        assert line[1].startswith("camera dock-3: 10.0.0.9 is there")
        assert line_of_camera(tried(), camera()) is None

    def test_does_not_call_the_end_of_a_recording_a_failure(self) -> None:
        played = line_of_camera(failed("ended", 3.0), camera("file:/srv/a.mkv"))
        cut = line_of_camera(failed("ended", 3.0), camera("http://10.0.0.9/a.jpg"))
        assert played is not None
        assert cut is not None
        assert (played[0], cut[0]) == ("info", "fail")
