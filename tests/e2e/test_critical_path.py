"""The shipped smoke suite on a service that knows nothing of it: sixteen tests, each for itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.trial import CATALOGUE, STILL, Trial
from tests.lib.sorter.faults import Kind
from tests.lib.sorter.service import Sorter, sorter
from tests.lib.target import self_signed
from tui.core.e2e.smoke_test import SmokeTest
from tui.ports import NoStill, Still

NAME = "critical-path"
QUICK: dict[str, Any] = {
    "smoke.tests.SMK-10.steps.store-ten.repeat": 3,
    "smoke.tests.SMK-16.steps.predict-quick.repeat": 3,
    "smoke.tests.SMK-10.steps.records.poll": {"every": "50ms", "within": "50ms"},
    "smoke.tests.SMK-15.steps.health-quick.within_ms": 10_000,
    "smoke.tests.SMK-16.steps.predict-quick.p95_ms": 10_000,
}
"""Few items, and limits that no busy machine breaks."""
LIMITS: dict[str, dict[str, Any]] = {
    "SMK-15": {"smoke.tests.SMK-15.steps.health-quick.within_ms": 100},
    "SMK-16": {"smoke.tests.SMK-16.steps.predict-quick.p95_ms": 100},
}
"""Of the tests that look at nothing else: a service with a fault breaks them on any machine."""
GROUPS = {"health": 4, "journeys": 4, "integrity": 2, "security": 4, "performance": 2}


class Case(NamedTuple):
    """What a test plants, and which test of the suite must find it."""

    test: str
    operation: str
    kind: Kind
    after: int = 0
    most: int = 1


CASES = (
    Case("SMK-01", "status", "status"),
    Case("SMK-02", "detect", "missing"),
    Case("SMK-04", "list", "status"),
    Case("SMK-05", "detect", "missing", 1),
    Case("SMK-06", "detect", "missing", 2),
    Case("SMK-07", "give", "status"),
    Case("SMK-08", "list", "hides", 1),
    Case("SMK-09", "keep", "wrong-hash", 1),
    Case("SMK-09", "give", "flipped", 1),
    Case("SMK-10", "list", "hides", 2, 3),
    Case("SMK-10", "list", "twice", 2, 3),
    Case("SMK-10", "give", "others", 2),
    Case("SMK-11", "list", "open", 3),
    Case("SMK-13", "status", "bare", 1),
    Case("SMK-14", "status", "leaks"),
    Case("SMK-15", "status", "slow", 2),
    Case("SMK-16", "detect", "slow", 3, 3),
)


def suite() -> tuple[SmokeTest, ...]:
    workflow = CATALOGUE.scenario(NAME).workflow
    assert workflow is not None
    return workflow.tests


def failed_tests(trial: Trial) -> list[str]:
    """The ids of those with a step that failed."""
    return [test.id for test in suite() if set(test.steps) & set(trial.failed)]


def test_it_has_the_promised_tests_in_their_groups() -> None:
    assert [test.id for test in suite()] == [f"SMK-{number:02}" for number in range(1, 17)]
    assert Counter(test.group for test in suite()) == GROUPS


def test_it_passes_and_leaves_nothing(service: Sorter) -> None:
    trial = Trial(NAME, service, QUICK)
    assert trial.failed == {}
    assert trial.called("omitted") == ["tls"]
    assert trial.of("tls").why == "plain HTTP on this board alone"
    assert len(trial.called("passed")) == len(trial.workflow.names) - 1
    assert service.stored == 0


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.test} {case.operation} {case.kind}"
)
def test_a_fault_fails_its_test_alone_and_all_is_cleaned_up(case: Case, service: Sorter) -> None:
    service.faults.plant(case.operation, case.kind, case.after, case.most)
    trial = Trial(NAME, service, {**QUICK, **LIMITS.get(case.test, {})})
    assert failed_tests(trial) == [case.test], trial.failed
    assert service.stored == 0
    own = next(test.steps for test in suite() if test.id == case.test)
    assert set(trial.called("skipped")) <= set(own), "the others go on"


def test_a_camera_that_fails_once_fails_one_test(service: Sorter) -> None:
    asked: list[str] = []

    def of(name: str) -> Still | NoStill:
        asked.append(name)
        return STILL if len(asked) > 1 else NoStill("no picture within 5 s")

    trial = Trial(NAME, service, QUICK, take_picture=of)
    assert failed_tests(trial) == ["SMK-03"]


def test_without_a_camera_what_needs_its_picture_is_left_out(service: Sorter) -> None:
    trial = Trial(NAME, service, QUICK, take_picture=lambda _: NoStill("it is not open"))
    assert failed_tests(trial) == ["SMK-03", "SMK-05"]
    needing = {"predict-drawn", "store", "store-hashed", "store-ten", "predict-quick"}
    assert needing <= set(trial.called("skipped"))
    assert {"up", "model", "reachable", "no-token", "headers"} <= set(trial.called("passed"))


def test_with_fail_fast_the_first_is_the_last(service: Sorter) -> None:
    service.faults.plant("detect", "missing", 0, 1)
    trial = Trial(NAME, service, QUICK, fail_fast=True)
    assert failed_tests(trial) == ["SMK-02"]
    assert trial.called("passed") == ["up"]
    assert service.stored == 0


def test_a_certificate_that_ends_soon_fails_its_test_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}")
    with sorter(certificate) as service:
        trial = Trial(NAME, service, QUICK)
        assert trial.failed == {"tls": "its TLS certificate is valid for 2.0 days, not 14"}
        assert service.stored == 0
