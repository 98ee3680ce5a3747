"""One benchmark of storage, from its first cell to the end of the clean-up."""

from __future__ import annotations

from pathlib import Path

from tui.core import events as ev
from tui.core.guards import Halt
from tui.core.run_fold import RunFold
from tui.engine.ending import weightier
from tui.engine.wear_keeper import WearKeeper
from tui.ports import Clock, Emit, StorageBench, StorageJob, StorageWatch, Wear

CLEAN_UP_S = 20.0
"""What a benchmark that was stopped may take to clean up: a round goes to its end first."""
AT_ONCE_S = 2.0
"""The same where it was stopped at once; what is left in a store the next run removes."""
_PART = "storage"


class StorageRun:
    """Implements `Run` of `engine.run`. It measures nothing itself: a process of its own does."""

    def __init__(
        self,
        facts: ev.RunFacts,
        job: StorageJob,
        bench: StorageBench,
        wear: Wear | None,
        clock: Clock,
        emit: Emit,
    ) -> None:
        self.facts = facts
        self._job = job
        self._bench = bench
        self._clock = clock
        self._emit = emit
        self._keeper = WearKeeper(wear, Path(job.directory), clock)
        self._watch: StorageWatch | None = None
        self._ending = ev.RunEnded(reason="completed")
        self._ends_s: float | None = None
        """When the clean-up is waited for no longer, monotonic; None: nobody stopped it."""
        self._is_over = False

    def begin(self) -> None:
        self._emit(ev.WorkBegan())
        self._emit(ev.PhaseEntered(phase="measuring"))
        self._watch = self._bench.begin(self._job, self._emit)

    def tick(self, fold: RunFold, at_s: float) -> None:
        now_s = self._clock.monotonic_s()
        self._keeper.keep(now_s)
        self._tell_trouble()
        if self._ends_s is not None and now_s >= self._ends_s:
            self._end()

    def on_event(self, event: ev.Event) -> bool:
        if isinstance(event, (ev.CellBegan, ev.RecordsMeasured)):
            self._keeper.count(_PART, {"written_bytes": event.written_bytes})
        elif isinstance(event, ev.StorageEnded):
            self._end()
        return True

    def stop(self, detail: str, *, at_once: bool) -> None:
        ending = ev.RunEnded(reason="stopped", detail=detail)
        self._cut_off(ending, AT_ONCE_S if at_once else CLEAN_UP_S)

    def abort(self, halt: Halt) -> None:
        ending = ev.RunEnded(reason="guard", detail=halt.text, guard=halt.guard)
        self._cut_off(ending, AT_ONCE_S)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        self._keeper.keep(self._clock.monotonic_s(), is_last=True)
        self._keeper.close()
        self._tell_trouble()

    def _tell_trouble(self) -> None:
        trouble = self._keeper.trouble()
        if trouble:
            self._emit(ev.GuardsBlind(lines=[trouble]))

    def _cut_off(self, ending: ev.RunEnded, within_s: float) -> None:
        if self._is_over:
            return
        ends_s = self._clock.monotonic_s() + within_s
        if self._ends_s is None:
            self._emit(ev.PhaseEntered(phase="cleaning"))
        self._ending = weightier(self._ending, ending)
        self._ends_s = min(ends_s, self._ends_s or ends_s)
        if self._watch is not None:
            self._watch.stop()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._emit(self._ending)
