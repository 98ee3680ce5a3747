"""The verdict of a run, and the order in which reasons outrank each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from tui.core.events import RunEnded
from tui.core.format import count, counted, metric, metric_label, metric_unit
from tui.core.guards import ADVICE
from tui.core.limits import LimitState
from tui.core.proof import Proof, Shortfall
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


SHORTER_SEARCH = (
    "judge each level for less time (load.search.settle, load.search.window), or begin nearer to "
    "what it bears (load.search.from)"
)
FREER_SEARCH = "take the hindrance away, or search lower (load.search.to)"
TOO_LITTLE = Shortfall("", "run it longer")
"""Of a limit of which nobody knows why it has no figure."""
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


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What the verdict of a run that has ended is read off.

    The counts are those of the measured phase.
    """

    ended: RunEnded
    validity: Validity
    thresholds: tuple[LimitState, ...] = ()
    completed: int | None = None
    """Requests; None for a run that puts no load on anything."""
    succeeded: int = 0
    unjudged: int = 0
    """Requests outside the measured phase."""
    levels: tuple[int, ...] = ()
    """Numbers of users that were asked for by hand, behind the one before; empty: none was."""
    place: str = ""
    """Where in the load's course a limit was broken, if that is known."""
    search: BreakingPoint | None = None
    """What a search found: that its limits break at some level is no failure."""
    proof: Proof = Proof()
    """Of its stress, its cameras, its workflow or its storage."""


def decide(evidence: Evidence) -> Judgement:
    """The verdict of a run that has ended."""
    return (
        _of_its_end(evidence)
        or _of_its_worth(evidence)
        or (_of_search(evidence.search) if evidence.search is not None else None)
        or _of_failures(evidence)
        or _of_limits(evidence)
        or _passed(evidence)
    )


def _of_its_end(evidence: Evidence) -> Judgement | None:
    """Of a run that was not let to its end."""
    ended, detail = evidence.ended.reason, evidence.ended.detail
    if ended == "guard":
        return Judgement("ABORTED", detail, _advice_on(evidence.ended.guard))
    if ended == "crashed":
        return Judgement("INTERRUPTED", detail or "the run was cut off", "run it again")
    if ended == "stopped":
        return Judgement("INTERRUPTED", detail or "stopped by hand", "run it to its end")
    if evidence.proof.cut:
        return Judgement("INTERRUPTED", evidence.proof.cut, "run it to its end")
    return None


def _of_its_worth(evidence: Evidence) -> Judgement | None:
    """Of a run that proves nothing, whatever was measured."""
    ended, detail, validity = evidence.ended.reason, evidence.ended.detail, evidence.validity
    if validity.valid is False:
        return Judgement("INVALID", validity.reasons[0], validity.advice)
    if evidence.proof.undone:
        worst_one = evidence.proof.undone[0]
        return Judgement("INVALID", worst_one.reason, worst_one.advice)
    if ended == "shape-failed":
        return Judgement("INVALID", detail or "the shape failed", "mend the locustfile's shape")
    if ended == "workers-lost":
        return Judgement("INVALID", detail or "every worker was lost", "run it again")
    return None


def _of_failures(evidence: Evidence) -> Judgement | None:
    """Of a run whose limits need not be asked."""
    findings = evidence.proof.findings
    if findings:
        more = f", and {len(findings) - 1} more" if len(findings) > 1 else ""
        return Judgement("FAIL", findings[0] + more, evidence.proof.advice)
    if evidence.completed == 0 and evidence.unjudged:
        return Judgement(
            "FAIL", "the full level was never reached: nothing was measured", "spawn users faster"
        )
    if evidence.completed == 0:
        return Judgement("FAIL", "no request was completed", "is the target up?")
    return None


def _of_limits(evidence: Evidence) -> Judgement | None:
    """Of a run with a limit that was broken, or could not be judged."""
    ended, thresholds = evidence.ended.reason, evidence.thresholds
    broken = [state for state in thresholds if state.passed is False]
    if broken:
        worst_first = sorted(broken, key=lambda state: -(state.used or 0))
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        early = ", ended early" if ended == "threshold" and not evidence.place else ""
        return Judgement("FAIL", _broken_text(worst_first[0]) + more + evidence.place + early)
    if ended == "threshold":
        # What was still in flight may have brought the figure back: the abort stands.
        return Judgement("FAIL", evidence.ended.detail or "a limit was broken")
    if evidence.completed is not None and evidence.succeeded == 0:
        # Refused connections are quick: without an error limit they would pass.
        failed = f"all {count(evidence.completed)} requests failed"
        return Judgement("FAIL", failed, "is the target up?")
    unjudged_metrics = [
        state.limit.metric
        for state in thresholds
        if state.passed is None and state.limit.metric not in evidence.proof.exempt
    ]
    return _unjudged(unjudged_metrics, evidence.proof.unjudged) if unjudged_metrics else None


def _unjudged(metrics: Sequence[str], known: Mapping[str, Shortfall]) -> Judgement:
    """Of limits without a figure, each with its own reason; those of one reason stand together."""
    lacks: dict[Shortfall, list[str]] = {}
    for name in metrics:
        lacks.setdefault(known.get(name, TOO_LITTLE), []).append(metric_label(name))
    said = (
        f"{', '.join(names)} could not be judged{each.reason and ': '}{each.reason}"
        for each, names in lacks.items()
    )
    advice = dict.fromkeys(each.advice for each in lacks)
    return Judgement("INVALID", "; ".join(said), "; ".join(advice))


def _passed(evidence: Evidence) -> Judgement:
    levels, done = evidence.levels, evidence.proof.done
    also = f", {levels_text(levels)}" if len(set(levels)) > 1 else ""
    if evidence.completed is None:
        return Judgement("PASS", f"{done}, within all limits")
    under = f" under {done}" if done else ""
    requests = counted(evidence.completed, "request")
    if evidence.proof.is_work:
        return Judgement("PASS", f"{done} under {requests}, within all limits{also}")
    return Judgement("PASS", f"{requests} within all limits{under}{also}")


def _of_search(search: BreakingPoint) -> Judgement:
    text = found(search)
    advice = SHORTER_SEARCH if search.ended_by == "stop" else FREER_SEARCH
    if search.last_good is None:
        if search.first_bad is None:
            return Judgement("INVALID", text, advice)
        return Judgement("FAIL", text, "look at the service under a single user")
    if search.confirmed is False:
        return Judgement("FAIL", f"{text}; a lower level did not hold for longer")
    if search.ended_by in SEARCHED or search.first_bad is not None:
        return Judgement("PASS", text)
    return Judgement("INVALID", text, advice)


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
