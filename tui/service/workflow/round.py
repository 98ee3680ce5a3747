"""One round of a workflow: its steps until one fails, then its clean-up."""

from __future__ import annotations

import time

import msgspec

from tui.core.e2e.workflow import Step
from tui.core.events import RoundBegan, RoundEnded, StepBegan, StepEnded
from tui.ports import Emit, WorkflowJob
from tui.service.workflow.step import STOPPED, Done, Steps, Wait
from tui.service.workflow.values import Values

READING = ("GET", "HEAD")
BROKEN = 500


class Round:
    """Tells all that happens in it. One thread uses it.

    `wait` is False once no step but those of the clean-up may begin, `wait_cleaning` once not even
    those may.
    """

    def __init__(
        self,
        job: WorkflowJob,
        number: int,
        steps: Steps,
        tell: Emit,
        wait: Wait,
        wait_cleaning: Wait,
    ) -> None:
        self._workflow = job.workflow
        self._number = number
        self._correlation = f"{job.run_id}-{number}"
        self._values = Values(job.run_id, number, self._correlation)
        self._steps = steps
        self._tell = tell
        self._wait = wait
        self._wait_cleaning = wait_cleaning
        self._began_s = 0.0
        self._ended_by = ""
        """Why no more steps are done; empty while they are."""
        self._is_in_doubt = False
        """Whether it failed by a request that may have made something all the same."""

    def go(self) -> None:
        """All of it."""
        self._began_s = time.perf_counter()
        self._tell(RoundBegan(number=self._number, correlation=self._correlation))
        for place, step in enumerate(self._workflow.steps):
            self._step(place, step)
        ms = (time.perf_counter() - self._began_s) * 1000
        is_complete = not self._ended_by
        states = [
            self._clean(place, step)
            for place, step in enumerate(self._workflow.cleanup, len(self._workflow.steps))
        ]
        left = states.count("failed")
        self._tell(
            RoundEnded(
                number=self._number,
                is_complete=is_complete and not left,
                ms=ms,
                left=left,
                maybe_left=states.count("skipped") if self._is_in_doubt else 0,
            )
        )

    def _step(self, place: int, step: Step) -> None:
        if not self._ended_by and not self._wait(0.0):
            self._ended_by = STOPPED
        if self._ended_by:
            self._skip(place, self._ended_by)
            return
        done = self._do(place, step, self._wait, is_cleanup=False)
        if done.state == "skipped":
            self._ended_by = done.why
        elif done.state == "failed":
            self._ended_by = f"{step.name} failed"
            self._is_in_doubt = _may_have_made(done)

    def _clean(self, place: int, step: Step) -> str:
        """How it ended. Where all steps passed nothing can be missing: it is then a mistake, and
        something is left."""
        word = self._steps.missing(step, self._values) if self._ended_by else ""
        if word or not self._wait_cleaning(0.0):
            self._skip(place, f"{self._ended_by}, {{{word}}} is not known" if word else STOPPED)
            return "skipped"
        return self._do(place, step, self._wait_cleaning, is_cleanup=True).state

    def _do(self, place: int, step: Step, wait: Wait, *, is_cleanup: bool) -> Done:
        began_s = time.perf_counter()
        self._tell(StepBegan(round=self._number, step=place))
        done = self._steps.do(step, self._values, wait, is_cleanup=is_cleanup)
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

    def _skip(self, place: int, why: str) -> None:
        began_s = time.perf_counter() - self._began_s
        self._tell(
            StepEnded(round=self._number, step=place, state="skipped", began_s=began_s, why=why)
        )


def _may_have_made(done: Done) -> bool:
    """Whether a request that failed may have changed something: nobody answered, or the service
    broke down on its way."""
    exchange = done.exchange
    if exchange is None or exchange.method in READING:
        return False
    return exchange.status is None or exchange.status >= BROKEN
