"""A program in a pseudo-terminal of its own, drained as fast as it writes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

from tests.bench.lib.screen import Screen

_SEEN_BYTES = 4096


class Terminal:
    """Starts it at once; `close` ends it. Times are those of `time.monotonic`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 36,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        reads_screen: bool = True,
    ) -> None:
        self.screen = Screen(columns, rows)
        self.received_bytes = 0
        self._reads_screen = reads_screen
        self._changed = threading.Condition()
        self._marker = b""
        self._tail = b""
        self._marker_at_s: float | None = None
        self._lead, follow = os.openpty()
        fcntl.ioctl(follow, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})}
        for name in ("COLUMNS", "LINES", "NO_COLOR", "COLORTERM"):
            environment.pop(name, None)
        self.started_s = time.monotonic()
        self._process = subprocess.Popen(
            command,
            stdin=follow,
            stdout=follow,
            stderr=follow,
            env=environment,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,
        )
        os.close(follow)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._drain, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def has_ended(self) -> bool:
        """Whether the program is gone."""
        return self._process.poll() is not None

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._lead, keys.encode())

    def await_text(self, text: str, timeout_s: float = 30.0) -> float:
        """When the screen first showed it, by the moment that its bytes came."""
        ends_s = time.monotonic() + timeout_s
        with self._changed:
            while text not in self.screen.text():
                left_s = ends_s - time.monotonic()
                if left_s <= 0 or (self.has_ended and not self._reader.is_alive()):
                    what = f"the screen never showed {text!r}; it shows:\n{self.screen.text()}"
                    raise TimeoutError(what)
                self._changed.wait(min(left_s, 0.5))
            return self._last_s

    def press(self, keys: str, marker: str, timeout_s: float = 2.0) -> float | None:
        """Seconds from the key to the bytes that hold `marker`; None when they never came."""
        with self._changed:
            self._marker, self._tail, self._marker_at_s = marker.encode(), b"", None
            pressed_s = time.monotonic()
            os.write(self._lead, keys.encode())
            ends_s = pressed_s + timeout_s
            while self._marker_at_s is None and time.monotonic() < ends_s:
                self._changed.wait(ends_s - time.monotonic())
            self._marker = b""
            return None if self._marker_at_s is None else self._marker_at_s - pressed_s

    def wait(self, timeout_s: float) -> int | None:
        """Its exit status; None when it is still there."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout_s)
        return None

    def close(self) -> None:
        """End it if it did not end by itself."""
        for number, grace_s in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
            if self.wait(0.0) is None:
                self._process.send_signal(number)
                self.wait(grace_s)
        if self._lead >= 0:
            self._reader.join(2.0)
            os.close(self._lead)
            self._lead = -1

    def _drain(self) -> None:
        while True:
            try:
                data = os.read(self._lead, 65536)
            except OSError:  # EIO: nobody holds the other end any more
                data = b""
            at_s = time.monotonic()
            with self._changed:
                self.received_bytes += len(data)
                self._last_s = at_s
                if self._marker:
                    self._tail = (self._tail + data)[-_SEEN_BYTES - len(data) :]
                    if self._marker in self._tail and self._marker_at_s is None:
                        self._marker_at_s = at_s
                if self._reads_screen:
                    self.screen.feed(data)
                self._changed.notify_all()
            if not data:
                return
