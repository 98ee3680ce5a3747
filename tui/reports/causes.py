"""What usually lies behind each class of failure, and where to look next."""

from __future__ import annotations

from typing import NamedTuple

from tui.core.failure import FailureClass
from tui.core.model import RunView
from tui.reports.outage import outage_words
from tui.reports.own_doing import faults_behind, names_of, on_fault


class Cause(NamedTuple):
    """A class of failure in plain words."""

    means: str
    causes: tuple[str, ...]
    look: str
    """What to do next."""


THROTTLED = "the board throttled"
DOWN = "the service is down or was restarting"
CAUSES: dict[FailureClass, Cause] = {
    "connect": Cause(
        "no connection to the service, or one that broke",
        (
            DOWN,
            "its listen queue is full, or it is out of file descriptors",
            "a firewall, a wrong address or a wrong certificate",
        ),
        "see whether the service restarted during the run, and its log at the first failure",
    ),
    "timeout": Cause(
        "no answer within the scenario's timeout",
        (
            "the inference queue grows faster than it is worked off",
            "the service is stuck: a lock, a full disk, a camera that does not answer",
            THROTTLED,
        ),
        "compare the users at the first time-out with what the service carries; "
        "look at heat and clocks at that moment",
    ),
    "4xx": Cause(
        "the service refused the request",
        (
            "a token that is missing or has expired (401, 403)",
            "a wrong path or body: another version of the service (404, 422)",
            "a rate limit, or load shedding as intended (429)",
        ),
        "read the answer in the sample, and try the same request by hand",
    ),
    "5xx": Cause(
        "the service failed at a request that it had accepted",
        (
            "an exception in the service",
            "GPU or main memory ran out",
            "overload that it sheds (503), or a proxy before it that gave up (502, 504)",
        ),
        "read the service's log at the first failure, and its memory",
    ),
    "payload": Cause(
        "an answer came, but not what the scenario expects",
        (
            "another version of the service or of its model",
            "an answer that was cut off",
            "the scenario expects a wrong thing",
        ),
        "compare the sample with what the locustfile checks",
    ),
    "integrity": Cause(
        "what was stored came back changed or not at all",
        ("a write that was not synced", "a full or failing disk", "two writers of one object"),
        "check the disk's health and free space before anything else",
    ),
    "user": Cause(
        "the locustfile itself marked the request as failed, or failed at it",
        ("a check of the locustfile's own", "a mistake in the locustfile"),
        "read the message, then the task that sends this request",
    ),
}


def cause_of(failure_class: str) -> Cause | None:
    """What a class means; None for one that only another version knows."""
    return next((cause for name, cause in CAUSES.items() if name == failure_class), None)


def _class_of(cause: Cause) -> FailureClass:
    return next(name for name, known in CAUSES.items() if known is cause)


def look_for(view: RunView, cause: Cause) -> str:
    """What to do next about failures of a class, from what the board saw of the service.

    Nothing of the board is looked at where faults of the run's own explain them all.
    """
    outage = outage_words(view) if DOWN in cause.causes else ""
    if outage:
        return f"{outage}: read its log of just before that"
    return on_fault(view) if faults_behind(view, _class_of(cause)) else cause.look


def causes_words(view: RunView, cause: Cause) -> str:
    """The usual causes in a sentence, or the run's own faults that explain all of them."""
    faults = faults_behind(view, _class_of(cause))
    if faults and not (DOWN in cause.causes and outage_words(view)):
        return f"All of them came under {names_of(faults)}."
    return f"Usual causes: {'; '.join(causes_in(view, cause))}."


def causes_in(view: RunView, cause: Cause) -> tuple[str, ...]:
    """The usual causes, less the one that the board's figures rule out, or what they show first."""
    outage = outage_words(view) if DOWN in cause.causes else ""
    if outage:
        return (f"{outage}, as the board saw", *(each for each in cause.causes if each != DOWN))
    if THROTTLED not in cause.causes:
        return cause.causes
    others = tuple(each for each in cause.causes if each != THROTTLED)
    if view.is_throttled:
        return (f"{THROTTLED}, as it did in this run", *others)
    return others if view.is_throttled is False else cause.causes
