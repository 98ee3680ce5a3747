"""The faults of a run, each of which is undone whatever becomes of us."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tui.child.spawn import Lifelines
from tui.core.addresses import port_of
from tui.core.events import BurnerEnded, FaultDone, FaultUndone
from tui.core.stress.plan import DiskPlan
from tui.core.stress.toxics import Toxics
from tui.core.stress.way import WAY
from tui.faults.detour import Detour
from tui.faults.fill import Fill
from tui.faults.guardian import Guardian
from tui.faults.proxy_lines import ProxySpec
from tui.faults.undo import FaultRefused
from tui.ports import FaultFailed

DEADLINE_S = 7 * 86_400.0
"""The proxy dies with us; this is for the case that nobody lives to see it."""
AT_ONCE_S = 0.4
"""What does not answer within it is ended, where nobody may wait."""
BY_ITS_END = "the end of its proxy"


class Harm:
    """Implements `ports.Faults`."""

    def __init__(self, state: Path, lifelines: Lifelines, log_dir: Path) -> None:
        self._state = state
        self._lifelines = lifelines
        self._log_dir = log_dir
        self._lock = threading.Lock()
        """Of the way and what it suffers from; never held while one starts or a disk is filled."""
        self._detour: Detour | None = None
        self._suffers = False
        self._lost = ""
        self._fill: Fill | None = None

    def lead(self, url: str) -> str:
        split = urlsplit(url)
        spec = ProxySpec(split.hostname or "", port_of(url))
        self._end_detour()
        log = self._log_dir / "fault-proxy.log"
        try:
            detour = Detour(spec, self._lifelines, log=log, deadline_s=DEADLINE_S)
        except FaultRefused as error:
            raise FaultFailed(str(error)) from None
        with self._lock:
            self._detour, self._lost = detour, ""
        # With TLS too: what goes through is that of the two ends, which see no proxy.
        return f"{split.scheme}://127.0.0.1:{detour.port}{split.path}"

    def lost(self) -> str:
        # Without the lock: an order that nobody answers may hold it for seconds.
        detour = self._detour
        return self._lost or (detour.ending if detour is not None else "")

    def suffer(self, toxics: Toxics) -> list[FaultUndone]:
        with self._lock:
            if self._detour is None:
                raise FaultFailed(self._lost or "the fault proxy is gone")
            # Before the act: one whose answer was lost may hold all the same.
            suffered, self._suffers = self._suffers, self._suffers or not toxics.is_clean
            try:
                self._detour.set(toxics)
            except FaultRefused as error:
                raise FaultFailed(str(error)) from None
            self._suffers = not toxics.is_clean
        return [FaultUndone(name=WAY)] if suffered else []

    def fill(self, plan: DiskPlan, directory: str, deadline_s: float) -> None:
        self._fill = Fill(plan, Path(directory), deadline_s, self._new_guardian)

    def filled(self) -> FaultDone | FaultUndone | BurnerEnded | None:
        return self._fill.told() if self._fill is not None else None

    def undo(self, *, at_once: bool = False) -> list[FaultUndone]:
        fill = self._fill
        if fill is not None:
            fill.stop()  # it gives its room back while we wait for the way
        undone = self._calm(at_once=at_once)
        return undone + fill.undo() if fill is not None else undone

    def close(self) -> list[FaultUndone]:
        undone = self.undo()
        self._end_detour()
        fill, self._fill = self._fill, None
        return undone + fill.close() if fill is not None else undone

    def _new_guardian(self) -> Guardian:
        return Guardian(self._state, self._lifelines, log=self._log_dir / "guardian.log")

    def _calm(self, *, at_once: bool) -> list[FaultUndone]:
        with self._turn(at_once=at_once):
            if not self._suffers or self._detour is None:
                return []
            self._suffers = False
            try:
                self._detour.set(Toxics(), AT_ONCE_S if at_once else None)
            except FaultRefused as error:
                # What does not answer is ended, and nothing suffers from it any more; the load
                # still looks for the service there.
                self._lost = str(error)
                self._detour.kill()
                self._detour.close()
                self._detour = None
                return [FaultUndone(name=WAY, cause=BY_ITS_END)]
        return [FaultUndone(name=WAY)]

    @contextmanager
    def _turn(self, *, at_once: bool) -> Iterator[None]:
        """The lock; `at_once` a proxy is ended for whose answer somebody else waits in it."""
        detour = self._detour
        if not self._lock.acquire(timeout=AT_ONCE_S if at_once else -1):
            if detour is not None:
                detour.kill()
            self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()

    def _end_detour(self) -> None:
        with self._lock:
            detour, self._detour = self._detour, None
            self._suffers, self._lost = False, ""
        if detour is not None:
            detour.close()
