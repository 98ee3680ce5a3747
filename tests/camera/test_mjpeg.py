from __future__ import annotations

import socket
import time

import pytest

from tests.lib.calm import measured_in_calm
from tests.lib.mjpeg_server import FPS, mjpeg_server
from tests.lib.watching import measured, watching
from tui.core.events.camera import CameraFailed

SECRET = "viewer:p@ss w/ord%"


@measured_in_calm
def test_an_http_stream_is_timed_by_its_arrivals() -> None:
    with mjpeg_server() as server, watching(server.url("stream"), fps=FPS) as one:
        opened = one.opened()
        assert (opened.codec, opened.width, opened.height) == ("mjpeg", 160, 120)
        assert (opened.nominal_fps, opened.has_timestamps, opened.is_live) == (None, False, True)
        assert len(opened.notes) == 1
        seconds = one.seconds(3)
        assert measured(seconds)[1] == pytest.approx(FPS, rel=0.05)
        assert {each.drop_sign for each in seconds} == {"arrival"}
        assert {each.behind_ms for each in seconds} == {None}


@measured_in_calm
def test_planted_drops_are_counted_one_by_one() -> None:
    dropped = {40, 55, 56, 57, 80}
    with mjpeg_server(dropped=dropped) as server, watching(server.url("stream"), fps=FPS) as one:
        seconds = one.seconds(5)
        assert sum(each.dropped for each in seconds) == len(dropped)
        assert max(each.longest_gap for each in seconds) == 3


@pytest.mark.parametrize("query", ["", "?user={user}&pwd={password}"])
def test_a_password_reaches_the_camera(query: str) -> None:
    with mjpeg_server(SECRET) as server:
        source = f"{server.url('stream')}{query}"
        with watching(source, SECRET, credentials="file:/run/dock") as one:
            assert one.opened().codec == "mjpeg"
        with watching(source, "viewer:wr0ng", credentials="file:/run/dock") as one:
            assert one.failed().kind == "unauthorized"
            assert "wr0ng" not in repr(one.events)


def test_without_the_secret_that_is_asked_for_nothing_is_tried() -> None:
    with mjpeg_server() as server:
        with watching(server.url("stream"), "", credentials="env:NOT_SET") as one:
            assert one.failed().kind == "no-credentials"
            assert one.next(CameraFailed).retry_s is None
        assert server.sent == 0


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("page", "not-a-stream"),
        ("403", "forbidden"),
        ("404", "wrong-path"),
        ("503", "server-error"),
        ("429", "other"),
    ],
)
def test_an_answer_that_is_no_stream_is_told_by_its_kind(path: str, kind: str) -> None:
    with mjpeg_server() as server, watching(server.url(path)) as one:
        assert one.failed().kind == kind


def test_a_proxy_of_the_environment_is_not_asked_for_a_camera() -> None:
    proxy = {"http_proxy": "http://127.0.0.1:1"}
    with mjpeg_server() as server, watching(server.url("stream"), env=proxy) as one:
        assert one.opened().codec == "mjpeg"


def test_pictures_that_are_broken_are_counted() -> None:
    with mjpeg_server(broken={30, 31, 40}) as server, watching(server.url("stream")) as one:
        seconds = one.seconds(2)
        assert sum(each.corrupt for each in seconds) == 3
        assert sum(each.dropped for each in seconds) == 0


def test_a_single_picture_is_looked_at_and_then_over() -> None:
    with mjpeg_server() as server, watching(server.url("image.jpg")) as one:
        opened = one.opened()
        assert (opened.width, opened.height, opened.is_live) == (160, 120, False)
        assert one.failed().kind == "ended"
        assert one.seconds(1)[0].quality is not None
        assert one.next(CameraFailed).retry_s is None


def test_a_stream_that_stalls_is_told_in_time() -> None:
    with mjpeg_server() as server, watching(server.url("stream"), timeout_s=1.0) as one:
        one.seconds(1)
        server.is_stalled.set()
        before_s = time.monotonic()
        assert one.failed().kind == "stalled"
        assert time.monotonic() - before_s < 10.0


def test_a_stream_that_breaks_off_is_closed() -> None:
    with mjpeg_server() as server, watching(server.url("stream"), timeout_s=1.0) as one:
        one.opened()
        server.is_cut.set()
        assert one.failed().kind == "closed"


def test_a_camera_that_restarts_is_tried_again_whatever_it_answers_meanwhile() -> None:
    with mjpeg_server() as server, watching(server.url("stream")) as one:
        one.opened()
        server.restarts.set()
        server.is_cut.set()
        failed = one.next(CameraFailed, 2)
        assert failed.fault.kind == "not-a-stream"
        assert failed.retry_s is not None
    with mjpeg_server() as server, watching(server.url("page")) as one:
        assert one.failed().kind == "not-a-stream"
        assert one.next(CameraFailed).retry_s is None


def test_a_listener_that_never_answers_is_no_answer() -> None:
    for source in ("http://127.0.0.1:{}/x", "rtsp://127.0.0.1:{}/x"):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            before_s = time.monotonic()
            with watching(source.format(port), timeout_s=0.2) as one:
                assert one.failed().kind == "no-answer"
            assert time.monotonic() - before_s < 20.0


def test_a_port_that_nobody_listens_on_and_a_name_that_nobody_knows() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    for source, kind in (
        (f"http://127.0.0.1:{free}/x", "refused"),
        (f"rtsp://127.0.0.1:{free}/x", "refused"),
        ("rtsp://no-such-camera.invalid/x", "unknown-host"),
    ):
        with watching(source) as one:
            assert one.failed().kind == kind
