"""Starts the measuring process, and passes on what it tells."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec

from tui.child.spawn import Child, Lifelines, Line
from tui.core.events import StorageEnded
from tui.ports import Emit, StorageJob
from tui.stress.objects.spec import ObjectsSpec, Told

MODULE = "tui.stress.objects.program"
SPARE_S = 120.0
"""For opening and cleaning up: it outlives its longest end by no more, whatever happens."""


class ObjectsBench:
    """Implements `ports.StorageBench`."""

    def __init__(self, lifelines: Lifelines, log_dir: Path) -> None:
        self._lifelines = lifelines
        self._log_dir = log_dir

    def begin(self, job: StorageJob, tell: Emit) -> ObjectsWatch:
        spec = ObjectsSpec(
            plan=job.plan,
            settings=job.settings,
            run_id=job.run_id,
            directory=job.directory,
            allowed_bytes=job.allowed_bytes,
            access_key=job.access_key,
            secret_key=job.secret_key,
        )
        watch = ObjectsWatch(self._lifelines, tell)
        try:
            child = Child(
                "storage-bench",
                MODULE,
                spec=msgspec.to_builtins(spec),
                log=self._log_dir / "storage-bench.log",
                deadline_s=spec.longest_s + SPARE_S,
                on_line=watch.hear,
            )
        except OSError as error:
            tell(StorageEnded(why=(error.strerror or str(error)).lower()))
            return watch
        watch.own(self._lifelines.adopt(child))
        return watch


class ObjectsWatch:
    """Implements `ports.StorageWatch`."""

    def __init__(self, lifelines: Lifelines, tell: Emit) -> None:
        self._lifelines = lifelines
        self._tell = tell
        self._child: Child | None = None
        self._lock = threading.Lock()
        self._is_over = False

    def own(self, child: Child) -> None:
        """The process that was started."""
        self._child = child

    def hear(self, line: Line | None) -> None:
        """A line of it; None: it is gone. On its reader's thread, where nothing may raise."""
        if line is None:
            code = self._child.returncode if self._child is not None else None
            how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
            self._pass_on(StorageEnded(why=f"it was ended by {how}"))
            return
        try:
            self._pass_on(msgspec.convert(line, Told))
        except msgspec.ValidationError:
            return  # no line of ours

    def stop(self) -> None:
        if self._child is not None:
            self._child.order("stop")

    def close(self) -> None:
        with self._lock:
            self._is_over = True
        if self._child is not None:
            self._lifelines.end(self._child)

    def _pass_on(self, told: Told) -> None:
        with self._lock:
            if self._is_over:
                return
            self._is_over = isinstance(told, StorageEnded)
        self._tell(told)
