"""Workflows whose steps end as a test says. Behind the port alone."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.e2e.workflow import Step
from tui.ports import Emit, TakePicture, WorkflowJob


class FakeWorkflows:
    """Each goes on by `pass_step`, `fail_step` and `end`."""

    def __init__(self) -> None:
        self.watches: list[FakeWorkflowWatch] = []
        """All that there were, in order."""
        self.ends_by_itself = True
        """Whether one that is stopped ends at once; else it cleans up until told to `end`."""

    def begin(self, job: WorkflowJob, tell: Emit, take_picture: TakePicture) -> FakeWorkflowWatch:
        watch = FakeWorkflowWatch(self, job, tell, take_picture)
        self.watches.append(watch)
        return watch


class FakeWorkflowWatch:
    """One workflow, of one round."""

    def __init__(
        self, workflows: FakeWorkflows, job: WorkflowJob, tell: Emit, take_picture: TakePicture
    ) -> None:
        self._workflows = workflows
        self.job = job
        self.take_picture = take_picture
        self.is_stopped = self.is_closed = False
        self._tell = tell
        self._step = 0
        tell(ev.RoundBegan(number=1, correlation=f"{job.run_id}-1"))

    @property
    def steps(self) -> tuple[Step, ...]:
        """All of it, the clean-up last."""
        return self.job.workflow.all_steps

    def pass_step(self) -> None:
        """The next step is done."""
        self._end_step("passed", "")

    def fail_step(self, why: str) -> None:
        """The next step fails."""
        self._end_step("failed", why)

    def end(self, *, is_complete: bool = True) -> None:
        """The round is over, and it was the last."""
        self._tell(ev.RoundEnded(number=1, is_complete=is_complete, ms=100.0))
        self._tell(ev.WorkflowEnded())

    def stop(self) -> None:
        self.is_stopped = True
        if self._workflows.ends_by_itself:
            self.end(is_complete=False)

    def close(self) -> None:
        self.is_closed = True

    def _end_step(self, state: ev.StepState, why: str) -> None:
        self._tell(ev.StepBegan(round=1, step=self._step))
        ended = ev.StepEnded(round=1, step=self._step, state=state, ms=10.0, requests=1, why=why)
        self._tell(ended)
        self._step += 1
