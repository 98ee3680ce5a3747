"""One fill of a disk: a thread of its own takes the room, waits, and gives it back."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from tui.core.events import BurnerEnded, FaultDone, FaultUndone
from tui.core.stress.plan import DiskPlan
from tui.faults.disk import filled
from tui.faults.guardian import Guardian
from tui.faults.undo import FaultRefused, UndoFailed

NAME = "disk"
STOP_S = 0.5
"""A file system that does not even stop within it tells us later that it has."""
FREE_S = 5.0
"""Deleting a file is one call; a slow disk may take its time for it."""
CLOSE_S = 25.0
"""Beyond what a guardian gets before it is given up."""
GIB = 1024**3

News = FaultDone | FaultUndone | BurnerEnded


class Fill:
    """Begins at once; over when its room is free again. Its guardian, which `new_guardian` starts
    or raises FaultRefused, lives as long as it does."""

    def __init__(
        self,
        plan: DiskPlan,
        directory: Path,
        deadline_s: float,
        new_guardian: Callable[[], Guardian],
    ) -> None:
        self._plan = plan
        self._directory = directory
        self._deadline_s = deadline_s
        self._new_guardian = new_guardian
        self._lock = threading.Lock()
        self._news: list[News] = []
        self._stop = threading.Event()
        self._takes_no_more = threading.Event()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="disk-fill", daemon=True)
        self._thread.start()

    def told(self) -> News | None:
        """What became of it, each word once."""
        with self._lock:
            return self._news.pop(0) if self._news else None

    def stop(self) -> None:
        """Have it give its room back. Returns at once."""
        self._stop.set()

    def undo(self) -> list[FaultUndone]:
        """Stop it and wait for its room. Empty where there was none, where that was told already,
        and where it takes too long: `told` says it then."""
        self.stop()
        if not self._takes_no_more.wait(STOP_S) or not self._is_over.wait(FREE_S):
            return []
        return self._take_undone()

    def close(self) -> list[FaultUndone]:
        """As `undo`, and no thread or process is left but where the kernel holds it."""
        self.stop()
        self._thread.join(CLOSE_S)
        if self._thread.is_alive():
            stuck = f"what fills {self._directory} does not end: it is deleted when it does"
            return [FaultUndone(name=NAME, trouble=stuck)]
        return self._take_undone()

    def _take_undone(self) -> list[FaultUndone]:
        with self._lock:
            untold, self._news = self._news, []
            self._news += (one for one in untold if isinstance(one, BurnerEnded))
        undone = [one for one in untold if isinstance(one, FaultUndone)]
        is_known = not any(isinstance(one, FaultDone) for one in untold)
        return [one for one in undone if is_known or one.trouble]

    def _run(self) -> None:
        guardian = None
        try:
            guardian = self._new_guardian()
            self._hold(guardian)
        except FaultRefused as error:
            self._tell(BurnerEnded(name=NAME, why_not=str(error)))
        except OSError as error:
            why = error.strerror or str(error)
            self._tell(BurnerEnded(name=NAME, why_not=f"{self._directory} can't be filled: {why}"))
        finally:
            self._takes_no_more.set()
            self._is_over.set()
            if guardian is not None:
                guardian.close()

    def _hold(self, guardian: Guardian) -> None:
        is_full, trouble = False, ""
        try:
            with filled(
                guardian,
                self._directory,
                self._deadline_s,
                floor_bytes=_floor_bytes(self._plan, self._directory),
                goes_on=lambda: not self._stop.is_set(),
            ) as done:
                self._takes_no_more.set()
                is_full = not self._stop.is_set()
                if is_full:
                    text = f"free space taken to {done.free_bytes / GIB:.1f} GiB"
                    self._tell(FaultDone(name=NAME, text=text))
                self._stop.wait()
        except UndoFailed as error:
            trouble = str(error)
        if is_full or trouble:
            self._tell(FaultUndone(name=NAME, trouble=trouble))

    def _tell(self, news: News) -> None:
        with self._lock:
            self._news.append(news)


def _floor_bytes(plan: DiskPlan, directory: Path) -> int:
    found = os.statvfs(directory)
    return int(plan.floor_share * found.f_blocks * found.f_frsize)
