"""A CSI camera: GStreamer takes its pictures from Argus and hands them over through a pipe."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import threading
from collections import deque
from fractions import Fraction
from select import select
from typing import IO

from tui.camera.errors import NoCamera
from tui.core.camera.camera import Camera
from tui.core.camera.faults import CameraFault, FaultKind

PROGRAM = "gst-launch-1.0"
PIPE_BYTES = 1 << 20
"""Raw pictures go through it: a few large reads instead of thousands."""
END_S = 3.0
"""A client that is killed leaves Argus's daemon in a bad state: it is asked first."""
HEARD_LINES = 50
HEARD_S = 0.5
_PR_SET_PDEATHSIG = 1
_TICK = os.sysconf("SC_CLK_TCK")
_CAUSES: tuple[tuple[str, FaultKind], ...] = (
    ("no element", "no-gstreamer"),
    ("nvargus-daemon", "argus"),
    ("camera provider", "argus"),
    ("cameraprovider", "argus"),
    ("no cameras available", "missing"),
    ("invalid camera device", "missing"),
    ("capturesession", "argus"),
    ("can't handle caps", "wrong-mode"),
    ("could not link", "wrong-mode"),
    ("not-negotiated", "wrong-mode"),
    ("(argus) error", "argus"),
    ("no such file or directory", "missing"),
    ("device or resource busy", "busy"),
    ("error: from element /gstpipeline:pipeline0/gstnvargus", "argus"),
)
"""What GStreamer and Argus say, in small letters, and what it means; the first that is found. What
Argus says of itself ends in the system's words, which are those of its daemon's socket."""
_LIBC = ctypes.CDLL(None)


def sensor_words(camera: Camera) -> tuple[str, ...]:
    """The pipeline from a CSI sensor to raw pictures in ordinary memory."""
    caps = ["video/x-raw(memory:NVMM)"]
    if camera.width and camera.height:
        caps += [f"width={camera.width}", f"height={camera.height}"]
    if camera.fps:
        rate = Fraction(camera.fps).limit_denominator(1001)
        caps += [f"framerate={rate.numerator}/{rate.denominator}"]
    sensor = f"sensor-id={camera.source.where}"
    convert = ("nvvidconv", "!", "video/x-raw,format=I420")
    return ("nvarguscamerasrc", sensor, "!", ",".join(caps), "!", *convert)


class Pipeline:
    """A GStreamer process and the pipe that its pictures come through.

    A file for FFmpeg: `read` hands out nothing once `limit_s` went by without a byte, and then for
    ever, for FFmpeg asks again. Raises NoCamera where GStreamer is not installed.
    """

    def __init__(self, words: tuple[str, ...], limit_s: float) -> None:
        self._limit_s = limit_s
        self._is_over = False
        self._end_lock = threading.Lock()
        self._pictures, ours = os.pipe()
        with contextlib.suppress(OSError):
            fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        container = ("!", "matroskamux", "streamable=true", "!", "fdsink", f"fd={ours}")
        try:
            self._process = subprocess.Popen(
                [PROGRAM, "-q", *words, *container, "sync=false"],
                stdin=subprocess.DEVNULL,
                # Argus tells its sensor's modes on standard output: pictures have a pipe of theirs.
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(ours,),
                # Where its reader is gone a write fails, and it gives the sensor back.
                restore_signals=False,
                preexec_fn=_follow_parent,
            )
        except OSError as error:
            os.close(self._pictures)
            raise NoCamera("no-gstreamer", f"{PROGRAM}: {error.strerror}") from None
        finally:
            os.close(ours)
        self._heard: deque[str] = deque(maxlen=HEARD_LINES)
        assert self._process.stdout is not None
        self._listener = threading.Thread(
            target=self._listen, args=(self._process.stdout,), daemon=True
        )
        self._listener.start()

    def read(self, size: int) -> bytes:
        """As a file does; nothing at its end."""
        if self._is_over or not select([self._pictures], [], [], self._limit_s)[0]:
            self._is_over = True
            return b""
        return os.read(self._pictures, size)

    def fault(self) -> CameraFault:
        """Why no more pictures come, by what it said and did."""
        self._listener.join(HEARD_S)
        heard = list(self._heard)
        for mark, kind in _CAUSES:
            for line in heard:
                if mark in line.lower():
                    return CameraFault(kind, line)
        status = self._process.poll()
        if status is None:
            return CameraFault("stalled")
        return CameraFault("other", heard[-1]) if status > 0 and heard else CameraFault("closed")

    def cpu_s(self) -> float:
        """What it has used so far, in seconds of one core; 0 once it has ended."""
        try:
            with open(f"/proc/{self._process.pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICK

    def end(self) -> None:
        """Have it give the sensor back; killed when it does not. From any thread, and again."""
        with self._end_lock:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(END_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _listen(self, lines: IO[bytes]) -> None:
        with lines:
            for raw in lines:
                line = raw.decode(errors="replace").strip()
                if line:
                    self._heard.append(line)


def _follow_parent() -> None:
    # The parent's signal handling would be kept: it ignores what is sent to end it politely.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
