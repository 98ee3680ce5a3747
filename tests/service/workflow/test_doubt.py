"""What may be left on a service, and what can not be."""

from __future__ import annotations

import msgspec
import pytest

from tests.lib.other_service import OTHER_OPERATIONS, other_service
from tests.service.workflow.walking import CAPTURE, DELETE, GONE, PREDICT, STORE, walked
from tui.core.e2e.workflow import Step, Workflow
from tui.core.events import Exchange
from tui.service.workflow.done import Done


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [
        ("POST", None, True),
        ("POST", 500, True),
        ("POST", 503, True),
        ("POST", 501, False),
        ("POST", 404, False),
        ("GET", None, False),
    ],
)
def test_a_request_that_failed_may_have_made_something_where_nobody_knows(
    method: str, status: int | None, expected: bool
) -> None:
    done = Done("failed", exchange=Exchange(method, "/images", status=status))
    assert done.may_have_made is expected


def test_items_that_no_clean_up_goes_through_leave_nothing() -> None:
    many = msgspec.structs.replace(PREDICT, repeat=5)
    with other_service(predict="status") as service:
        walk = walked(service.url, Workflow((CAPTURE, many), (DELETE,)), OTHER_OPERATIONS)
    assert walk.failed.items_failed == 5
    assert (walk.round.left, walk.round.maybe_left) == (0, 0)


def test_items_that_a_clean_up_goes_through_are_counted_once() -> None:
    many = msgspec.structs.replace(STORE, repeat=5, checks=())
    delete = msgspec.structs.replace(DELETE, each="store")
    with other_service(store="status") as service:
        walk = walked(service.url, Workflow((CAPTURE, many), (delete,)), OTHER_OPERATIONS)
    assert walk.ended[-1].state == "skipped"
    assert (walk.round.left, walk.round.maybe_left) == (0, 5)


def test_a_request_that_stores_nothing_is_in_no_doubt() -> None:
    with other_service(predict="status") as service:
        steps = (CAPTURE, PREDICT, STORE)
        walk = walked(service.url, Workflow(steps, (DELETE, GONE)), OTHER_OPERATIONS)
    assert walk.states == "pfsss"
    assert (walk.round.left, walk.round.maybe_left) == (0, 0)


@pytest.mark.parametrize(("operation", "maybe"), [("store", 1), ("predict", 0)])
def test_who_leaves_before_the_answer_may_have_made_something(operation: str, maybe: int) -> None:
    hasty = Step("hasty", operation, send="capture", leave_after_s=0.05,
                 values=(("name", "hasty.jpg"),))  # fmt: skip
    with other_service() as service:
        walk = walked(
            service.url, Workflow((CAPTURE, STORE, hasty), (DELETE, GONE)), OTHER_OPERATIONS
        )
    assert walk.states == "ppppp"
    assert (walk.round.left, walk.round.maybe_left) == (0, maybe)
    assert walk.round.is_complete


def test_what_a_deletion_left_and_a_look_found_is_one_thing_and_is_named() -> None:
    with other_service(delete="status") as service:
        walk = walked(service.url, Workflow((CAPTURE, STORE), (DELETE, GONE)), OTHER_OPERATIONS)
        (key,) = service.media
    assert walk.states == "ppff"
    assert walk.round.left == 1
    assert walk.round.left_named == (f"/v2/media/{key.replace('/', '%2F')}",)


def test_a_look_that_could_not_be_had_proves_nothing() -> None:
    with other_service(retrieve="status") as service:
        walk = walked(service.url, Workflow((CAPTURE, STORE), (DELETE, GONE)), OTHER_OPERATIONS)
    assert walk.states == "pppf"
    assert (walk.round.left, walk.round.maybe_left, walk.round.is_complete) == (0, 1, False)


def test_a_look_that_the_target_does_not_offer_is_left_out() -> None:
    gone = msgspec.structs.replace(GONE, omit="the target does not offer retrieve")
    with other_service() as service:
        walk = walked(service.url, Workflow((CAPTURE, STORE), (DELETE, gone)), OTHER_OPERATIONS)
    assert walk.states == "pppo"
    assert walk.round.is_complete
