"""The owner's side of the fault proxy: a way to the service on which faults can be done."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.core.stress.toxics import Toxics
from tui.faults.proxy_lines import (
    ProxyApplied,
    ProxyLine,
    ProxyReady,
    ProxySecond,
    ProxySet,
    ProxySpec,
)
from tui.faults.undo import FaultRefused

PROGRAM = "tui.faults.proxy"
START_S = 20.0
ANSWER_S = 5.0


class Detour:
    """A proxy process before one service. It dies with us, and its faults with it.

    `on_second` is told each second what it did, and None when it has ended; on its reader's
    thread. Start it from a thread that lives as long as it should. Raises FaultRefused.
    """

    def __init__(
        self,
        spec: ProxySpec,
        lifelines: Lifelines,
        *,
        on_second: Callable[[ProxySecond | None], None] = lambda second: None,
        log: Path | None = None,
        deadline_s: float | None = None,
    ) -> None:
        self._lifelines = lifelines
        self._on_second = on_second
        self._heard: queue.SimpleQueue[ProxyReady | ProxyApplied | None] = queue.SimpleQueue()
        self._number = 0
        self._lock = threading.Lock()
        self._has_ended = threading.Event()
        try:
            child = Child(
                "fault proxy",
                PROGRAM,
                spec=msgspec.to_builtins(spec),
                log=log,
                deadline_s=deadline_s,
                on_line=self._hear,
            )
        except OSError as error:
            raise FaultRefused(f"no fault proxy could be started: {error}") from None
        lifelines.adopt(child)
        self._child = child
        ready = self._next(START_S)
        if not isinstance(ready, ProxyReady):
            self.close()
            raise FaultRefused(f"no fault proxy could be started before {spec.host}:{spec.port}")
        self.port = ready.port
        """On 127.0.0.1."""

    @property
    def pid(self) -> int:
        """Of its process."""
        return self._child.pid

    @property
    def ending(self) -> str:
        """How its process ended, in words; empty while it runs."""
        if not self._has_ended.is_set():
            return ""
        status = self._child.returncode or 0
        how = f"killed by signal {-status}" if status < 0 else f"status {status}"
        return f"the fault proxy ended ({how})"

    def set(self, toxics: Toxics, limit_s: float | None = None) -> None:
        """These faults hold when it returns, after `limit_s` at most. Raises FaultRefused."""
        with self._lock:
            if self._has_ended.is_set():
                raise FaultRefused(self.ending)
            self._number += 1
            order = ProxySet(self._number, toxics)
            self._child.order(msgspec.json.encode(order).decode())
            while True:
                heard = self._next(ANSWER_S if limit_s is None else limit_s)
                if heard is None:
                    raise FaultRefused(self.ending or "the fault proxy does not answer")
                if isinstance(heard, ProxyApplied) and heard.number in (self._number, -1):
                    break
        if heard.why:
            raise FaultRefused(f"the fault proxy refused: {heard.why}")

    def kill(self) -> None:
        """End it at once, also while somebody waits for its answer; `close` it all the same."""
        self._child.kill()

    def close(self) -> None:
        """End it; every connection through it is gone."""
        self._lifelines.end(self._child)

    def _next(self, limit_s: float) -> ProxyReady | ProxyApplied | None:
        try:
            return self._heard.get(timeout=limit_s)
        except queue.Empty:
            return None

    def _hear(self, line: Line | None) -> None:
        if line is None:
            self._has_ended.set()
            self._heard.put(None)
            self._on_second(None)
            return
        said: ProxyLine = msgspec.convert(line, ProxyLine)
        if isinstance(said, ProxySecond):
            self._on_second(said)
        else:
            self._heard.put(said)
