"""The faults of one stress: done step by step, told as they come, undone at its end."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.stress.plan import DiskPlan
from tui.core.stress.toxics import Toxics
from tui.core.stress.way import WAY
from tui.ports import Emit, FaultFailed, Faults


class FaultCourse:
    """What a stress does to the way to the service, and to the disk."""

    def __init__(self, faults: Faults, emit: Emit) -> None:
        self._faults = faults
        self._emit = emit
        self._is_halted = False
        self.is_disk_taken = False
        """Whether the disk is full, or about to be."""

    def suffer(self, toxics: Toxics) -> str:
        """The way suffers from these from now on. Why it can't; empty when it does."""
        try:
            undone = self._faults.suffer(toxics)
        except FaultFailed as error:
            return str(error)
        for one in undone:
            self._emit(one)
        if not toxics.is_clean:
            self._emit(ev.FaultDone(name=WAY, text=toxics.text))
        self._undo_if_halted()
        return ""

    def fill(self, plan: DiskPlan, directory: str, deadline_s: float) -> None:
        """Begin to take the disk's free space."""
        self._faults.fill(plan, directory, deadline_s)
        self.is_disk_taken = True
        self._undo_if_halted()

    def hear(self) -> None:
        """Tell what became of the disk."""
        while (news := self._faults.filled()) is not None:
            self.is_disk_taken = isinstance(news, ev.FaultDone)
            self._emit(news)

    def lost(self) -> str:
        """Why the way leads to the service no more; empty while it does."""
        return self._faults.lost()

    def halt(self) -> None:
        """Undo everything at once, also what is being done at this moment; from any thread."""
        self._is_halted = True
        self.undo(at_once=True)

    def undo(self, *, at_once: bool = False) -> None:
        """Undo what holds now; `at_once` as for `ports.Faults`."""
        for undone in self._faults.undo(at_once=at_once):
            self._emit(undone)

    def close(self) -> None:
        """Undo everything, and wait for it; the second time nothing happens."""
        for undone in self._faults.close():
            self._emit(undone)

    def _undo_if_halted(self) -> None:
        # A guard that undid everything a moment ago knew nothing of what was just done.
        if self._is_halted:
            self.undo(at_once=True)
