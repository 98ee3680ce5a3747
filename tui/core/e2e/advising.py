"""What to do about a step that failed, by what it was and what the service answered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.core.config import Target
from tui.core.e2e.deed import Certificate, Deed, NoSecrets, Restart
from tui.core.e2e.view import FailedStep, StepView
from tui.core.e2e.workflow import Step

AGAIN = "run it again; the log may say why"
_HASH = re.compile(r"[0-9a-f]{64}")
_POINTER = re.compile(r"object \d+ has no (/\S+)")
_SLOW = re.compile(r"took .*, not within |95 of 100 items take up to ")
_GONE = (404, 405)


def advice_on(
    failed: FailedStep, step: Step, target: Target, steps: Iterable[tuple[Step, StepView]]
) -> str:
    """One line; `steps`: all of the workflow as they stand, of which some may have passed."""
    log = f"look for {failed.correlation} in the service's log"
    if step.takes_picture:
        camera = f" {step.camera}" if step.camera else ""
        return f"see what the camera gives: jetproof camera probe{camera}"
    if step.deed is not None:
        return _on_deed(step.deed)
    if (pointer := _POINTER.search(failed.why)) is not None:
        return f"see {_detection_key(pointer[1], target)} of config.toml"
    exchange = failed.exchange
    if exchange is None:
        return log
    if exchange.status is None:
        return f"see whether the service is up and its address right, then {log}"
    if exchange.status in (401, 403):
        return _on_refusal(step, log)
    if exchange.status in _GONE:
        return _on_gone(step, target, steps, log)
    return f"{_meaning(failed, exchange.status)}{log}"


def _on_deed(deed: Deed) -> str:
    if isinstance(deed, NoSecrets):
        return "take what was found out of the service's answers, and change each secret among it"
    if isinstance(deed, Certificate):
        return "renew the certificate that the service shows, or mend what it shows with it"
    if isinstance(deed, Restart):
        return "see `restart` of the target in config.toml, and the log of the service"
    return AGAIN


def _detection_key(pointer: str, target: Target) -> str:
    """Which key of the configuration has that pointer, if one has."""
    table = f"[targets.{target.name}.detection]"
    shape = target.detection
    keys = (key for key in ("category", "confidence", "box") if getattr(shape, key) == pointer)
    return f"{next(keys, 'category, confidence and box')} in {table}"


def _on_refusal(step: Step, log: str) -> str:
    if step.bearer is None:
        return "see the token of the target, and what it may do"
    return f"see what its own bearer token may do on the service; {log}" if step.bearer else log


def _on_gone(step: Step, target: Target, steps: Iterable[tuple[Step, StepView]], log: str) -> str:
    if any(_has_answered(each, view, step.operation) for each, view in steps):
        operation = next((one for one in target.operations if one.name == step.operation), None)
        of_one = operation is not None and "{" in operation.path
        missing = "it was there and is gone, or never came to be" if of_one else "not this time"
        return f"{step.operation} was answered in this run, but {missing}: {log}"
    table = f"[targets.{target.name}.operations.{step.operation}]"
    return f"see method and path in {table} of config.toml; {log}"


def _has_answered(step: Step, view: StepView, operation: str) -> bool:
    """Whether the operation gave what is there: who wants a 404 shows nothing by it."""
    wants_nothing = bool(step.status) and all(status >= 400 for status in step.status)
    has_passed = view.passed > 0 or view.items > view.items_failed
    return step.operation == operation and not wants_nothing and has_passed


def _meaning(failed: FailedStep, status: int) -> str:
    """In front of where to look."""
    if status >= 500:
        return "the service broke down on it: "
    if _HASH.fullmatch(failed.wanted):
        return "bytes are not those that were sent, so see what the service keeps: "
    if _SLOW.match(failed.why):
        return "see what kept the service busy then: "
    return ""
