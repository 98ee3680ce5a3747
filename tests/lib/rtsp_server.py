"""A real RTSP server for tests: GStreamer's, as a process that can be frozen and killed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
"""The system's: GStreamer's packages are bound to no other."""
PROGRAM = Path(__file__).with_name("rtsp_program.py")
FPS = 25.0
REASON = "needs python3-gi, gir1.2-gst-rtsp-server-1.0, gstreamer1.0-plugins-{base,good,ugly}"
_NEEDED = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst;"
    "Gst.init(None); assert Gst.ElementFactory.find('x264enc')"
)


class RtspServer:
    """Where it listens, and what it runs as."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port

    def url(self, path: str) -> str:
        """`h264`, `rare` (a keyframe in 20 s), `mjpeg`, `both` (with sound), `sound`, `broken`."""
        return f"rtsp://127.0.0.1:{self.port}/{path}"


@contextmanager
def rtsp_server(user: str = "", password: str = "") -> Iterator[RtspServer]:
    """A server that runs; with a user it wants digest authentication."""
    if not _is_there():
        pytest.skip(REASON)
    words = [user, password] if user else []
    with subprocess.Popen(
        [PYTHON, str(PROGRAM), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield RtspServer(process.pid, int(process.stdout.readline()))
        finally:
            process.kill()


@cache
def _is_there() -> bool:
    try:
        done = subprocess.run([PYTHON, "-c", _NEEDED], capture_output=True, timeout=30, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0
