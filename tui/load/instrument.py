"""The responder as a child of the driver, and the instrument's floor measured without a run."""

from __future__ import annotations

import queue
import time
from pathlib import Path

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.core.config import Mix
from tui.core.validity import Floor
from tui.load.wire import WorkerSpec

START_S = 2.0
CALIBRATION_S = 4.0
"""A run waits no longer than this for its floor."""
ALONE_S = 20.0
"""Without a run a worker has yet to import Locust."""


class NoFloor(Exception):
    """The instrument could not be calibrated; the text says why."""


class Responder:
    """`tui.load.responder`, from its start to its end."""

    def __init__(self, lifelines: Lifelines, log_dir: Path) -> None:
        self._lifelines = lifelines
        self._words: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        child = Child(
            "responder",
            "tui.load.responder",
            log=log_dir / "workers.log",
            on_line=self._words.put,
        )
        self._child = lifelines.adopt(child)

    def port(self, ends_s: float) -> int:
        """Where it answers. NoFloor when it is not up until that moment."""
        line = _next(self._words, ends_s)
        if line is None:
            raise NoFloor("the responder did not start")
        return int(line["port"])

    def end(self) -> None:
        """No process is left when this returns."""
        self._lifelines.end(self._child)


def calibrate_alone(lifelines: Lifelines, log_dir: Path, client: str) -> Floor:
    """The floor of `FastHttpUser` or `HttpUser` without a target. Raises NoFloor."""
    words: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
    responder = Responder(lifelines, log_dir)
    try:
        port = responder.port(time.monotonic() + START_S)
        child = lifelines.adopt(
            Child(
                "calibration",
                "tui.load.worker",
                spec=msgspec.to_builtins(_spec(client, port)),
                log=log_dir / "workers.log",
                on_line=words.put,
            )
        )
        try:
            line = _next(words, time.monotonic() + ALONE_S)
        finally:
            lifelines.end(child)
    finally:
        responder.end()
    if line is None or "error" in line:
        raise NoFloor(str(line["error"]) if line else "the worker did not answer")
    return msgspec.convert(line["floor"], Floor)


def _spec(client: str, port: int) -> WorkerSpec:
    """A worker that has no run: it calibrates its client and ends."""
    return WorkerSpec(
        name="calibration",
        master_host="",
        master_port=0,
        url=f"http://127.0.0.1:{port}",
        token="",
        verify_tls=True,
        paths=[],
        locustfile="",
        user_classes={client: 1},
        timeout_s=CALIBRATION_S,
        slow_ms=60_000.0,
        mix=Mix(),
        counted=[],
        responder_port=port,
    )


def _next(words: queue.SimpleQueue[Line | None], ends_s: float) -> Line | None:
    try:
        return words.get(timeout=max(ends_s - time.monotonic(), 0.01))
    except queue.Empty:
        return None
