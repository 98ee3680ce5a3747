"""The verdict of a run, and the order in which reasons outrank each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from tui.core.events import EndReason
from tui.core.format import count, counted, metric, metric_label, metric_unit
from tui.core.limits import LimitState
from tui.core.validity import Validity

Verdict = Literal["ABORTED", "INTERRUPTED", "INVALID", "FAIL", "PASS"]
PRECEDENCE: tuple[Verdict, ...] = ("ABORTED", "INTERRUPTED", "INVALID", "FAIL", "PASS")
EXIT_CODES: dict[Verdict, int] = {
    "PASS": 0,
    "FAIL": 1,
    "ABORTED": 4,
    "INVALID": 5,
    "INTERRUPTED": 130,
}


class Judgement(msgspec.Struct, frozen=True):
    """A verdict with its one-line reason and what to do about it."""

    verdict: Verdict
    reason: str
    advice: str = ""


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The verdict that stands for several runs; None without any."""
    return min(verdicts, key=PRECEDENCE.index, default=None)


def decide(
    ended: EndReason,
    detail: str,
    thresholds: Sequence[LimitState],
    validity: Validity,
    completed: int,
    succeeded: int,
    levels: Sequence[int] = (),
    unjudged: int = 0,
    place: str = "",
) -> Judgement:
    """The verdict of a run that has ended. The counts are those of the measured phase.

    `levels` are the numbers of users that were asked for by hand, behind the one before; empty if
    none was. `place` says where in the load's course a limit was broken, if that is known.
    """
    if ended == "guard":
        advice = "let the board cool, and see to its fan, its heat sink and the air around it"
        return Judgement("ABORTED", detail, advice)
    if ended == "crashed":
        return Judgement("INTERRUPTED", detail or "the run was cut off", "run it again")
    if ended == "stopped":
        return Judgement("INTERRUPTED", detail or "stopped by hand", "run it to its end")
    if validity.valid is False:
        return Judgement("INVALID", validity.reasons[0], validity.advice)
    if ended == "shape-failed":
        return Judgement("INVALID", detail or "the shape failed", "mend the locustfile's shape")
    if ended == "workers-lost":
        return Judgement("INVALID", detail or "every worker was lost", "run it again")
    if completed == 0 and unjudged:
        return Judgement(
            "FAIL", "the full level was never reached: nothing was measured", "spawn users faster"
        )
    if completed == 0:
        return Judgement("FAIL", "no request was completed", "is the target up?")
    broken = [state for state in thresholds if state.passed is False]
    if broken:
        worst_first = sorted(broken, key=lambda state: -(state.used or 0))
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        early = ", ended early" if ended == "threshold" and not place else ""
        return Judgement("FAIL", _broken_text(worst_first[0]) + more + place + early)
    if ended == "threshold":
        # What was still in flight may have brought the figure back: the abort stands.
        return Judgement("FAIL", detail or "a limit was broken")
    if succeeded == 0:
        # Refused connections are quick: without an error limit they would pass.
        return Judgement("FAIL", f"all {count(completed)} requests failed", "is the target up?")
    unjudged_limits = [state.limit.metric for state in thresholds if state.passed is None]
    if unjudged_limits:
        names = ", ".join(metric_label(name) for name in unjudged_limits)
        return Judgement("INVALID", f"{names} could not be judged", "run it longer")
    also = f", {levels_text(levels)}" if len(set(levels)) > 1 else ""
    return Judgement("PASS", f"{counted(completed, 'request')} within all limits{also}")


def levels_text(levels: Sequence[int]) -> str:
    """What became of the scenario's level, which is the first: somebody changed it by hand."""
    lowest, highest = min(levels), max(levels)
    return f"users changed by hand: {lowest} to {highest} instead of {levels[0]}"


def _broken_text(state: LimitState) -> str:
    name = state.limit.metric
    unit = metric_unit(name)
    figure = metric(name, state.observed)
    return (
        f"{metric_label(name)} {figure}{unit and ' ' + unit}, "
        f"limit {metric(name, state.limit.value)}{unit and ' ' + unit}"
    )
