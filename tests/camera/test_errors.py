from __future__ import annotations

import errno
from pathlib import Path

import av
import pytest
from av.error import FFmpegError

from tui.camera.errors import Moment, NoCamera, fault_of
from tui.camera.secrecy import Scrubber, with_secret
from tui.core.camera.faults import FaultKind
from tui.core.camera.source import Source

SCRUB = Scrubber("")
DEVICE = Source("v4l2", "/dev/null")


def raised_by(file: str, format: str | None = None) -> FFmpegError:
    """What FFmpeg really raises."""
    with pytest.raises(FFmpegError) as caught:
        av.open(file, format=format)
    return caught.value


def test_a_node_that_is_no_camera() -> None:
    error = raised_by("/dev/null", format="v4l2")
    assert fault_of(error, DEVICE, "opening", SCRUB).kind == "not-a-camera"


def test_a_device_that_is_not_there() -> None:
    error = raised_by("/dev/video199", format="v4l2")
    assert fault_of(error, Source("v4l2", "/dev/video199"), "opening", SCRUB).kind == "missing"


def test_a_file_that_may_not_be_read_and_one_that_is_no_video(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no video\n" * 100)
    error = raised_by(str(tmp_path / "text"))
    assert fault_of(error, Source("file", "text"), "opening", SCRUB).kind == "not-a-stream"
    assert fault_of(PermissionError(13, "Permission denied"), Source("file", "x"), "opening", SCRUB)


@pytest.mark.parametrize(
    ("number", "moment", "kind"),
    [
        (errno.EACCES, "opening", "no-permission"),
        (errno.EBUSY, "opening", "busy"),
        (errno.EINVAL, "opening", "wrong-mode"),
        (errno.ENXIO, "opening", "missing"),
        (errno.ENODEV, "opening", "not-a-camera"),
        (errno.ENODEV, "reading", "unplugged"),
        (errno.EIO, "reading", "other"),
    ],
)
def test_a_devices_errors_by_number(number: int, moment: Moment, kind: FaultKind) -> None:
    error = OSError(number, "the system's words")
    fault = fault_of(error, DEVICE, moment, SCRUB)
    assert (fault.kind, fault.detail) == (kind, "the system's words")


@pytest.mark.parametrize(
    ("number", "moment", "kind"),
    [
        (errno.ENETUNREACH, "opening", "unreachable"),
        (errno.EHOSTUNREACH, "opening", "unreachable"),
        (errno.ETIMEDOUT, "opening", "no-answer"),
        (errno.ETIMEDOUT, "reading", "stalled"),
        (errno.ECONNRESET, "reading", "closed"),
        (errno.EIO, "reading", "closed"),
        (errno.EIO, "opening", "other"),
    ],
)
def test_a_networks_errors_by_number(number: int, moment: Moment, kind: FaultKind) -> None:
    source = Source("rtsp", "rtsp://dock/h264")
    assert fault_of(OSError(number, "words"), source, moment, SCRUB).kind == kind


def test_a_fault_that_is_known_keeps_its_kind_and_loses_its_secret() -> None:
    scrub = Scrubber("admin:h4rd")
    fault = fault_of(NoCamera("argus", "said h4rd things"), DEVICE, "opening", scrub)
    assert (fault.kind, fault.detail) == ("argus", "said *** things")


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://admin:p%40ss%3Aw%2Ford@dock/x is gone",
        "rtsp://admin:p%40ss%3aw%2ford@dock/x is gone",
        "rtsp://other:password@dock/x",
        "wrong password p@ss:w/ord for admin",
        "Authorization: Basic YWRtaW46cEBzczp3L29yZA==",
        "GET /?user=admin&pwd=p%40ss%3Aw%2Ford",
        "admin:p@ss:w/ord",
    ],
)
def test_no_form_of_a_secret_is_told(text: str) -> None:
    told = Scrubber("admin:p@ss:w/ord")(text)
    for form in ("p@ss", "p%40ss", "ss%3", "password@", "YWRtaW4", "w/ord"):
        assert form not in told
    assert "***" in told


def test_a_text_is_one_bounded_line_that_moves_no_cursor() -> None:
    told = Scrubber("")("\x1b[2Jgone\r\n" + "x" * 1000)
    assert told.isprintable()
    assert len(told) == 200


def test_a_secret_goes_where_the_camera_looks_for_it() -> None:
    assert (
        with_secret("rtsp://[::1]:8554/x", "a b:p@ss:1") == "rtsp://a%20b:p%40ss%3A1@[::1]:8554/x"
    )
    url = "http://dock/snap?u={user}&p={password}"
    assert with_secret(url, "admin:p&q") == "http://dock/snap?u=admin&p=p%26q"
    assert with_secret(url, "") == url
