"""Where pictures come from, as people write it."""

from __future__ import annotations

import re

import pytest

from tui.core.camera.source import parse_source


@pytest.mark.parametrize(
    ("text", "kind", "where", "shown"),
    [
        ("test:", "test", "", "test:"),
        ("/dev/video0", "v4l2", "/dev/video0", "v4l2:/dev/video0"),
        ("v4l2:/dev/video12", "v4l2", "/dev/video12", "v4l2:/dev/video12"),
        (
            "v4l2:/dev/v4l/by-id/usb-046d_C920-video-index0",
            "v4l2",
            "/dev/v4l/by-id/usb-046d_C920-video-index0",
            "v4l2:/dev/v4l/by-id/usb-046d_C920-video-index0",
        ),
        ("csi:0", "csi", "0", "csi:0"),
        ("csi:007", "csi", "7", "csi:7"),
        ("rtsp://h/live", "rtsp", "rtsp://h/live", "rtsp://h/live"),
        ("rtsps://h:322/live", "rtsp", "rtsps://h:322/live", "rtsps://h:322/live"),
        ("https://h/mjpeg?x=1", "http", "https://h/mjpeg?x=1", "https://h/mjpeg?x=1"),
        ("file:a b.mkv", "file", "a b.mkv", "file:a b.mkv"),
        ("file:./at 12:00.mkv", "file", "./at 12:00.mkv", "file:./at 12:00.mkv"),
        ("file:/srv/12:00.mkv", "file", "/srv/12:00.mkv", "file:/srv/12:00.mkv"),
    ],
)
def test_a_source_is_read_and_shown(text: str, kind: str, where: str, shown: str) -> None:
    found = parse_source(text)
    assert (found.kind, found.where, found.text) == (kind, where, shown)
    assert parse_source(found.text) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is no source"),
        ("dock", "is no source"),
        ("v4l2:/dev/null", "is no video device"),
        ("v4l2:/dev/video0/../mem", "is no video device"),
        ("csi:", '"csi:0" to "csi:15"'),
        ("csi:16", '"csi:0" to "csi:15"'),
        ("csi:-1", '"csi:0" to "csi:15"'),
        ("csi:²", '"csi:0" to "csi:15"'),
        ("rtsp:/h/live", "names no host"),
        ("rtsp://", "names no host"),
        ("rtsp://h:99999/x", "is not a URL"),
        ("rtsp://h:0/x", "1 to 65535"),
        ("rtsp://h/a b", "no spaces"),
        ("rtsp://h/a\x1b[0m", "control characters"),
        ("file:", "needs its path"),
        ("test:x", "alone"),
        ("ftp://h/x", "unknown kind of source"),
        ("http://h/x?pwd=hunter2", "pwd={password}"),
        ("http://h/x?Token=hunter2", "Token={password}"),
        ("rtsp://hunter2@h/x", "credentials"),
        ("rtsp://admin:hunter2@h/x", "credentials"),
        ("rtsp://admin:hunter2@h:99999/x", "is not a URL"),
        ("rtsp:/h/x?password=hunter2", "names no host"),
        ("rtsp://h:99999/user=admin_password=hunter2", "is not a URL"),
        ("rtsp://{password}.h/x", "in the name of a host"),
        ("file:http://admin:hunter2@h/x", "not a URL"),
        ("file:rtsp://h/x?pwd=hunter2", "not a URL"),
        ("file:pipe:0", "not a URL"),
        ("file:concat:a.ts|b.ts", "not a URL"),
        ("file:subfile,,start,0,end,0,,:hunter2.mkv", "not a URL"),
    ],
)
def test_a_mistake_is_told_in_one_line_without_a_secret(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)) as raised:
        parse_source(text)
    assert "\n" not in str(raised.value)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "behind",
    [
        "/user=admin&password=hunter2&channel=1.sdp",
        "/user=admin_password=hunter2_channel=1_stream=0.sdp",
        "/x?loginuse=admin&loginpas=hunter2",
        "/x?access_token=hunter2",
        "/x?api_key=hunter2",
        "/x?AUTH=hunter2",
        "/x;password=hunter2",
        "/x#password=hunter2",
        "?password=hunter2/x",
        "/x?p%61ssword=hunter2",
        "/x?src=rtsp://admin:hunter2@10.0.0.9/live",
        "/x?password={password}hunter2",
    ],
)
def test_a_secret_behind_the_host_is_refused_wherever_it_stands(behind: str) -> None:
    with pytest.raises(ValueError, match="ends up in logs") as raised:
        parse_source(f"rtsp://h{behind}")
    assert "{password}" in str(raised.value)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("behind", "has_places"),
    [
        ("/cgi?user={user}&pwd={password}", True),
        ("/user={user}_password={password}_channel=1.sdp", True),
        ("/{user}/{password}/live", True),
        # Without a password: there is none to hide.
        ("/user=admin&password=&channel=1.sdp", False),
        ("/user=admin_password=_channel=1_stream=0.sdp?real_stream", False),
        ("/x?keyframe=10", False),
        ("/cam/realmonitor?channel=1&subtype=0", False),
    ],
)
def test_a_place_for_credentials_is_no_secret(behind: str, has_places: bool) -> None:
    found = parse_source(f"http://h{behind}")
    assert found.where == f"http://h{behind}"
    assert found.has_places == has_places


@pytest.mark.parametrize(
    ("text", "label", "host"),
    [
        ("test:", "simulated", ""),
        ("file:a.mkv", "replay", ""),
        ("csi:0", "", ""),
        ("rtsp://dock3.example:8554/x", "", "dock3.example"),
        ("http://[fd12::1]/x", "", "fd12::1"),
    ],
)
def test_what_no_camera_takes_is_labelled(text: str, label: str, host: str) -> None:
    found = parse_source(text)
    assert (found.label, found.is_real, found.host) == (label, not label, host)
