from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.lib import processes
from tests.lib.calm import measured_in_calm
from tests.lib.rtsp_server import FPS, RtspServer, rtsp_server
from tests.lib.watching import measured, watching
from tui.core.events.camera import CameraFailed, CameraOpened, CameraTold
from tui.core.events.event import Event

TIMEOUT_S = 1.0
USER, PASSWORD = "admin", "p@ss:w/o%rd é"


@pytest.fixture(scope="module")
def server() -> Iterator[RtspServer]:
    with rtsp_server() as one:
        yield one


@pytest.fixture(scope="module")
def guarded() -> Iterator[RtspServer]:
    with rtsp_server(USER, PASSWORD) as one:
        yield one


@pytest.mark.parametrize(
    ("path", "transport", "codec"),
    [("h264", "tcp", "h264"), ("h264", "udp", "h264"), ("mjpeg", "tcp", "mjpeg")],
)
@measured_in_calm
def test_a_stream_is_read_at_its_rate(
    server: RtspServer, path: str, transport: str, codec: str
) -> None:
    with watching(server.url(path), transport=transport) as one:
        opened = one.opened()
        assert (opened.codec, opened.width, opened.height) == (codec, 320, 240)
        assert (opened.nominal_fps, opened.has_timestamps, opened.is_live) == (FPS, True, True)
        assert 0.0 < opened.opened_ms <= opened.first_frame_ms
        seconds = one.seconds(3)
        frames, fps = measured(seconds)
        assert fps == pytest.approx(FPS, rel=0.05)
        assert {each.drop_sign for each in seconds} == {"timestamps"}
        assert sum(each.bytes for each in seconds) > frames * 100


@measured_in_calm
def test_the_rate_is_told_to_one_percent(server: RtspServer) -> None:
    """Two moments make a rate: what this machine is late by counts less and less."""
    with watching(server.url("h264")) as one:
        one.opened()
        rates = (measured(one.seconds(count))[1] for count in (4, 8, 16, 32))
        assert any(fps == pytest.approx(FPS, rel=0.01) for fps in rates)


def test_a_key_picture_comes_as_often_as_the_camera_sends_one(server: RtspServer) -> None:
    with watching(server.url("h264")) as one:
        one.opened()
        distances = [each.keyframe_distance for each in one.seconds(5)]
        assert distances[-1] == 50


def test_sound_beside_the_pictures_is_left_alone(server: RtspServer) -> None:
    with watching(server.url("both")) as one:
        assert one.opened().codec == "h264"


@pytest.mark.parametrize(
    ("path", "kind"),
    [("sound", "audio-only"), ("nowhere", "wrong-path"), ("broken", "server-error")],
)
def test_what_is_no_camera_is_told_by_its_kind(server: RtspServer, path: str, kind: str) -> None:
    with watching(server.url(path)) as one:
        assert one.failed().kind == kind


def test_the_right_password_opens_and_the_wrong_one_is_told(guarded: RtspServer) -> None:
    secret = f"{USER}:{PASSWORD}"
    with watching(guarded.url("h264"), secret, credentials="file:/run/dock") as one:
        assert one.opened().codec == "h264"
    for wrong in ("", "admin:wrong"):
        with watching(guarded.url("h264"), wrong) as one:
            assert one.failed().kind == "unauthorized"
            assert one.next(CameraFailed).retry_s is None


def test_a_secret_is_in_no_command_line_no_environment_and_no_event(
    guarded: RtspServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCK_CAMERA", f"{USER}:{PASSWORD}")
    with watching(guarded.url("h264"), f"{USER}:{PASSWORD}", credentials="env:DOCK_CAMERA") as one:
        reader = one.reader()
        seen = [processes.command_line(reader)]
        with open(f"/proc/{reader}/environ", "rb") as environ:
            seen.append(environ.read().decode(errors="replace"))
        one.seconds(1)
        seen += [repr(event) for event in one.events]
    with watching(guarded.url("h264"), f"{USER}:s3cr3t-w0rd") as one:
        assert one.failed().kind == "unauthorized"
        seen += [repr(event) for event in one.events]
    for secret in (PASSWORD, quote(PASSWORD), "s3cr3t"):
        assert secret not in "".join(seen)


@pytest.mark.parametrize(("death", "kind"), [(False, "stalled"), (True, "closed")])
def test_a_camera_that_is_lost_in_mid_stream_is_told_in_time(death: bool, kind: str) -> None:
    with rtsp_server() as server, watching(server.url("h264"), timeout_s=TIMEOUT_S) as one:
        one.seconds(2)
        if death:
            os.kill(server.pid, signal.SIGKILL)
        else:
            processes.freeze(server.pid)
        assert one.failed().kind == kind
        # No read may hang for longer than twice its limit, by the reader's own clock.
        [*_, last] = [each.second for each in one.events if isinstance(each, CameraTold)]
        assert last.silent_s <= 2 * TIMEOUT_S
        assert one.next(CameraFailed).retry_s == 1.0


def test_a_camera_that_comes_back_is_found_again() -> None:
    with rtsp_server() as server, watching(server.url("h264"), timeout_s=TIMEOUT_S) as one:
        one.seconds(2)
        processes.freeze(server.pid)
        one.failed()
        os.kill(server.pid, signal.SIGCONT)
        one.next(CameraOpened, 2)
        order = [type(event) for event in list(one.events)]
        assert order.index(CameraFailed) > order.index(CameraTold)
        assert _is_reopened(one.events)


def _is_reopened(events: list[Event]) -> bool:
    names = [type(event).__name__ for event in events]
    failed = names.index("CameraFailed")
    return names[failed + 1] == "CameraTried" and "CameraOpened" in names[failed:]
