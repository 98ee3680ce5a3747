"""One operation that a step asks for, until the answer is right."""

from __future__ import annotations

import time

from tui.core.e2e.answer import Answer, Missing, part_of
from tui.core.e2e.checking import Wrong, compares_hash, wrong_in
from tui.core.e2e.deed import NoSecrets
from tui.core.e2e.operation import Operation
from tui.core.e2e.workflow import Check, Step
from tui.core.format import count, duration
from tui.ports import WorkflowJob
from tui.service.health_check import Unanswered, refusal
from tui.service.workflow.caller import Caller
from tui.service.workflow.done import Done, Wait
from tui.service.workflow.files import read_file
from tui.service.workflow.left import GONE
from tui.service.workflow.request import Request, request_of
from tui.service.workflow.schemas import Schemas
from tui.service.workflow.telling import Telling
from tui.service.workflow.under_way import UnderWay
from tui.service.workflow.values import Values


class Asking:
    """Asks for operations, one after the other, on a connection that is kept."""

    def __init__(self, job: WorkflowJob, under_way: UnderWay) -> None:
        self.answer: Answer | None = None
        """The last one that came."""
        self._job = job
        self._under_way = under_way
        self._schemas = Schemas(job.openapi) if job.openapi is not None else None
        self._is_searched = any(isinstance(step.deed, NoSecrets) for step in job.workflow.steps)
        # Not in the first step, which would be told as slower than its requests.
        self._caller: Caller | Unanswered
        try:
            self._caller = Caller(job.url, job.target, job.token)
        except Unanswered as error:
            self._caller = error

    def forget(self) -> None:
        """Leave the service; the next request makes a connection again."""
        if isinstance(self._caller, Caller):
            self._caller.close()

    def do(
        self,
        step: Step,
        operation: Operation,
        values: Values,
        wait: Wait,
        done: Done,
        *,
        is_cleanup: bool,
    ) -> None:
        """One step. Raises NoValue, Unfit and Unanswered."""
        is_sent = bool(step.file) and not step.without_file
        file = read_file(self._job.folder, step.file) if is_sent else None
        request = request_of(step, operation, values, file)
        if step.leave_after_s is not None:
            self._leave(step, step.leave_after_s, request, values, wait, done)
            return
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
                done.stop()
                return
        if wrong is None and poll is not None and left_s < 0:
            wrong = Wrong(
                f"right only {duration(round(-left_s, 1))} after {duration(poll.within_s)}"
            )
        if wrong is not None:
            telling = Telling(self._job.token, *values.secrets)
            done.fail(wrong)
            done.exchange = telling.exchange(request, answer)

    def _reached(self) -> Caller:
        if isinstance(self._caller, Unanswered):
            raise self._caller
        return self._caller

    def _leave(
        self,
        step: Step,
        after_s: float,
        request: Request,
        values: Values,
        wait: Wait,
        done: Done,
    ) -> None:
        caller = self._reached()
        done.requests += 1
        began_s = time.perf_counter()
        try:
            with self._under_way.asking():
                caller.leave(request, values.texts["round.id"], step.timeout_s, after_s, wait)
        finally:
            done.request_ms += (time.perf_counter() - began_s) * 1000
        done.note = f"left {count(after_s * 1000)} ms after it began to send"

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
        caller = self._reached()
        done.requests += 1
        done.hashes = 0
        began_s = time.perf_counter()
        try:
            with self._under_way.asking():
                answer = caller.ask(request, values.texts["round.id"], step.timeout_s)
            self.answer = answer
        except Unanswered as error:
            return None, Wrong(str(error))
        finally:
            done.request_ms += (time.perf_counter() - began_s) * 1000
        secrets = (self._job.token, *values.secrets)
        if is_cleanup and operation.method == "DELETE" and answer.status in GONE:
            return answer, None
        wrong = self._judged(step, operation, answer, values, done)
        if self._is_searched:
            meant = [values.texts.get(name, "") for name, _ in step.save if values.is_secret(name)]
            values.answers.look_at(step.name, answer, secrets, meant)
        return answer, wrong

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
            # Of another token than the target's the configuration says nothing.
            why = refusal(answer.status, self._job.token) if step.bearer is None else ""
            why = why or self._undocumented(step, answer.status)
            return Wrong(why or f"status {answer.status}, not {wanted}", wanted, f"{answer.status}")
        now_utc_s = time.time()
        for check in step.checks:
            wrong = self._wrong(check, operation, answer, values, now_utc_s)
            if wrong is not None:
                return wrong
            done.hashes += compares_hash(check)
        return unsaved or late(step, answer.ms)

    def _undocumented(self, step: Step, status: int) -> str:
        pointer = next((check.schema for check in step.checks if check.schema), "")
        if not pointer or self._schemas is None or self._schemas.knows(pointer, status):
            return ""
        return f"status {status} is not in its OpenAPI"

    def _wrong(
        self, check: Check, operation: Operation, answer: Answer, values: Values, now_utc_s: float
    ) -> Wrong | None:
        if check.schema:
            if self._schemas is None:
                return Wrong("its OpenAPI is not known")
            return self._schemas.wrong_with(check.schema, answer)
        shape = self._job.target.detection
        return wrong_in(check, answer, operation, values.texts, now_utc_s, shape)


def late(step: Step, ms: float) -> Wrong | None:
    """It took too long; None where it did not."""
    if step.within_ms is None or ms <= step.within_ms:
        return None
    wanted, got = f"{count(step.within_ms)} ms", f"{count(ms)} ms"
    return Wrong(f"took {got}, not within {wanted}", f"within {wanted}", got)


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
