"""Cameras: whether a rate and what is missing are told as they are, and what a preview costs."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tests.bench.lib.machine import machine
from tests.bench.lib.options import parser
from tests.bench.lib.process import children, cpu_s
from tests.bench.lib.table import Table, say
from tests.bench.lib.terminal import Terminal
from tests.bench.lib.workplace import Workplace
from tests.lib import mjpeg_server as mjpeg
from tests.lib import processes
from tests.lib import rtsp_server as rtsp
from tests.lib.watching import measured, watching
from tui.camera.opening import TEST_FPS
from tui.core.camera.pace import MOST_BYTES_S

PLANTED = 20
"""Every so many pictures one is left out."""
AFTER_S = 2
"""The last one that is left out is told with the next that comes."""
TIMEOUT_S = 2.0
NOISE_FPS, NOISE_SIZE, SPOT = 25, (640, 360), 10
"""A spot is as large as a terminal's pixel: finer noise would be one grey there."""
SETTLING_S = 12.0
"""A link is judged picture by picture: so long until its pace is found."""


def main() -> int:
    """Measure and print."""
    given = parser(__doc__).parse_args()
    print(machine())
    table = Table("cameras")
    seconds = 5 if given.quick else 30
    rounds = 1 if given.quick else given.rounds
    for name, wanted_fps, opens in _sources():
        say(f"the rate of {name}, {rounds} times {seconds} s")
        try:
            errors = [_rate_error(opens, wanted_fps, seconds) for _ in range(rounds)]
        except pytest.skip.Exception as why:
            table.skip(f"rate told, off by, {name} (%)", str(why))
            continue
        table.add(f"rate told, off by, {name} (%)", errors, wanted="<= 1")
    say("pictures left out")
    table.add(
        "missing told, of each left out, MJPEG", [_told(seconds) for _ in range(rounds)], wanted="1"
    )
    say("reads of a camera that is frozen")
    try:
        held = [_read_held() for _ in range(rounds)]
        table.add("longest read, in limits", held, wanted="<= 2")
    except pytest.skip.Exception as why:
        table.skip("longest read, in limits", str(why))
    with tempfile.TemporaryDirectory() as place:
        noise = _noise(Path(place) / "noise.avi", seconds + SETTLING_S + 20.0)
        for name, source in (("pattern", "test:"), ("noise", f"file:{noise}")):
            for colours, env in (("256", ()), ("true", ("COLORTERM=truecolor",))):
                say(f"a preview of {name}, 80x24, {colours} colours")
                title = f"80x24, {name}, {colours} colours"
                _add_preview(table, title, [_preview(source, env, seconds) for _ in range(rounds)])
    table.show()
    return 0


def _sources() -> Iterator[tuple[str, float, Callable[[], Any]]]:
    """Their rates, and what looks at one."""
    yield "the pattern", TEST_FPS, lambda: watching("test:")
    yield "MJPEG over HTTP", mjpeg.FPS, _mjpeg
    yield "H.264 over RTSP", rtsp.FPS, _rtsp


@contextmanager
def _mjpeg() -> Iterator[Any]:
    with mjpeg.mjpeg_server() as server, watching(server.url("stream"), fps=mjpeg.FPS) as one:
        yield one


@contextmanager
def _rtsp() -> Iterator[Any]:
    with rtsp.rtsp_server() as server, watching(server.url("h264")) as one:
        yield one


def _rate_error(opens: Callable[[], Any], wanted_fps: float, seconds: int) -> float:
    with opens() as one:
        one.opened()
        return 100 * abs(measured(one.seconds(seconds))[1] / wanted_fps - 1)


def _told(seconds: int) -> float:
    """Missing pictures that were told, for each that was left out."""
    dropped = range(2 * PLANTED, round(seconds * mjpeg.FPS), PLANTED)
    with (
        mjpeg.mjpeg_server(dropped=dropped) as server,
        watching(server.url("stream"), fps=mjpeg.FPS) as one,
    ):
        return sum(each.dropped for each in one.seconds(seconds + AFTER_S)) / len(dropped)


def _read_held() -> float:
    """The longest that a reader waited for a picture before it gave up, in its limits."""
    with rtsp.rtsp_server() as server, watching(server.url("h264"), timeout_s=TIMEOUT_S) as one:
        one.seconds(2)
        processes.freeze(server.pid)
        began_s = time.monotonic()
        one.failed()
        return (time.monotonic() - began_s) / TIMEOUT_S


def _preview(source: str, env: tuple[str, ...], seconds: float) -> tuple[float, float, float]:
    """CPU of the command and of its reader, in % of a core; bytes a second to the terminal."""
    with Workplace("http://127.0.0.1:9") as place:
        words = ["-m", "tui", *place.options, "camera", "preview", source]
        command = ["env", *env, sys.executable, *words]
        with Terminal(command, columns=80, rows=24, env=place.env, reads_screen=False) as terminal:
            time.sleep(SETTLING_S)
            [reader] = children(terminal.pid)
            began_s, sent = time.monotonic(), terminal.received_bytes
            before = [cpu_s(pid) for pid in (terminal.pid, reader)]
            time.sleep(seconds)
            over_s = time.monotonic() - began_s
            after = [cpu_s(pid) for pid in (terminal.pid, reader)]
            own, reads = (100 * (b - a) / over_s for a, b in zip(before, after, strict=True))
            return own, reads, (terminal.received_bytes - sent) / over_s


def _add_preview(table: Table, title: str, costs: list[tuple[float, float, float]]) -> None:
    own, reader, rate = zip(*costs, strict=True)
    table.add(f"preview, CPU of its own, {title} (% of a core)", own, wanted="<= 15")
    table.add(f"preview, CPU of its reader, {title} (% of a core)", reader)
    most = f"<= {MOST_BYTES_S / 1000:g}"
    table.add(f"preview, sent, {title} (KB/s)", [each / 1000 for each in rate], wanted=most)


def _noise(path: Path, seconds: float) -> Path:
    """Spots of any colour, all others in each picture: the most that there is to send."""
    dice = np.random.default_rng(1)
    width, height = NOISE_SIZE
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mjpeg", rate=NOISE_FPS)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        stream.time_base = Fraction(1, NOISE_FPS)
        for number in range(round(seconds * NOISE_FPS)):
            spots = dice.integers(0, 256, (height // SPOT, width // SPOT, 3), np.uint8)
            frame = VideoFrame.from_ndarray(spots.repeat(SPOT, 0).repeat(SPOT, 1), format="rgb24")
            picture = frame.reformat(format="yuvj420p")
            picture.pts = number
            file.mux(stream.encode(picture))
        file.mux(stream.encode(None))
    return path


if __name__ == "__main__":
    sys.exit(main())
