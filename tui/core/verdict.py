"""The verdict of a run, and the order in which reasons outrank each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from tui.core.events import RunEnded
from tui.core.format import count, counted, metric, metric_label, metric_unit
from tui.core.guards import ADVICE
from tui.core.limits import LimitState
from tui.core.search import BreakingPoint
from tui.core.search_words import found
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


SEARCHED = ("target", "cap", "saturation")
"""Ends of a search that found what was looked for."""


class Judgement(msgspec.Struct, frozen=True):
    """A verdict with its one-line reason and what to do about it."""

    verdict: Verdict
    reason: str
    advice: str = ""


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The verdict that stands for several runs; None without any."""
    return min(verdicts, key=PRECEDENCE.index, default=None)


def decide(
    event: RunEnded,
    thresholds: Sequence[LimitState],
    validity: Validity,
    completed: int | None,
    succeeded: int,
    levels: Sequence[int] = (),
    unjudged: int = 0,
    place: str = "",
    findings: Sequence[str] = (),
    done: str = "",
    search: BreakingPoint | None = None,
    cut: str = "",
    undone: Sequence[str] = (),
) -> Judgement:
    """The verdict of a run that has ended. The counts are those of the measured phase.

    `completed` is None for a run that puts no load on anything. `levels` are the numbers of users
    that were asked for by hand, behind the one before; empty if none was. `place` says where in the
    load's course a limit was broken, if that is known. `findings` fail the run beside its limits,
    the weightiest first; `done` is what it did beside its requests. `search` is what a search for
    the breaking point found: that its limits break at some level is no failure. `cut` is why less
    was done than was asked for, `undone` why what was done shows nothing.
    """
    ended, detail = event.reason, event.detail
    if ended == "guard":
        return Judgement("ABORTED", detail, _advice_on(event.guard))
    if ended == "crashed":
        return Judgement("INTERRUPTED", detail or "the run was cut off", "run it again")
    if ended == "stopped":
        return Judgement("INTERRUPTED", detail or "stopped by hand", "run it to its end")
    if cut:
        return Judgement("INTERRUPTED", cut, "run it to its end")
    if validity.valid is False:
        return Judgement("INVALID", validity.reasons[0], validity.advice)
    if undone:
        return Judgement("INVALID", undone[0], "leave the board alone and run it again")
    if ended == "shape-failed":
        return Judgement("INVALID", detail or "the shape failed", "mend the locustfile's shape")
    if ended == "workers-lost":
        return Judgement("INVALID", detail or "every worker was lost", "run it again")
    if search is not None:
        return _of_search(search)
    if findings:
        more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
        return Judgement("FAIL", findings[0] + more)
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
    if completed is not None and succeeded == 0:
        # Refused connections are quick: without an error limit they would pass.
        return Judgement("FAIL", f"all {count(completed)} requests failed", "is the target up?")
    unjudged_limits = [state.limit.metric for state in thresholds if state.passed is None]
    if unjudged_limits:
        names = ", ".join(metric_label(name) for name in unjudged_limits)
        is_recovery = unjudged_limits == ["recovery_s"]
        advice = "watch it longer (stress.after)" if is_recovery else "run it longer"
        return Judgement("INVALID", f"{names} could not be judged", advice)
    also = f", {levels_text(levels)}" if len(set(levels)) > 1 else ""
    if completed is None:
        return Judgement("PASS", f"{done}, within all limits")
    under = f" under {done}" if done else ""
    return Judgement("PASS", f"{counted(completed, 'request')} within all limits{under}{also}")


def _of_search(search: BreakingPoint) -> Judgement:
    text = found(search)
    if search.last_good is None:
        if search.first_bad is None:
            return Judgement("INVALID", text, "run it longer")
        return Judgement("FAIL", text, "look at the service under a single user")
    if search.confirmed is False:
        return Judgement("FAIL", f"{text}; a lower level did not hold for longer")
    if search.ended_by in SEARCHED or search.first_bad is not None:
        return Judgement("PASS", text)
    return Judgement("INVALID", text, "take the hindrance away, or search lower (load.search.to)")


def levels_text(levels: Sequence[int]) -> str:
    """What became of the scenario's level, which is the first: somebody changed it by hand."""
    lowest, highest = min(levels), max(levels)
    return f"users changed by hand: {lowest} to {highest} instead of {levels[0]}"


def _broken_text(state: LimitState) -> str:
    name = state.limit.metric
    unit = metric_unit(name)
    observed, limit = (
        f"{metric(name, value)} {unit}".rstrip() for value in (state.observed, state.limit.value)
    )
    # What was waited for did not come: there is no figure, and yet it is broken.
    seen = "never" if state.observed is None else observed
    return f"{metric_label(name)} {seen}, limit {limit}"


def _advice_on(guard: str) -> str:
    return next((advice for name, advice in ADVICE.items() if name == guard), ADVICE["heat"])
