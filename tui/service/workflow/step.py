"""One step of a workflow: a picture is taken, or a request is sent and its answer looked at."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from tui.core.e2e.answer import Answer, Missing, part_of
from tui.core.e2e.checking import Wrong, compares_hash, wrong_with
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Step
from tui.core.events import Exchange, StepState
from tui.core.format import count, duration
from tui.ports import NoStill, TakePicture, WorkflowJob
from tui.service.health_check import Unanswered, refusal
from tui.service.workflow.caller import Caller
from tui.service.workflow.request import NoValue, Request, Unfit, request_of
from tui.service.workflow.telling import Telling
from tui.service.workflow.values import Values

GONE = (404, 410)
STOPPED = "stopped"

Wait = Callable[[float], bool]
"""Waits so many seconds; False at once when there is no more to wait for."""


class Done(msgspec.Struct):
    """What came of a step: what StepEnded tells of it, but when it was."""

    state: StepState = "passed"
    request_ms: float = 0.0
    wait_ms: float = 0.0
    requests: int = 0
    why: str = ""
    wanted: str = ""
    got: str = ""
    hashes: int = 0
    exchange: Exchange | None = None
    label: str = ""

    def fail(self, wrong: Wrong) -> None:
        """It is not as it should be."""
        self.state = "failed"
        self.why, self.wanted, self.got = wrong.why, wrong.wanted, wrong.got


class Steps:
    """Does steps, one after the other, of as many rounds as one thread goes through.

    Nothing is raised: whatever goes wrong is a step that failed, and says why.
    """

    def __init__(self, job: WorkflowJob, take_picture: TakePicture) -> None:
        self._operations = {operation.name: operation for operation in job.target.operations}
        self._job = job
        self._take_picture = take_picture
        self._telling = Telling(job.token)
        # Not in the first step, which would be told as slower than its requests.
        self._caller: Caller | Unanswered
        try:
            self._caller = Caller(job.url, job.target, job.token)
        except Unanswered as error:
            self._caller = error

    def missing(self, step: Step, values: Values) -> str:
        """The word that a step needs and that has no value; empty where there is none such."""
        operation = self._operations.get(step.operation)
        try:
            if operation is not None:
                request_of(step, operation, values)
        except NoValue as word:
            return str(word)
        except Exception:
            return ""  # the step itself will say what is wrong
        return ""

    def do(self, step: Step, values: Values, wait: Wait, *, is_cleanup: bool = False) -> Done:
        """Do it; what it saves is added to `values`. `wait` is for the time between polls."""
        done = Done()
        try:
            if step.operation:
                self._ask(step, values, wait, done, is_cleanup=is_cleanup)
            else:
                self._picture(step, values, done)
        except NoValue as word:
            done.fail(Wrong(f"no value for {{{word}}}"))
        except (Unfit, Unanswered) as error:
            done.fail(self._telling.wrong(Wrong(str(error))))
        except Exception as error:
            done.fail(Wrong(f"not done: {type(error).__name__}"))
        return done

    def close(self) -> None:
        """Leave the service."""
        if isinstance(self._caller, Caller):
            self._caller.close()

    def _picture(self, step: Step, values: Values, done: Done) -> None:
        began_s = time.perf_counter()
        still = self._take_picture(step.camera)
        done.request_ms = (time.perf_counter() - began_s) * 1000
        if isinstance(still, NoStill):
            done.fail(self._telling.wrong(Wrong(still.why)))
            return
        done.label = still.label
        values.keep_picture(step.name, still)
        late = _late(step, done.request_ms)
        if late is not None:
            done.fail(late)

    def _ask(self, step: Step, values: Values, wait: Wait, done: Done, *, is_cleanup: bool) -> None:
        operation = self._operations.get(step.operation)
        if operation is None:
            done.fail(Wrong(f"the target has no operation {step.operation}"))
            return
        request = request_of(step, operation, values)
        poll = step.poll
        ends_s = time.perf_counter() + (poll.within_s if poll is not None else 0.0)
        while True:
            answer, wrong = self._once(step, operation, request, values, done, is_cleanup)
            left_s = ends_s - time.perf_counter()
            if poll is None or wrong is None or left_s < poll.every_s:
                break
            began_s = time.perf_counter()
            goes_on = wait(poll.every_s)
            done.wait_ms += (time.perf_counter() - began_s) * 1000
            if not goes_on:
                done.state, done.why, done.hashes = "skipped", STOPPED, 0
                return
        if wrong is None and poll is not None and left_s < 0:
            wrong = Wrong(
                f"right only {duration(round(-left_s, 1))} after {duration(poll.within_s)}"
            )
        if wrong is not None:
            done.fail(self._telling.wrong(wrong))
            done.exchange = self._telling.exchange(request, answer)

    def _once(
        self,
        step: Step,
        operation: Operation,
        request: Request,
        values: Values,
        done: Done,
        is_cleanup: bool,
    ) -> tuple[Answer | None, Wrong | None]:
        """The answer, and what is wrong with it or with its not coming."""
        if isinstance(self._caller, Unanswered):
            raise self._caller
        done.requests += 1
        done.hashes = 0
        began_s = time.perf_counter()
        try:
            answer = self._caller.ask(request, values.texts["round.id"], step.timeout_s)
        except Unanswered as error:
            return None, Wrong(str(error))
        finally:
            done.request_ms += (time.perf_counter() - began_s) * 1000
        if is_cleanup and operation.method == "DELETE" and answer.status in GONE:
            return answer, None
        return answer, self._judged(step, operation, answer, values, done)

    def _judged(
        self, step: Step, operation: Operation, answer: Answer, values: Values, done: Done
    ) -> Wrong | None:
        right = step.status or operation.status
        is_right = answer.status in right
        # Before all else: what was made must be known to who cleans up, however wrong it is.
        unsaved = None
        if is_right or 200 <= answer.status < 300:
            unsaved = _save(step, operation, answer, values)
        if not is_right:
            wanted = " or ".join(str(status) for status in right)
            why = refusal(answer.status, self._job.token)
            return Wrong(why or f"status {answer.status}, not {wanted}", wanted, f"{answer.status}")
        now_utc_s = time.time()
        for check in step.checks:
            try:
                part = part_of(answer, check.place, operation)
            except Missing as missing:
                return Wrong(str(missing))
            wrong = wrong_with(check, part, values.texts, now_utc_s)
            if wrong is not None:
                return wrong
            done.hashes += compares_hash(check)
        return unsaved or _late(step, answer.ms)


def _save(step: Step, operation: Operation, answer: Answer, values: Values) -> Wrong | None:
    """All that is there; what is not there is the first thing wrong."""
    wrong = None
    for name, place in step.save:
        try:
            part = part_of(answer, place, operation)
            if part is None:
                raise Missing(f"{place} is null")
        except Missing as missing:
            wrong = wrong or Wrong(str(missing))
            continue
        is_body = isinstance(part, bytes)
        values.keep(name, part, answer.headers.get("content-type", "") if is_body else "")
    return wrong


def _late(step: Step, ms: float) -> Wrong | None:
    if step.within_ms is None or ms <= step.within_ms:
        return None
    wanted, got = f"{count(step.within_ms)} ms", f"{count(ms)} ms"
    return Wrong(f"took {got}, not within {wanted}", f"within {wanted}", got)
