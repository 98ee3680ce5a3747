"""One workflow, from its first step to the end of its last clean-up."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.guards import Halt
from tui.core.run_fold import RunFold
from tui.engine.photographer import Photographer
from tui.ports import Clock, Emit, WorkflowJob, Workflows, WorkflowWatch

CLEAN_UP_S = 20.0
"""What a workflow that was stopped may take to clean up."""
AT_ONCE_S = 3.0
"""The same where it was stopped at once."""


class E2eRun:
    """Implements `Run` of `engine.run`. It cleans up after itself also when it is stopped."""

    def __init__(
        self,
        facts: ev.RunFacts,
        job: WorkflowJob,
        workflows: Workflows,
        photographer: Photographer,
        clock: Clock,
        emit: Emit,
    ) -> None:
        self.facts = facts
        self._job = job
        self._workflows = workflows
        self._photographer = photographer
        self._clock = clock
        self._emit = emit
        self._watch: WorkflowWatch | None = None
        self._ending = ev.RunEnded(reason="completed")
        self._ends_s: float | None = None
        """When the clean-up is waited for no longer, monotonic; None: nobody stopped it."""
        self._is_over = False

    def begin(self) -> None:
        steps = self._job.workflow.steps
        self._photographer.open([step.camera for step in steps if not step.operation])
        self._emit(ev.WorkBegan())
        self._emit(ev.PhaseEntered(phase="measuring"))
        self._watch = self._workflows.begin(self._job, self._emit, self._photographer.take)

    def tick(self, fold: RunFold, at_s: float) -> None:
        if self._ends_s is not None and self._clock.monotonic_s() >= self._ends_s:
            self._end()

    def on_event(self, event: ev.Event) -> bool:
        if isinstance(event, ev.WorkflowEnded):
            self._end()
        return True

    def stop(self, detail: str, *, at_once: bool) -> None:
        self._cut_off(
            ev.RunEnded(reason="stopped", detail=detail), AT_ONCE_S if at_once else CLEAN_UP_S
        )

    def abort(self, halt: Halt) -> None:
        ending = ev.RunEnded(reason="guard", detail=halt.text, guard=halt.guard)
        self._cut_off(ending, AT_ONCE_S)

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        self._photographer.close()

    def _cut_off(self, ending: ev.RunEnded, within_s: float) -> None:
        if self._is_over:
            return
        ends_s = self._clock.monotonic_s() + within_s
        if self._ends_s is None:
            self._ending = ending
            self._emit(ev.PhaseEntered(phase="cleaning"))
        self._ends_s = min(ends_s, self._ends_s or ends_s)
        if self._watch is not None:
            self._watch.stop()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._emit(self._ending)
