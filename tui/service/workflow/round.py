"""One round of a workflow: its steps until one fails, or in each test until one of its own does;
then its clean-up."""

from __future__ import annotations

import time

import msgspec

from tui.core.e2e.checking import Wrong
from tui.core.e2e.workflow import Step
from tui.core.events import RoundBegan, RoundEnded, StepBegan, StepEnded, StepState
from tui.core.format import duration
from tui.ports import Emit, WorkflowJob
from tui.service.workflow.doing import Doing
from tui.service.workflow.done import STOPPED, Done, Wait
from tui.service.workflow.left import Left
from tui.service.workflow.suite import Suite
from tui.service.workflow.values import values_of


class Round:
    """Tells all that happens in it. One thread uses it.

    `wait` is False once no step but those of the clean-up may begin, `wait_cleaning` once not even
    those may.
    """

    def __init__(
        self,
        job: WorkflowJob,
        number: int,
        steps: Doing,
        tell: Emit,
        wait: Wait,
        wait_cleaning: Wait,
    ) -> None:
        self._workflow = job.workflow
        self._number = number
        self._correlation = f"{job.run_id}-{number}"
        self._values = values_of(job, number, self._correlation)
        self._steps = steps
        self._suite = Suite(job.workflow)
        self._tell = tell
        self._wait = wait
        self._wait_cleaning = wait_cleaning
        self._began_s = 0.0
        self._is_whole = True
        """Whether all steps so far were done, and none failed."""
        self._is_broken = False
        """Whether one failed, or was left out because of one that did or of a stop."""
        operations = {operation.name: operation for operation in job.target.operations}
        self._left = Left(job.workflow, operations)

    def go(self) -> None:
        """All of it."""
        self._began_s = time.perf_counter()
        self._tell(RoundBegan(number=self._number, correlation=self._correlation))
        for place, step in enumerate(self._workflow.steps):
            self._step(place, step)
        ms = (time.perf_counter() - self._began_s) * 1000
        # What can't be deleted is left, and no more in doubt.
        in_doubt = self._steps.in_doubt
        is_cleaned = True
        for place, step in enumerate(self._workflow.cleanup, len(self._workflow.steps)):
            done = self._clean(place, step)
            is_cleaned &= not (done.items_failed or done.state == "failed")
            self._left.cleaned(step, done, self._steps.paths_of(step))
            listed = self._steps.still_there
            if step.pages is not None and listed is not None:
                self._left.listed(listed)
        left = self._left
        self._tell(
            RoundEnded(
                number=self._number,
                is_complete=not self._is_broken and is_cleaned,
                ms=ms,
                left=left.known,
                maybe_left=left.maybe(in_doubt),
                left_named=left.named,
            )
        )

    def _step(self, place: int, step: Step) -> None:
        suite = self._suite
        suite.enter(step, time.perf_counter())
        if not self._wait(0.0):
            suite.end(STOPPED)
        # A single course that is broken ends there; in a suite another test may go on.
        done = self._left_out(place, step, suite.hindrance, is_cleanup=False)
        if done is None:
            done = self._do(place, step, self._wait_in_test, is_cleanup=False)
        self._is_whole = self._is_whole and done.state == "passed"
        if done.state == "skipped":
            self._is_broken = True
            suite.skip(step, done.why)
        elif done.state == "failed":
            self._is_broken = True
            suite.fail(step)

    def _left_out(self, place: int, step: Step, hindrance: str, *, is_cleanup: bool) -> Done | None:
        """How a step ends that can't be done, for what became of those before it; None: it can.

        Where all before it passed nothing can be missing: it is then a mistake, and the step fails.
        """
        if hindrance:
            return self._skip(place, hindrance)
        word = "" if self._is_whole else self._steps.missing(step, self._values)
        by = self._values.left_out_by(word) if word else ""
        if by:
            self._values.leave_out(step)
            return self._skip(place, f"{by} was left out", "omitted")
        why = self._suite.lacks(word) if word else ""
        if word and is_cleanup and self._is_broken:
            why = why or f"{{{word}}} is not known"
        return self._skip(place, why) if why else None

    def _clean(self, place: int, step: Step) -> Done:
        """How it ended."""
        hindrance = "" if self._wait_cleaning(0.0) else STOPPED
        done = self._left_out(place, step, hindrance, is_cleanup=True)
        if done is not None:
            return done
        return self._do(place, step, self._wait_cleaning, is_cleanup=True)

    def _do(self, place: int, step: Step, wait: Wait, *, is_cleanup: bool) -> Done:
        began_s = time.perf_counter()
        self._tell(StepBegan(round=self._number, step=place))
        left_s = None if is_cleanup else self._suite.left_s(began_s)
        is_shorter = left_s is not None and left_s < step.timeout_s
        asked = msgspec.structs.replace(step, timeout_s=left_s) if is_shorter else step
        done = self._steps.do(asked, self._values, wait, is_cleanup=is_cleanup)
        if left_s is not None and (is_shorter or done.state != "failed"):
            self._hurry(done)
        if not is_cleanup:
            self._left.did(step, done, self._values)
            if done.state == "failed" and not done.items and not self._wait(0.0):
                # What was under way when somebody stopped the run says nothing of the service.
                done.stop()
        self._tell(
            StepEnded(
                round=self._number,
                step=place,
                began_s=began_s - self._began_s,
                ms=(time.perf_counter() - began_s) * 1000,
                **msgspec.structs.asdict(done),
            )
        )
        return done

    def _hurry(self, done: Done) -> None:
        """It failed where its test took too long by it; not where somebody stopped the run."""
        left_s = self._suite.left_s(time.perf_counter())
        if left_s is not None and left_s <= 0 and done.state != "omitted" and self._wait(0.0):
            most = duration(self._workflow.test_timeout_s)
            done.fail(Wrong(f"the test took longer than {most}"))

    def _wait_in_test(self, seconds: float) -> bool:
        left_s = self._suite.left_s(time.perf_counter())
        if left_s is None or seconds < left_s:
            return self._wait(seconds)
        self._wait(max(left_s, 0.0))
        return False

    def _skip(self, place: int, why: str, state: StepState = "skipped") -> Done:
        began_s = time.perf_counter() - self._began_s
        self._tell(StepEnded(round=self._number, step=place, state=state, began_s=began_s, why=why))
        return Done(state=state, why=why)
