"""One step of a workflow: a picture is taken, a request is sent and its answer looked at, or
another deed is done."""

from __future__ import annotations

import time

from tui.core.e2e.answer import Answer
from tui.core.e2e.checking import Wrong
from tui.core.e2e.needed import needed_words
from tui.core.e2e.words import RESERVED, SECRET
from tui.core.e2e.workflow import Step
from tui.ports import NoStill, TakePicture, WorkflowJob
from tui.service.health_check import Unanswered
from tui.service.workflow.asking import Asking, late
from tui.service.workflow.deeds import Deeds
from tui.service.workflow.done import Done, Wait
from tui.service.workflow.left import only_looks
from tui.service.workflow.request import NoValue, Unfit
from tui.service.workflow.telling import Telling
from tui.service.workflow.under_way import UnderWay
from tui.service.workflow.values import Values


class Steps:
    """Does steps, one after the other, of as many rounds as one thread goes through.

    Nothing is raised: whatever goes wrong is a step that failed, and says why.
    """

    def __init__(self, job: WorkflowJob, take_picture: TakePicture, under_way: UnderWay) -> None:
        self._operations = {operation.name: operation for operation in job.target.operations}
        self._token = job.token
        self._take_picture = take_picture
        self._asking = Asking(job, under_way)
        self._deeds = Deeds(job, self._asking.forget)

    def missing(self, step: Step, values: Values) -> str:
        """The word that a step needs and that has no value; empty where there is none such, and
        where the step will be omitted."""
        word, omitted = self._lacking(step, values)
        return "" if omitted else word

    def do(self, step: Step, values: Values, wait: Wait, *, is_cleanup: bool = False) -> Done:
        """Do it; what it saves is added to `values`. `wait` is for the time between polls."""
        done = Done()
        try:
            word, omitted = self._lacking(step, values)
            looks = only_looks(step, self._operations.get(step.operation))
            if omitted and is_cleanup and not looks and self._is_there(step, values):
                done.fail(Wrong(omitted))
            elif omitted:
                done.omit(omitted)
            elif word and step.deed is not None:
                raise NoValue(word)
            else:
                self._go(step, values, wait, done, is_cleanup=is_cleanup)
        except NoValue as word:
            done.fail(Wrong(f"no value for {{{word}}}"))
        except (Unfit, Unanswered) as error:
            done.fail(Wrong(str(error)))
        except Exception as error:
            done.fail(Wrong(f"not done: {type(error).__name__}"))
        if done.state == "omitted":
            values.leave_out(step)
        if done.why or done.note:
            Telling(self._token, *values.secrets).of(done)
        return done

    @property
    def answer(self) -> Answer | None:
        """The last one that came."""
        return self._asking.answer

    def close(self) -> None:
        """Leave the service."""
        self._asking.forget()

    def _lacking(self, step: Step, values: Values) -> tuple[str, str]:
        """The first word that has no value, and why the step is omitted for it; both may be
        empty."""
        if step.omit:
            return "", step.omit
        operation = self._operations.get(step.operation)
        for word in needed_words(step, operation):
            if values.knows(word):
                continue
            kind, _, name = word.partition(".")
            if kind == SECRET:
                return word, f"the target has no secret {name} in config.toml"
            by = values.left_out_by(word)
            return word, f"{by} was left out" if by else ""
        return "", ""

    def _is_there(self, step: Step, values: Values) -> bool:
        """Whether what a clean-up would delete was made: all is known that steps saved for it."""
        words = needed_words(step, self._operations.get(step.operation))
        saved = [word for word in words if word.partition(".")[0] not in RESERVED]
        return bool(saved) and all(map(values.knows, saved))

    def _go(self, step: Step, values: Values, wait: Wait, done: Done, *, is_cleanup: bool) -> None:
        operation = self._operations.get(step.operation)
        if step.deed is not None:
            self._deeds.do(step, values, done)
        elif operation is not None:
            self._asking.do(step, operation, values, wait, done, is_cleanup=is_cleanup)
        elif step.operation:
            done.fail(Wrong(f"the target has no operation {step.operation}"))
        else:
            self._picture(step, values, done)

    def _picture(self, step: Step, values: Values, done: Done) -> None:
        began_s = time.perf_counter()
        still = self._take_picture(step.camera)
        done.request_ms = (time.perf_counter() - began_s) * 1000
        if isinstance(still, NoStill):
            done.fail(Wrong(still.why))
            return
        done.label = still.label
        values.keep_picture(step.name, still)
        wrong = late(step, done.request_ms)
        if wrong is not None:
            done.fail(wrong)
