"""Steps of a site's days on a service that knows nothing of them: they pass, or find faults."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.trial import Case, Trial, fails_alone
from tests.lib.sorter.service import Sorter

ONE_ROUND = {"e2e.rounds": 1, "e2e.every": "0s"}
FEW_WAITS = {"poll.every": "100ms", "poll.within": "400ms"}


def waits(*steps: str) -> dict[str, Any]:
    """These steps ask again for no longer than a test likes."""
    return {f"e2e.steps.{step}.{key}": text for step in steps for key, text in FEW_WAITS.items()}


SHORTER: dict[str, dict[str, Any]] = {
    "shift-start": {
        **ONE_ROUND,
        "e2e.steps.frames.repeat": 6,
        "e2e.steps.warm-up.repeat": 2,
    },
    "end-of-day": {
        "e2e.steps.captured.repeat": 6,
        "e2e.steps.report.pages.size": 4,
        **waits("report", "cleared"),
    },
    "maintenance-window": {
        "e2e.steps.store.repeat": 6,
        "e2e.steps.records.pages.size": 4,
        **waits("records"),
    },
    "rush-hour": {
        **ONE_ROUND,
        "e2e.steps.burst.repeat": 8,
        "e2e.steps.store.repeat": 3,
        **waits("none", "two", "three"),
    },
}
OMITTED = {"maintenance-window": ["certificate"]}
"""What does not apply to a service that speaks plain HTTP on this machine."""


CASES = (
    Case("shift-start", "alive", "status", "status"),
    Case("shift-start", "login", "session", "missing"),
    Case("shift-start", "warm-up", "detect", "status", 1, 1),
    Case("shift-start", "self-test", "detect", "blind", 2),
    Case("shift-start", "frames", "keep", "stale", 3, 1),
    Case("shift-start", "looked-at", "detect", "missing", 4, 1),
    Case("shift-start", "newest", "list", "status"),
    Case("end-of-day", "captured", "keep", "wrong-hash", 3, 1),
    Case("end-of-day", "report", "list", "hides"),
    Case("end-of-day", "report", "list", "poor"),
    Case("end-of-day", "retrieved", "give", "flipped", 3, 1),
    Case("end-of-day", "retention", "drop", "status", 3, 1),
    Case("maintenance-window", "empty", "detect", "ghost"),
    Case("maintenance-window", "box", "detect", "shifted", 1),
    Case("maintenance-window", "three", "detect", "misnamed", 2),
    Case("maintenance-window", "store", "keep", "wrong-hash", 3, 1),
    Case("maintenance-window", "scrub", "give", "flipped", 3, 1),
    Case("maintenance-window", "records", "list", "twice"),
    Case("maintenance-window", "scrub-again", "give", "flipped", 8, 1),
    Case("maintenance-window", "no-secrets", "keep", "leaks"),
    Case("rush-hour", "none", "detect", "ghost"),
    Case("rush-hour", "two", "detect", "blind", 1),
    Case("rush-hour", "burst", "detect", "status", 3, 1),
    Case("rush-hour", "three", "detect", "misnamed", 10),
    Case("rush-hour", "store", "keep", "stale", 1, 1),
    Case("rush-hour", "retrieve", "give", "others", 1, 1),
)


def tried(name: str, service: Sorter) -> Trial:
    return Trial(name, service, SHORTER[name])


@pytest.mark.parametrize("name", SHORTER)
def test_it_passes_and_leaves_nothing(name: str, service: Sorter) -> None:
    trial = tried(name, service)
    assert trial.failed == {}
    omitted = OMITTED.get(name, [])
    assert trial.called("omitted") == omitted
    assert trial.called("passed") == [each for each in trial.workflow.names if each not in omitted]
    assert [(each.is_complete, each.left) for each in trial.rounds] == [(True, 0)]
    assert service.stored == 0


@pytest.mark.parametrize("case", CASES, ids=Case.id)
def test_a_fault_fails_its_step_alone_and_all_is_cleaned_up(case: Case, service: Sorter) -> None:
    fails_alone(case, service, tried)


def test_the_days_archive_is_as_what_was_captured(service: Sorter) -> None:
    trial = tried("end-of-day", service)
    assert trial.of("archive").note.startswith("6 files, ")
    assert trial.of("report").note == "6 of 6 there, 0 twice, 0 orphans"
    assert trial.of("cleared").note == "0 orphans"


def test_what_the_retention_did_not_delete_is_an_orphan(service: Sorter) -> None:
    service.faults.plant("drop", "does-nothing", 0, 2)
    trial = tried("end-of-day", service)
    assert list(trial.failed) == ["cleared"]
    assert service.stored == 0


def test_nobody_logs_in_where_there_are_no_accounts(service: Sorter) -> None:
    trial = Trial("shift-start", service, SHORTER["shift-start"], secrets={})
    assert trial.called("omitted") == ["login"]
    assert trial.failed == {}
