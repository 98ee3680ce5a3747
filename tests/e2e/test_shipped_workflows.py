"""Each shipped workflow on a service that knows nothing of it: it passes, and finds every fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.trial import STILL, Case, Trial, fails_alone, steps_in, takes_pictures
from tests.lib.sorter.faults import Kind
from tests.lib.sorter.service import Sorter
from tui.ports import NoStill, Still

ONCE = {"every": "50ms", "within": "50ms"}
SHORTER: dict[str, dict[str, Any]] = {
    "capture-to-storage": {"e2e.rounds": 1},
    "data-pipeline": {
        "e2e.steps.ingest.repeat": 6,
        "e2e.steps.list.pages.size": 4,
        "e2e.steps.list.poll": ONCE,
    },
    "error-recovery": {
        "e2e.steps.after-restart.poll.within": "200ms",
        "e2e.steps.after-restart.poll.every": "100ms",
        "e2e.steps.huge.make.size": 9_000_000,
    },
    "concurrent-operators": {
        "e2e.rounds": 1,
        "e2e.at_once": 1,
        "e2e.steps.list.poll": ONCE,
    },
    "inspection": {},
    "read-only-operator": {},
    "tokens": {
        "e2e.values.brief": 0.4,
        "e2e.steps.brief-expired.poll.every": "500ms",
        "e2e.steps.brief-expired.poll.within": "1s",
    },
    "golden-images": {},
}


CASES = (
    Case("capture-to-storage", "predict", "detect", "missing"),
    Case("capture-to-storage", "store", "keep", "wrong-hash"),
    Case("capture-to-storage", "store", "keep", "stale"),
    Case("capture-to-storage", "retrieve", "give", "flipped"),
    Case("error-recovery", "store", "keep", "status"),
    Case("error-recovery", "corrupted", "detect", "accepts"),
    Case("error-recovery", "after-corrupted", "detect", "status", 1),
    Case("error-recovery", "truncated", "detect", "accepts", 2),
    Case("error-recovery", "after-truncated", "detect", "lost", 3),
    Case("error-recovery", "oversize", "detect", "accepts", 4),
    Case("error-recovery", "after-oversize", "detect", "status", 5),
    Case("error-recovery", "wrong-type", "detect", "accepts", 6),
    Case("error-recovery", "after-wrong-type", "detect", "status", 7),
    Case("error-recovery", "no-file", "detect", "status", 8),
    Case("error-recovery", "after-no-file", "detect", "lost", 9),
    Case("error-recovery", "unknown-id", "give", "accepts", 0, 1),
    Case("error-recovery", "after-unknown-id", "give", "flipped", 1),
    Case("error-recovery", "after-time-out", "detect", "status", 11),
    Case("error-recovery", "after-restart", "status", "status"),
    Case("error-recovery", "still-there", "give", "flipped", 2),
    Case("error-recovery", "well", "detect", "missing", 12),
    Case("data-pipeline", "ingest", "keep", "status", 2, 1),
    Case("data-pipeline", "ingest", "keep", "wrong-hash", 2, 1),
    Case("data-pipeline", "predict", "detect", "missing", 5),
    Case("data-pipeline", "list", "list", "hides"),
    Case("data-pipeline", "list", "list", "twice"),
    Case("data-pipeline", "list", "list", "disorder"),
    Case("data-pipeline", "list", "list", "poor"),
    Case("data-pipeline", "list", "list", "status", 1, 1),
    Case("data-pipeline", "retrieve", "give", "flipped", 3, 1),
    Case("data-pipeline", "retrieve", "give", "others", 3, 1),
    Case("inspection", "setup", "status", "status"),
    Case("inspection", "inference", "detect", "missing"),
    Case("inspection", "decision", "detect", "scoreless"),
    Case("inspection", "report", "keep", "wrong-hash"),
    Case("inspection", "read-back", "give", "flipped"),
    Case("inspection", "listed", "list", "hides"),
    Case("concurrent-operators", "store", "keep", "wrong-hash", 2),
    Case("concurrent-operators", "list", "list", "hides"),
    Case("concurrent-operators", "retrieve", "give", "others", 1),
    Case("read-only-operator", "store", "keep", "status"),
    Case("read-only-operator", "login", "session", "status"),
    Case("read-only-operator", "may-list", "list", "hides"),
    Case("read-only-operator", "may-retrieve", "give", "status", 0, 1),
    Case("read-only-operator", "must-not-store", "keep", "open", 1),
    Case("read-only-operator", "must-not-delete", "drop", "open"),
    Case("read-only-operator", "nobody-lists", "list", "open", 1),
    Case("read-only-operator", "nobody-stores", "keep", "open", 2),
    Case("read-only-operator", "nobody-deletes", "drop", "open", 1),
    Case("read-only-operator", "still-there", "give", "flipped", 1),
    Case("tokens", "login", "session", "missing"),
    Case("tokens", "used", "list", "status"),
    Case("tokens", "wrong-password", "session", "accepts", 1, 1),
    Case("tokens", "garbage", "list", "open", 1),
    Case("tokens", "brief-login", "session", "status", 2),
    Case("tokens", "brief-used", "list", "status", 2),
    Case("tokens", "brief-expired", "session", "everlasting", 2),
    Case("tokens", "first-still-used", "list", "status", 5),
    Case("golden-images", "empty", "detect", "ghost"),
    Case("golden-images", "box", "detect", "shifted", 1),
    Case("golden-images", "ball", "detect", "misnamed", 2),
    Case("golden-images", "bottle", "detect", "unsure", 3),
    Case("golden-images", "two", "detect", "blind", 4),
    Case("golden-images", "three", "detect", "ghost", 5),
)
NEEDS_NO_SERVICE = {"broken", "half", "huge", "letter", "action", "time-out"}
"""Steps that nothing on the service can make fail."""


def restarting(service: Sorter) -> str:
    """As a configuration's command would."""
    service.restart()
    return ""


def tried(name: str, service: Sorter, **keys: Any) -> Trial:
    """The workflow, shorter."""
    return Trial(name, service, SHORTER[name], restart=lambda: restarting(service), **keys)


@pytest.mark.parametrize("name", SHORTER)
def test_it_passes_and_leaves_nothing(name: str, service: Sorter) -> None:
    trial = tried(name, service)
    assert trial.failed == {}
    assert trial.called("passed") == list(trial.workflow.names)
    assert [(each.is_complete, each.left, each.maybe_left) for each in trial.rounds] == [
        (True, 0, 0)
    ]
    assert service.stored == 0


@pytest.mark.parametrize("case", CASES, ids=Case.id)
def test_a_fault_fails_its_step_alone_and_all_is_cleaned_up(case: Case, service: Sorter) -> None:
    fails_alone(case, service, tried)


@pytest.mark.parametrize("name", [name for name in SHORTER if takes_pictures(name)])
def test_without_a_camera_nothing_is_made(name: str, service: Sorter) -> None:
    trial = tried(name, service, take_picture=lambda _: NoStill("the camera is not open"))
    assert trial.failed == {"capture": "the camera is not open"}
    assert service.stored == 0


def test_each_step_has_a_fault_that_makes_it_fail() -> None:
    for name in SHORTER:
        planted = {case.failed for case in CASES if case.scenario == name}
        steps = {step["name"] for step in steps_in(name) if "picture" not in step}
        own = {"restart", "delete", "gone", "nothing-left"}
        assert steps - planted <= NEEDS_NO_SERVICE | own, name


def test_a_restart_that_fails_says_why(service: Sorter) -> None:
    trial = Trial(
        "error-recovery",
        service,
        SHORTER["error-recovery"],
        restart=lambda: "the restart command ended with status 1",
    )
    assert trial.failed == {"restart": "the restart command ended with status 1"}
    assert service.stored == 0


def test_a_service_that_nobody_can_restart_is_not_blamed(service: Sorter) -> None:
    trial = Trial("error-recovery", service, SHORTER["error-recovery"])
    assert trial.called("omitted") == ["restart"]
    assert trial.failed == {}
    assert trial.rounds[0].is_complete


@pytest.mark.parametrize(
    ("does", "failed"),
    [("status", {"delete", "gone", "nothing-left"}), ("does-nothing", {"gone", "nothing-left"})],
)
@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("capture-to-storage", 1),
        ("inspection", 1),
        ("error-recovery", 1),
        ("concurrent-operators", 3),
        ("data-pipeline", 6),
    ],
)
def test_what_is_not_deleted_is_told(
    name: str, left: int, does: Kind, failed: set[str], service: Sorter
) -> None:
    service.faults.plant("drop", does)
    trial = tried(name, service)
    assert set(trial.failed) == failed & set(trial.workflow.names)
    (over,) = trial.rounds
    assert service.stored == over.left == left, "each is counted once"
    assert over.maybe_left == 0
    assert 0 < len(over.left_named) <= 5
    assert not over.is_complete


def test_what_nothing_is_known_of_is_not_said_to_be_left(service: Sorter) -> None:
    service.faults.plant("detect", "status")
    (over,) = tried("capture-to-storage", service).rounds
    assert (over.left, over.maybe_left) == (0, 0), "a prediction keeps nothing"


class TestWithoutASecret:
    def test_what_needs_it_is_left_out_and_says_so(self, service: Sorter) -> None:
        trial = tried("read-only-operator", service, secrets={})
        assert trial.called("omitted") == [
            "login",
            "may-list",
            "may-retrieve",
            "must-not-store",
            "must-not-delete",
        ]
        assert trial.of("login").why == "the target has no secret viewer_password in config.toml"
        assert trial.failed == {}
        assert trial.rounds[0].is_complete

    def test_what_needs_none_is_done_all_the_same(self, service: Sorter) -> None:
        trial = tried("tokens", service, secrets={})
        assert trial.called("passed") == ["wrong-password", "garbage"]

    def test_none_is_told(self, service: Sorter) -> None:
        service.faults.plant("session", "leaks", 1)
        service.faults.plant("list", "leaks")
        trial = tried("tokens", service)
        told = f"{trial.events}"
        assert "0perat0r-pw" not in told


class TestManyFrames:
    def test_one_of_so_many_may_fail_and_is_counted(self, service: Sorter) -> None:
        service.faults.plant("keep", "wrong-hash", 10, 1)
        changes = {"e2e.steps.ingest.repeat": 20, "e2e.steps.ingest.most_failed": 0.05}
        trial = Trial("data-pipeline", service, changes)
        assert trial.failed == {}
        ingest, listed = trial.of("ingest"), trial.of("list")
        assert (ingest.items, ingest.items_failed) == (20, 1)
        assert (listed.records, listed.records_complete) == (19, 19)
        assert trial.of("retrieve").items == 19
        assert service.stored == 0, "the one that failed is deleted as well"

    def test_a_list_that_is_right_a_little_later_is_right(self, service: Sorter) -> None:
        service.faults.plant("list", "hides", 0, 1)
        changes = {"e2e.steps.ingest.repeat": 3, "e2e.steps.list.poll.every": "50ms"}
        trial = Trial("data-pipeline", service, changes)
        assert trial.failed == {}
        assert trial.of("list").note == "3 of 3 there, 0 twice, 0 orphans"

    def test_no_two_frames_have_the_same_bytes_or_name(self, service: Sorter) -> None:
        kept: list[tuple[str, str]] = []
        put = service.shelf.put

        def watched(data: bytes, label: str, kind: str) -> Any:
            medium = put(data, label, kind)
            kept.append((medium.digest, medium.label))
            return medium

        service.shelf.put = watched  # type: ignore[method-assign]
        trial = Trial("data-pipeline", service, {"e2e.steps.ingest.repeat": 30})
        assert trial.failed == {}
        assert len({digest for digest, _ in kept}) == 30
        assert sorted(label for _, label in kept) == sorted(f"r7-1-{n}.jpg" for n in range(1, 31))


def test_eight_operators_work_beside_each_other(service: Sorter) -> None:
    trial = Trial("concurrent-operators", service)
    assert [each.is_complete for each in trial.rounds] == [True] * 8
    assert {each.note for name, each in trial.steps if name == "list"} == {
        "3 of 3 there, 0 twice, 0 orphans"
    }
    assert service.stored == 0


def test_an_operator_who_gets_anothers_bytes_is_found(service: Sorter) -> None:
    service.faults.plant("give", "others", 10, 1)
    trial = Trial("concurrent-operators", service)
    assert list(trial.failed) == ["retrieve"]
    assert sum(each.is_complete for each in trial.rounds) == 7
    assert service.stored == 0


class TestTheDecision:
    def test_follows_the_rule_and_names_the_report(self, service: Sorter) -> None:
        trial = tried("inspection", service)
        assert trial.of("decision").note.endswith("reject")
        assert trial.of("action").note == "simulated: the gate would reject the part"
        (report,) = (each for each in service.heard if each.operation == "keep")
        assert report.path == "/v2/media?label=r7-1-reject.jpg"

    def test_is_the_other_one_where_nothing_must_be_rejected(self, service: Sorter) -> None:
        trial = Trial("inspection", service, {"e2e.values.reject": "bottle"})
        assert trial.of("decision").note.endswith("accept")
        (report,) = (each for each in service.heard if each.operation == "keep")
        assert report.path == "/v2/media?label=r7-1-accept.jpg"


def test_a_camera_may_be_named(service: Sorter) -> None:
    asked: list[str] = []

    def of(name: str) -> Still | NoStill:
        asked.append(name)
        return STILL

    Trial("inspection", service, {"e2e.steps.capture.picture": "gate"}, take_picture=of)
    assert asked == ["gate"]
