"""What a step does without asking the service for an operation."""

from __future__ import annotations

import time
from collections.abc import Callable

from tui.core.e2e.answer import NoDocument, document_of
from tui.core.e2e.checking import Wrong
from tui.core.e2e.deciding import decided
from tui.core.e2e.deed import Certificate, Decide, Make, NoSecrets, Restart, Simulate
from tui.core.e2e.found import Unreadable, sightings
from tui.core.e2e.making import damaged, noise
from tui.core.e2e.words import filled
from tui.core.e2e.workflow import Step
from tui.core.format import count, counted
from tui.ports import WorkflowJob
from tui.service.workflow.certificate import check_certificate
from tui.service.workflow.done import Done
from tui.service.workflow.request import NoValue
from tui.service.workflow.values import Blob, Values


class Deeds:
    """Does them, one after the other. `forget` is called where the service has been away."""

    def __init__(self, job: WorkflowJob, forget: Callable[[], None]) -> None:
        self._job = job
        self._forget = forget

    def do(self, step: Step, values: Values, done: Done) -> None:
        """One. Its words have values. Raises NoValue and Unanswered."""
        deed = step.deed
        if isinstance(deed, Make):
            values.keep_blob(step.name, _made(step.name, deed, values))
        elif isinstance(deed, Decide):
            self._decide(step.name, deed, values, done)
        elif isinstance(deed, Simulate):
            done.note = f"simulated: {filled(deed.text, values.texts)}"
        elif isinstance(deed, Restart):
            self._restart(done)
        elif isinstance(deed, Certificate):
            target = self._job.target
            check_certificate(self._job.url, target, deed.least_days, step.timeout_s, done)
        elif isinstance(deed, NoSecrets):
            _tell_leaks(values, done)
        else:
            raise TypeError(deed)

    def _decide(self, name: str, rule: Decide, values: Values, done: Done) -> None:
        try:
            found = document_of(_blob(rule.of, values).data)
            seen = sightings(found, self._job.target.detection)
        except NoDocument as why:
            done.fail(Wrong(f"{rule.of} {why}"))
            return
        except Unreadable as why:
            done.fail(Wrong(f"{rule.of} can't be read: {why}"))
            return
        texts = (rule.category, rule.then, rule.otherwise)
        category, then, otherwise = (filled(text, values.texts) for text in texts)
        outcome, done.note = decided(
            Decide(rule.of, category, rule.least_confidence, then, otherwise), seen
        )
        values.keep(name, outcome, "")

    def _restart(self, done: Done) -> None:
        restart = self._job.restart
        if restart is None:
            done.omit("the target has no restart in config.toml")
            return
        began_s = time.perf_counter()
        why = restart()
        took_s = time.perf_counter() - began_s
        done.request_ms = took_s * 1000
        self._forget()
        if why:
            done.fail(Wrong(why))
        else:
            done.note = f"back after {took_s:.1f} s"


def _made(name: str, deed: Make, values: Values) -> Blob:
    if deed.of:
        data = damaged(_blob(deed.of, values).data, deed.keep, deed.flip)
    elif deed.text is not None:
        data = filled(deed.text, values.texts).encode("utf-8", "replace")
    else:
        data = noise(deed.size_bytes or 0, name)
    return Blob(data, deed.content_type)


def _blob(name: str, values: Values) -> Blob:
    blob = values.blob(name)
    if blob is None:
        raise NoValue(name)
    return blob


def _tell_leaks(values: Values, done: Done) -> None:
    answers = values.answers
    if not (answers.looked_at or answers.by_headers):
        done.omit("no answer came before it")
        return
    part = f", {answers.in_part} of them in part" if answers.in_part else ""
    headers = f", headers alone of {count(answers.by_headers)} more" if answers.by_headers else ""
    done.note = f"{counted(answers.looked_at, 'answer')} before it looked at{part}{headers}"
    if answers.leaks:
        step, kind = answers.found[0]
        more = f" (and {answers.leaks - 1} more)" if answers.leaks > 1 else ""
        told = "; ".join(f"{name}: {what}" for name, what in answers.found)
        done.fail(Wrong(f"the answer of {step} has {kind}{more}", "no secrets", told))
