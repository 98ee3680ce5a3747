"""What became of each run that was asked for: it ended, or it did not happen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from tui.core.model import RunView
from tui.core.verdict import EXIT_CODES, Verdict, worst

Absence = Literal["REFUSED", "INTERRUPTED", "NOT STARTED"]
Overall = Verdict | Literal["INCOMPLETE"]
INCOMPLETE_EXIT = 1


class NotRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that was asked for and did not happen."""

    scenario: str
    kind: str
    target: str
    """Empty for one that asks no service."""
    is_demo: bool
    status: Absence
    """INTERRUPTED: somebody wanted no more. NOT STARTED: a run before it kept it from that."""
    why: str
    at_utc: float
    """When that was clear, seconds since the epoch."""
    campaign: str = ""
    rung: int = 0
    rungs: int = 0
    refused_exit: int = INCOMPLETE_EXIT
    """The exit code that belongs to a refusal."""


Outcome = RunView | NotRun


def asked_text(scenario: str, target: str) -> str:
    """`smoke on demo`; the scenario alone where it asks no service."""
    return f"{scenario} on {target}" if target else scenario


def status(outcome: Outcome) -> str:
    """One word: the verdict, RUNNING, or why there is none."""
    if isinstance(outcome, NotRun):
        return outcome.status
    return outcome.judgement.verdict if outcome.judgement else "RUNNING"


def views(outcomes: Iterable[Outcome]) -> list[RunView]:
    """Those that happened."""
    return [outcome for outcome in outcomes if isinstance(outcome, RunView)]


def absent(outcomes: Iterable[Outcome]) -> list[NotRun]:
    """Those that did not."""
    return [outcome for outcome in outcomes if isinstance(outcome, NotRun)]


def overall(outcomes: Sequence[Outcome]) -> Overall | None:
    """The worst verdict. PASS needs every run that was asked for; None while one goes on."""
    known: list[Verdict] = []
    for outcome in outcomes:
        if isinstance(outcome, NotRun):
            known += ["INTERRUPTED"] if outcome.status == "INTERRUPTED" else []
        elif outcome.judgement is None:
            return None
        else:
            known.append(outcome.judgement.verdict)
    verdict = worst(known)
    if verdict in (None, "PASS") and absent(outcomes):
        return "INCOMPLETE"
    return verdict


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """The one of `overall`; where runs are merely lacking, the least of the refusals'."""
    verdict = overall(outcomes)
    if verdict == "INCOMPLETE":
        missing = absent(outcomes)
        refusals = [each.refused_exit for each in missing if each.status == "REFUSED"]
        return min(refusals, default=INCOMPLETE_EXIT)
    return EXIT_CODES[verdict] if verdict else 0


def with_missing_rungs(found: Sequence[RunView]) -> list[Outcome]:
    """Kept runs, oldest first, and behind each climb of a campaign the rungs that it lacks.

    A rung that was interrupted and climbed again proves by its second run alone.
    """
    asked = [view for view in found if not _was_climbed_again(view, found)]
    outcomes: list[Outcome] = []
    for view, following in pairwise([*asked, None]):
        assert view is not None
        outcomes.append(view)
        if following is None or not _climbs_on(view, following):
            outcomes += _missing(view)
    return outcomes


def _was_climbed_again(view: RunView, found: Sequence[RunView]) -> bool:
    facts = view.facts
    if not facts.climb or status(view) not in ("INTERRUPTED", "RUNNING"):
        return False
    return any(
        each.facts.climb == facts.climb
        and each.facts.rung == facts.rung
        and each.facts.started_at > facts.started_at
        for each in found
    )


def _climbs_on(view: RunView, following: RunView) -> bool:
    here, there = view.facts, following.facts
    return here.campaign == there.campaign and there.rung == here.rung + 1


def _missing(view: RunView) -> list[NotRun]:
    facts = view.facts
    if not facts.campaign:
        return []
    return [
        NotRun(
            scenario=f"rung {rung} of {facts.campaign}",
            kind=facts.scenario.kind,
            target=facts.target.name,
            is_demo=facts.is_demo,
            status="NOT STARTED",
            why=f"nothing is kept of rung {rung} of {facts.rungs}",
            at_utc=facts.started_at + (view.ended_s or 0.0),
            campaign=facts.campaign,
            rung=rung,
            rungs=facts.rungs,
        )
        for rung in range(facts.rung + 1, facts.rungs + 1)
    ]
