"""The same workflow on the demo and on a service with paths and names of its own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.demo.running import running
from tests.lib.eventually import eventually
from tests.lib.fake_cameras import JPEG
from tests.lib.other_service import OTHER_OPERATIONS, OtherService, other_service
from tests.lib.target import Target as Answering
from tests.lib.target import self_signed
from tests.service.workflow.walking import (
    CAPTURE,
    DELETE,
    GONE,
    REMOVE,
    STORE,
    TRAVEL,
    walked,
)
from tui.core.config import Target
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.e2e.workflow import Check, Poll, Step, Workflow
from tui.core.events import RoundBegan, RoundEnded, StepBegan, StepEnded, WorkflowEnded
from tui.ports import NoStill, Still, WorkflowJob
from tui.service.workflow.run import HttpWorkflows

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU"
    b"\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)


class Place(NamedTuple):
    """A service, as a configuration tells it."""

    url: str
    operations: Sequence[Operation]


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    with running() as served:
        yield served.url


@pytest.fixture
def other() -> Iterator[OtherService]:
    with other_service() as service:
        yield service


@pytest.fixture(params=["demo", "other"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "demo":
        return Place(request.getfixturevalue("demo"), OPERATIONS)
    return Place(request.getfixturevalue("other").url, OTHER_OPERATIONS)


def small(name: str) -> Still | NoStill:
    """A picture that every service can read."""
    return Still(
        camera="gate", source="pattern:", jpeg=PNG, sha256="", packet_sha256="", width=1, height=1,
        codec="png", at_utc=0.0, at_monotonic_s=0.0, is_clock_synced=None, label="simulated",
    )  # fmt: skip


def test_a_picture_travels_there_and_back_and_nothing_is_left(place: Place) -> None:
    workflow = Workflow((*TRAVEL, REMOVE, GONE), (DELETE,))
    walk = walked(place.url, workflow, place.operations, small)
    assert walk.states == "ppppppp", walk.ended
    assert (walk.round.is_complete, walk.round.left) == (True, 0)
    assert [step.hashes for step in walk.ended] == [0, 0, 1, 1, 0, 0, 0]
    assert [step.requests for step in walk.ended] == [0, 1, 1, 1, 1, 1, 1]
    assert [step.label for step in walk.ended] == ["simulated", *[""] * 6]


def test_it_is_told_in_order_and_adds_up(place: Place) -> None:
    walk = walked(place.url, Workflow(TRAVEL, (DELETE,), rounds=2), place.operations, small)
    told = [type(event) for event in walk.events]
    one = [RoundBegan, *[StepBegan, StepEnded] * 5, RoundEnded]
    assert told == [*one, *one, WorkflowEnded]
    for number in (1, 2):
        steps = [step for step in walk.ended if step.round == number]
        assert [step.step for step in steps] == [0, 1, 2, 3, 4]
        ends_s = [step.began_s + step.ms / 1000 for step in steps]
        assert all(
            end <= after.began_s + 1e-6 for end, after in zip(ends_s, steps[1:], strict=False)
        )
        assert all(0 < step.request_ms <= step.ms for step in steps)
        (over,) = (each for each in walk.all(RoundEnded) if each.number == number)
        assert ends_s[3] * 1000 <= over.ms < steps[4].began_s * 1000 + 1e-3


def test_the_other_service_gets_what_its_configuration_says(other: OtherService) -> None:
    walked(other.url, Workflow(TRAVEL, (DELETE,)), OTHER_OPERATIONS, token="t0ken")
    assert [(each.operation, each.path) for each in other.heard] == [
        ("predict", "/v2/detect"),
        ("store", "/v2/media/r7-1.jpg"),
        ("retrieve", "/v2/media/m%2F0001"),
        ("delete", "/v2/media/m%2F0001"),
    ]
    (stored,) = other.heard_of("store")
    assert stored.body == JPEG, "the very bytes"
    assert stored.headers["content-type"] == "image/jpeg"
    for each in other.heard:
        assert each.headers["authorization"] == "Bearer t0ken"
        assert each.headers["x-correlation-id"] == each.headers["x-request-id"] == "r7-1"
    assert other.media == {}


def test_each_round_has_a_correlation_id_of_its_own_and_all_of_them_one_connection(
    other: OtherService,
) -> None:
    walk = walked(other.url, Workflow(TRAVEL, (DELETE,), rounds=3), OTHER_OPERATIONS)
    assert [each.correlation for each in walk.all(RoundBegan)] == ["r7-1", "r7-2", "r7-3"]
    heard = [each.headers["x-correlation-id"] for each in other.heard_of("store")]
    assert heard == ["r7-1", "r7-2", "r7-3"]
    assert other.connections == 1


def test_rounds_go_on_beside_each_other(other: OtherService) -> None:
    walk = walked(other.url, Workflow(TRAVEL, (DELETE,), rounds=8, at_once=4), OTHER_OPERATIONS)
    assert sorted(each.number for each in walk.all(RoundEnded)) == list(range(1, 9))
    assert all(each.is_complete for each in walk.all(RoundEnded))
    assert len(walk.all(WorkflowEnded)) == 1
    assert isinstance(walk.events[-1], WorkflowEnded)
    assert other.connections == 4
    assert len({each.path for each in other.heard_of("store")}) == 8


def test_rounds_keep_their_pace(other: OtherService) -> None:
    began_s = time.monotonic()
    walked(other.url, Workflow((CAPTURE,), rounds=4, every_s=0.1), OTHER_OPERATIONS)
    assert time.monotonic() - began_s >= 0.3


def test_a_document_is_sent_and_values_can_not_break_it(other: OtherService) -> None:
    steps = (CAPTURE, STORE, Step("note", "note", values=(("id", 'a"b{id}'), ("number", "7"))))
    walk = walked(other.url, Workflow(steps, (DELETE,)), OTHER_OPERATIONS)
    assert walk.states == "pppp", walk.failed
    (note,) = other.heard_of("note")
    assert note.body == b'{"of": "a\\"bm/0001", "n": 7}'
    assert note.headers["content-type"] == "application/json"


def test_a_body_is_saved_and_sent_again(other: OtherService) -> None:
    fetch = Step("fetch", "retrieve", save=(("copy", "body"), ("etag", "header:Repr-Digest")))
    again = Step("again", "store", send="copy", values=(("name", "b"),), save=(("second", "id"),))
    check = Check("sha256", equals="{etag}")
    same = Step("same", "retrieve", values=(("id", "{second}"),), checks=(check,))
    walk = walked(other.url, Workflow((CAPTURE, STORE, fetch, again, same)), OTHER_OPERATIONS)
    assert walk.states == "ppppp", walk.failed
    assert other.media["m/0002"] == (JPEG, "image/jpeg")


def test_it_asks_again_until_the_answer_is_right(other: OtherService) -> None:
    other.not_ready = 2
    check = Check("state", equals=True)
    ready = Step("ready", "health", checks=(check,), poll=Poll(every_s=0.05, within_s=20))
    (step,) = walked(other.url, Workflow((ready,)), OTHER_OPERATIONS).ended
    assert (step.state, step.requests, step.exchange) == ("passed", 3, None)
    assert step.wait_ms >= 100
    assert step.request_ms + step.wait_ms <= step.ms


def test_it_does_not_ask_for_ever(other: OtherService) -> None:
    other.not_ready = 1_000_000
    check = Check("state", equals=True)
    ready = Step("ready", "health", checks=(check,), poll=Poll(every_s=0.05, within_s=0.2))
    step = walked(other.url, Workflow((ready,)), OTHER_OPERATIONS).failed
    assert (step.why, step.wanted, step.got) == ("state is another", "true", "false")
    assert 1 < step.requests <= 5


def test_an_answer_that_is_right_too_late_is_told_as_late(other: OtherService) -> None:
    slow = Step("predict", "predict", send="capture", within_ms=1e-6)
    step = walked(other.url, Workflow((CAPTURE, slow)), OTHER_OPERATIONS).failed
    assert step.why.startswith("took ")
    assert step.exchange is not None
    assert step.exchange.status == 200


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
@pytest.mark.parametrize("verify", [True, False])
def test_certificates_are_checked_where_they_are_to_be(tmp_path: Path, verify: bool) -> None:
    workflow = Workflow((Step("health", "health", checks=(Check("state", equals="ok"),)),))
    with Answering(self_signed(tmp_path)) as service:
        target = Target("plant", service.url, verify_tls=verify)
        events: list[object] = []
        job = WorkflowJob(workflow, target, service.url, "", "r7")
        HttpWorkflows().begin(job, events.append, small)
        eventually(lambda: events and isinstance(events[-1], WorkflowEnded))
    (step,) = (each for each in events if isinstance(each, StepEnded))
    assert step.state == ("failed" if verify else "passed")
    assert ("certificate is not trusted" in step.why) == verify
