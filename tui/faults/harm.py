"""The faults of a run, each of which is undone whatever becomes of us."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from urllib.parse import urlsplit

from tui.child.spawn import Lifelines
from tui.core.events import FaultUndone
from tui.core.stress.plan import DiskPlan
from tui.core.stress.toxics import Toxics
from tui.faults.detour import Detour
from tui.faults.disk import filled
from tui.faults.guardian import Guardian
from tui.faults.proxy_lines import ProxySpec
from tui.faults.undo import FaultRefused, UndoFailed
from tui.ports import FaultFailed

DEADLINE_S = 7 * 86_400.0
"""The proxy dies with us; this is for the case that nobody lives to see it."""
GIB = 1024**3


class Harm:
    """Implements `ports.Faults`."""

    def __init__(self, state: Path, lifelines: Lifelines, log_dir: Path) -> None:
        self._state = state
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._lock = threading.RLock()
        self._detour: Detour | None = None
        self._suffers = False
        self._guardian: Guardian | None = None
        self._disk = contextlib.ExitStack()
        self._is_full = False

    def lead(self, url: str) -> str:
        split = urlsplit(url)
        if split.scheme == "https":
            raise FaultFailed("no fault proxy is put before https: its certificate has other names")
        spec = ProxySpec(split.hostname or "", split.port or 80)
        try:
            with self._lock:
                self._end_detour()
                self._detour = Detour(
                    spec,
                    self._lifelines,
                    log=self._log_dir / "fault-proxy.log",
                    deadline_s=DEADLINE_S,
                )
                return f"http://127.0.0.1:{self._detour.port}{split.path}"
        except FaultRefused as error:
            raise FaultFailed(str(error)) from None

    def suffer(self, toxics: Toxics) -> None:
        with self._lock:
            if self._detour is None:
                raise FaultFailed("the fault proxy is gone")
            # Before the act: one whose answer was lost may hold all the same.
            self._suffers = self._suffers or not toxics.is_clean
            try:
                self._detour.set(toxics)
            except FaultRefused as error:
                raise FaultFailed(str(error)) from None
            self._suffers = not toxics.is_clean

    def fill(self, plan: DiskPlan, directory: str, deadline_s: float) -> str:
        with self._lock:
            try:
                done = self._disk.enter_context(
                    filled(
                        self._held_guardian(),
                        Path(directory),
                        deadline_s,
                        floor_bytes=_floor_bytes(plan, Path(directory)),
                    )
                )
            except FaultRefused as error:
                raise FaultFailed(str(error)) from None
            except OSError as error:
                why = error.strerror or str(error)
                raise FaultFailed(f"{directory} can't be filled: {why}") from None
            self._is_full = True
        return f"free space taken to {done.free_bytes / GIB:.1f} GiB"

    def undo(self) -> list[FaultUndone]:
        undone = []
        with self._lock:
            if self._suffers and self._detour is not None:
                self._suffers = False
                undone.append(FaultUndone(name="network", trouble=self._calm()))
            if self._is_full:
                self._is_full = False
                undone.append(FaultUndone(name="disk", trouble=self._free()))
        return undone

    def close(self) -> list[FaultUndone]:
        with self._lock:
            undone = self.undo()
            self._end_detour()
            if self._guardian is not None:
                self._guardian.close()
                self._guardian = None
        return undone

    def _calm(self) -> str:
        assert self._detour is not None
        try:
            self._detour.set(Toxics())
        except FaultRefused:
            # A proxy that does not answer is ended: no connection suffers from it any more.
            self._end_detour()
        return ""

    def _end_detour(self) -> None:
        if self._detour is not None:
            self._detour.close()
            self._detour = None

    def _free(self) -> str:
        try:
            self._disk.close()
        except UndoFailed as error:
            return str(error)
        return ""

    def _held_guardian(self) -> Guardian:
        if self._guardian is None:
            log = self._log_dir / "guardian.log"
            self._guardian = Guardian(self._state, self._lifelines, log=log)
        return self._guardian


def _floor_bytes(plan: DiskPlan, directory: Path) -> int:
    found = os.statvfs(directory)
    return int(plan.floor_share * found.f_blocks * found.f_frsize)
