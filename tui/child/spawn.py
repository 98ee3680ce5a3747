"""Starts our own programs as fresh interpreters and keeps their lifelines alive."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tui.child.lifeline import OWNER_VARIABLE

BEAT_S = 1.0
STUCK_S = 5.0
"""A process that was killed and is not gone after this is left to the kernel."""
MAX_LOG_BYTES = 5_000_000

Line = dict[str, Any]


class Child:
    """One program of ours: JSON lines come from it, one spec line and a lifeline go to it.

    Start it from a thread that lives as long as it does: the kernel's death signal follows the
    thread, not the process. `on_line` is called on a reader thread; the last call is `None`,
    after which `returncode` is set. `python` is another interpreter, which need not know our
    packages: it gets the module's file. `env` is added to our own environment, or is all of it.
    Raises OSError when it can't be run.
    """

    def __init__(
        self,
        name: str,
        module: str,
        *args: str,
        python: str = "",
        spec: Line | None = None,
        env: Mapping[str, str] | None = None,
        is_whole_env: bool = False,
        log: Path | None = None,
        deadline_s: float | None = None,
        on_line: Callable[[Line | None], None],
    ) -> None:
        self.name = name
        self._on_line = on_line
        inherited = {} if is_whole_env else os.environ
        environment = {**inherited, **(env or {}), OWNER_VARIABLE: str(os.getpid())}
        if log is not None and log.exists() and log.stat().st_size > MAX_LOG_BYTES:
            log.replace(log.with_suffix(".old"))
        with open(log, "ab") if log else open(os.devnull, "wb") as stderr:
            self._process = subprocess.Popen(
                [*_program(python, module), *args],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=environment,
                # The terminal's ctrl-c must reach the owner alone.
                start_new_session=True,
            )
        self.pid = self._process.pid
        self._lock = threading.Lock()
        if spec is not None:
            self._write(json.dumps(spec))
        if deadline_s is not None:
            self.extend(deadline_s)
        self._reader = threading.Thread(target=self._read, name=f"{name}-lines", daemon=True)
        self._reader.start()

    @property
    def returncode(self) -> int | None:
        """None while it runs; negative is the signal that ended it."""
        return self._process.poll()

    def beat(self) -> None:
        """Say that the owner is well."""
        self._write("")

    def extend(self, deadline_s: float) -> None:
        """It ends itself this many seconds from now, whatever else happens."""
        self._write(f"deadline {deadline_s:.3f}")

    def order(self, line: str) -> None:
        """One line for what the child gave to `hold(on_order=…)`."""
        self._write(line)

    def end(self, grace_s: float = 1.0) -> int:
        """Close the lifeline, wait, then kill. Returns the exit status.

        No process is left, but one that is stuck in the kernel.
        """
        with contextlib.suppress(OSError), self._lock:
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            try:
                self._process.wait(STUCK_S)
            except subprocess.TimeoutExpired:
                # Asleep in the kernel, on a dead disk for example: no signal reaches it there.
                return -signal.SIGKILL
        self._reader.join(1.0)
        return self._process.returncode

    def leave(self, grace_s: float) -> int:
        """Ask it to tidy up and go (SIGTERM); when the grace is over, `end` it."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace_s)
        return self.end()

    def kill(self) -> None:
        """End it at once, without a grace."""
        self._process.kill()

    def _write(self, line: str) -> None:
        # A child that has just died is noticed by its reader, not here.
        with contextlib.suppress(OSError, ValueError), self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for raw in lines:
                try:
                    line = json.loads(raw)
                except ValueError:
                    continue  # a print() of user code is not ours to judge
                if isinstance(line, dict):
                    self._on_line(line)
        self._process.wait()
        self._on_line(None)


def _program(python: str, module: str) -> list[str]:
    if not python:
        return [sys.executable, "-m", module]
    found = find_spec(module)
    assert found is not None, module
    assert found.origin is not None, module
    return [python, found.origin]


class Lifelines:
    """Beats for all children of this process from one thread; ends them together."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lifelines", daemon=True)
        self._thread.start()

    def adopt(self, child: Child) -> Child:
        """Beat for it from now on."""
        with self._lock:
            self._children.append(child)
        return child

    def end(self, child: Child, grace_s: float = 1.0) -> int:
        """End one child and forget it."""
        self._forget(child)
        return child.end(grace_s)

    def leave(self, child: Child, grace_s: float = 3.0) -> int:
        """Let one child tidy up and go, and forget it."""
        status = child.leave(grace_s)
        self._forget(child)
        return status

    def close(self) -> None:
        """End every child; the thread stops."""
        with self._lock:
            children, self._children = self._children, []
        for child in children:
            child.end()
        self._stopping.set()
        self._thread.join()

    def _forget(self, child: Child) -> None:
        with self._lock:
            if child in self._children:
                self._children.remove(child)

    def _beat(self) -> None:
        while not self._stopping.wait(BEAT_S):
            with self._lock:
                children = list(self._children)
            for child in children:
                child.beat()
