"""A stress's own checks as they stand in a pipeline, beside its thresholds."""

from __future__ import annotations

from typing import NamedTuple

from tui.core.model import RunView
from tui.reports import stress_words as words
from tui.reports.stress_findings import checks_of


class Told(NamedTuple):
    """A case: what fails it, else what it says or why it was skipped."""

    name: str
    failed: str
    output: str
    skipped: str = ""
    advice: str = ""
    time_s: float = 0.0
    """How long it took; 0: it is no part of the run by itself."""


def told_of(view: RunView) -> tuple[Told, ...]:
    """A case for each check, and one for the way back where no threshold has it."""
    stress = view.stress
    if stress is None:
        return ()
    cases = [
        Told(
            f"stress {check.name}",
            "; ".join(check.broken),
            check.output,
            "" if check.broken else check.skipped,
            check.advice,
        )
        for check in checks_of(view)
    ]
    is_judged = any(state.limit.metric == "recovery_s" for state in view.thresholds)
    if stress.recovery is not None and not is_judged:
        said = words.recovery_words(stress)
        skipped = said if stress.recovery.recovered_s is None else ""
        cases.append(Told("stress recovery", "", said, skipped))
    return tuple(cases)
