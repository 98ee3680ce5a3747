"""One workflow, from its first step to the end of its last clean-up, with or without a load."""

from __future__ import annotations

from contextlib import ExitStack

from tui.core import events as ev
from tui.core.guards import Halt
from tui.core.run_fold import RunFold
from tui.engine.ending import weightier
from tui.engine.load_run import LoadRun
from tui.engine.photographer import Photographer
from tui.engine.restarting import Restarter
from tui.ports import Clock, Emit, WorkflowJob, Workflows, WorkflowWatch

CLEAN_UP_S = 20.0
"""What a workflow that was stopped may take to clean up."""
AT_ONCE_S = 3.0
"""The same where it was stopped at once."""
LEAST_LOAD_S = 5.0
"""A load of quicker rounds goes on for so long behind their beginning: less shows nothing of it."""


class E2eRun:
    """Implements `Run` and `Scalable` of `engine.run`. It cleans up after itself also when it is
    stopped. The load beside it, if there is one, is a LoadRun of its own: the first round begins
    once it is measured, and it goes on until the last one is over."""

    def __init__(
        self,
        facts: ev.RunFacts,
        job: WorkflowJob,
        workflows: Workflows,
        photographer: Photographer,
        restarter: Restarter | None,
        clock: Clock,
        emit: Emit,
        load: LoadRun | None = None,
    ) -> None:
        self.facts = facts
        self._job = job
        self._workflows = workflows
        self._photographer = photographer
        self._restarter = restarter
        self._load = load
        self._clock = clock
        self._emit = emit
        self._watch: WorkflowWatch | None = None
        self._ending: ev.RunEnded | None = None
        """None: nothing has ended it before its time."""
        self._ends_s: float | None = None
        """When the clean-up is waited for no longer, monotonic; None: nobody stopped it."""
        self._rounds_from_s = 0.0
        self._are_rounds_over = False
        self._is_load_over = load is None
        self._is_over = False

    def begin(self) -> None:
        steps = self._job.workflow.steps
        self._photographer.open(
            [step.camera for step in steps if not step.operation and step.deed is None]
        )
        if self._load is not None:
            self._load.begin()
            return
        self._emit(ev.WorkBegan())
        self._emit(ev.PhaseEntered(phase="measuring"))
        self._begin_rounds()

    def tick(self, fold: RunFold, at_s: float) -> None:
        if self._load is not None:
            self._load.tick(fold, at_s)
            self._follow(self._load)
        if self._ends_s is not None and self._clock.monotonic_s() >= self._ends_s:
            self._end_rounds()

    def on_event(self, event: ev.Event) -> bool:
        if isinstance(event, ev.RunEnded) and not self._is_over:
            # The load's end: a round may still be cleaning up, and that belongs to the run too.
            if event.reason != "completed":
                self._cut_off(event, CLEAN_UP_S)
            self._is_load_over = True
            self._end()
            return False
        if isinstance(event, ev.WorkflowEnded):
            self._end_rounds()
        return self._load.on_event(event) if self._load is not None else True

    def stop(self, detail: str, *, at_once: bool) -> None:
        ending = ev.RunEnded(reason="stopped", detail=detail)
        if self._load is not None:
            self._load.stop(detail, at_once=at_once)
        self._cut_off(ending, AT_ONCE_S if at_once else CLEAN_UP_S)

    def abort(self, halt: Halt) -> None:
        ending = ev.RunEnded(reason="guard", detail=halt.text, guard=halt.guard)
        if self._load is not None:
            self._load.abort(halt)
        self._cut_off(ending, AT_ONCE_S)

    def rescale(self, users: int) -> None:
        if self._load is not None:
            self._load.rescale(users)

    def close(self) -> None:
        # Last in, first out, and whatever one of them raises, the others are closed.
        with ExitStack() as everything:
            if self._load is not None:
                everything.callback(self._load.close)
            if self._restarter is not None:
                everything.callback(self._restarter.close)
            everything.callback(self._photographer.close)
            if self._watch is not None:
                everything.callback(self._watch.close)

    def _begin_rounds(self) -> None:
        self._rounds_from_s = self._clock.monotonic_s()
        self._watch = self._workflows.begin(self._job, self._emit, self._photographer.take)

    def _follow(self, load: LoadRun) -> None:
        """Begin the rounds once the load is at its level, and end it behind them."""
        if self._are_rounds_over:
            lasted_s = self._clock.monotonic_s() - self._rounds_from_s
            if load.is_through and lasted_s >= LEAST_LOAD_S:
                load.complete()
        elif load.is_ending:
            # By itself: a limit was broken, or every worker was lost.
            if self._ends_s is None:
                self._stop_rounds(CLEAN_UP_S)
        elif self._watch is None and load.is_measuring:
            self._begin_rounds()

    def _cut_off(self, ending: ev.RunEnded, within_s: float) -> None:
        if self._is_over:
            return
        if self._load is None and self._ends_s is None:
            self._emit(ev.PhaseEntered(phase="cleaning"))
        self._ending = weightier(self._ending, ending)
        self._stop_rounds(within_s)

    def _stop_rounds(self, within_s: float) -> None:
        is_first = self._ends_s is None
        ends_s = self._clock.monotonic_s() + within_s
        self._ends_s = min(ends_s, self._ends_s or ends_s)
        if self._watch is None:
            self._end_rounds()
        elif is_first:
            self._watch.stop()

    def _end_rounds(self) -> None:
        self._are_rounds_over = True
        self._end()

    def _end(self) -> None:
        if self._are_rounds_over and self._is_load_over and not self._is_over:
            self._is_over = True
            self._emit(self._ending or ev.RunEnded(reason="completed"))
