"""What the jtop service knows, through a feed in a process of its own (`jtop_feed`)."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from tui.board.merge import STALE_S
from tui.board.source import Readings
from tui.child.spawn import BEAT_S, Child, Line
from tui.core.events import Reading

SOURCE = "jtop"
FEED = "tui.board.jtop_feed"
SOCKET = Path("/run/jtop.sock")
UNIT = Path("/etc/systemd/system/jtop.service")
SCRIPTS = (Path("/usr/local/bin/jtop"), Path("/usr/bin/jtop"))
"""What the service's unit runs; its first line names the interpreter."""

LOOK_S = 2.0
"""How often a socket that is absent or closed to us is looked for."""
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 15.0
START_S = 10.0
"""A board under load may take seconds to start an interpreter; the feed gives up before that."""
HUNG_S = 4.0
"""Older than stale: a service that is only slow delivers again, a fresh feed would cost more."""

NOT_INSTALLED = "no jtop service here: sudo jtop --install-service"
NOT_RUNNING = "no jtop service runs here: sudo systemctl start jtop"
NO_ACCESS = "jtop refuses access: sudo usermod -aG jtop $USER, then log in again"


class FeedLine(msgspec.Struct):
    """Any line of the feed; one that says other things is none."""

    state: str = ""
    why: str = ""
    at_s: float = 0.0
    gauges: dict[str, dict[str, float | str | None]] = {}
    gpu_processes: dict[int, float] = {}


class _Told(msgspec.Struct, frozen=True):
    """One tick: the readings, when the service began to read them, and the GPU's memory by pid."""

    at_s: float
    readings: Readings
    gpu_processes: dict[int, float]


class _Attempt:
    """One feed, from its start to its end."""

    def __init__(self, started_s: float) -> None:
        self.started_s = started_s
        self.child: Child | None = None
        self.is_over = False
        self.heard_s: float | None = None
        """When its last line of gauges came."""
        self.state = ""
        self.why = ""


class JtopSource:
    """A source. Its thread starts, beats for and ends the feeds; `read` only looks.

    `python` runs the feed; without it ours does, and where its jetson-stats does not fit the
    service, the interpreter that `scripts` name: the service's own.
    """

    name = SOURCE

    def __init__(
        self,
        python: str = "",
        *,
        socket: Path = SOCKET,
        scripts: Sequence[Path] = SCRIPTS,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._python = python or sys.executable
        self._spare = service_python(scripts)
        self._socket = socket
        self._monotonic = monotonic
        self._wall = wall
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._began_s = 0.0
        self._told: _Told | None = None
        self._trouble = ""
        self._retry_s = 0.0
        self._tried: tuple[int, int] | None = None
        """Which socket was there at the last start; another one is another service."""
        self._wait_s = FIRST_WAIT_S

    @property
    def python(self) -> str:
        """The interpreter that runs the feed now."""
        return self._python

    @property
    def gpu_processes(self) -> dict[int, float]:
        """MiB of GPU memory by process; empty when jtop does not say so now."""
        told = self._fresh()
        return dict(told.gpu_processes) if told else {}

    def read(self) -> Readings:
        """What the feed said last, while that is fresh. Never waits."""
        if self._thread is None:
            self._began_s = self._monotonic()
            # The kernel's death signal follows the thread that starts the feed: it has to stay.
            self._thread = threading.Thread(target=self._keep, name="jtop", daemon=True)
            self._thread.start()
        told = self._fresh()
        if told is None:
            return {}
        age_s = max(0.0, self._monotonic() - told.at_s)
        return {name: replace(reading, age_s=age_s) for name, reading in told.readings.items()}

    def trouble(self) -> str:
        """Why there are no readings now, and since when; empty when there are some."""
        if self._thread is None or self._fresh():
            return ""
        with self._lock:
            said, told = self._trouble, self._told
        if said:
            return said
        now_s = self._monotonic()
        if told is None:
            # Nothing yet is no trouble yet: it has only just been started.
            is_late = now_s - self._began_s > HUNG_S
            return f"jtop has not answered since {self._clock(self._began_s)}" if is_late else ""
        return f"jtop hangs since {self._clock(told.at_s)}"

    def close(self) -> None:
        """End the feed and the thread."""
        self._closing = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._told = None

    def _fresh(self) -> _Told | None:
        with self._lock:
            told, trouble = self._told, self._trouble
        # Values of a feed that is lost are not shown to their last moment.
        if told is None or trouble or self._monotonic() - told.at_s > STALE_S:
            return None
        return told

    def _clock(self, at_s: float) -> str:
        ago = timedelta(seconds=self._monotonic() - at_s)
        return (self._wall() - ago).strftime("%H:%M:%S")

    def _keep(self) -> None:
        attempt: _Attempt | None = None
        while not self._closing:
            now_s = self._monotonic()
            if attempt is None:
                if now_s >= self._retry_s or self._identity() != self._tried:
                    attempt = self._begin(now_s)
            elif attempt.is_over or self._hangs(attempt, now_s):
                self._finish(attempt, now_s)
                attempt = None
            elif attempt.child is not None:
                attempt.child.beat()
            if self._wake.wait(BEAT_S):
                self._wake.clear()
        if attempt is not None and attempt.child is not None:
            attempt.child.end()

    def _begin(self, now_s: float) -> _Attempt | None:
        self._tried = self._identity()
        absent = self._out_of_reach()
        if absent:
            self._say(absent)
            self._retry_s = now_s + LOOK_S
            return None
        attempt = _Attempt(now_s)
        try:
            attempt.child = Child(
                "jtop",
                FEED,
                python=self._python,
                on_line=lambda line: self._hear(attempt, line),
            )
        except OSError as error:
            self._say(f"jtop can't be read: {self._python}: {error.strerror}")
            self._retry_s = now_s + self._wait()
            return None
        return attempt

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._socket.stat()
        except OSError:
            return None
        return found.st_ino, found.st_ctime_ns

    def _out_of_reach(self) -> str:
        # Never by a connection: one that is closed before it has said its key ends the service's
        # thread that takes connections.
        if not self._socket.exists():
            if self._told is not None:
                return self._stopped("sudo systemctl restart jtop")
            return NOT_RUNNING if UNIT.exists() else NOT_INSTALLED
        # To start an interpreter only to be refused would cost the board more than to ask here.
        return "" if os.access(self._socket, os.W_OK) else NO_ACCESS

    def _hangs(self, attempt: _Attempt, now_s: float) -> bool:
        if attempt.heard_s is None:
            return now_s - attempt.started_s > START_S
        return now_s - attempt.heard_s > HUNG_S

    def _finish(self, attempt: _Attempt, now_s: float) -> None:
        if attempt.child is not None:
            attempt.child.end(0.0 if not attempt.is_over else 1.0)
        self._say(self._words(attempt))
        if attempt.state in ("mismatch", "no-client") and self._spare:
            self._python, self._spare = self._spare, self._python
        self._retry_s = now_s + self._wait()

    def _words(self, attempt: _Attempt) -> str:
        is_first = attempt.state == "no-service" and self._told is None
        if is_first or attempt.state in ("mismatch", "no-client", "slow"):
            return f"jtop can't be read: {attempt.why}"
        if attempt.state == "refused":
            return f"jtop refuses access: {attempt.why}"
        if not attempt.is_over or attempt.state == "silent":
            return f"jtop hangs since {self._since()}" + (f": {attempt.why}" if attempt.why else "")
        return self._stopped(attempt.why)

    def _stopped(self, why: str) -> str:
        return f"jtop stopped {self._since()}" + (f": {why}" if why else "")

    def _since(self) -> str:
        return self._clock(self._told.at_s if self._told else self._began_s)

    def _wait(self) -> float:
        wait_s, self._wait_s = self._wait_s, min(self._wait_s * 2, LONGEST_WAIT_S)
        return wait_s

    def _say(self, trouble: str) -> None:
        with self._lock:
            self._trouble = trouble

    def _hear(self, attempt: _Attempt, raw: Line | None) -> None:
        """On the child's reader thread."""
        if raw is None:
            attempt.is_over = True
            self._wake.set()
            return
        try:
            line = msgspec.convert(raw, FeedLine, str_keys=True)
            readings = {
                name: msgspec.convert({**gauge, "source": SOURCE}, Reading)
                for name, gauge in line.gauges.items()
            }
        except msgspec.ValidationError:
            return  # whatever the library printed
        if line.state:
            attempt.state, attempt.why = line.state, line.why
        elif readings:
            attempt.heard_s = self._monotonic()
            with self._lock:
                self._told = _Told(line.at_s, readings, line.gpu_processes)
                self._wait_s = FIRST_WAIT_S
                self._trouble = ""


def service_python(scripts: Sequence[Path]) -> str:
    """The interpreter of the jtop service, by the first line of its program; empty: not found."""
    found = shutil.which("jtop")
    for script in [*scripts, *([Path(found)] if found else [])]:
        with contextlib.suppress(OSError, ValueError):
            with script.open(errors="replace") as lines:
                words = shlex.split(lines.readline(4096).removeprefix("#!"))
            if words and Path(words[0]).name == "env":
                words = [shutil.which(words[-1]) or ""]
            if words and os.access(words[0], os.X_OK) and Path(words[0]).name != "sh":
                return words[0] if words[0] != sys.executable else ""
    return ""
