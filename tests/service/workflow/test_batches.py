"""Steps that are done once for each of many items, on a real service."""

from __future__ import annotations

import hashlib
import threading

import msgspec
import pytest

from tests.lib.eventually import eventually
from tests.service.workflow.depot import (
    CLEAN,
    DEPOT_OPERATIONS,
    FETCH,
    REMOVE,
    STOCK,
    Depot,
    Fault,
    reads,
    stores,
)
from tests.service.workflow.walking import CAPTURE, STILL, Walk, picture, walked, walking
from tui.core.e2e.deed import Archive
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Check, Poll, Step, Workflow
from tui.core.events import StepMoved
from tui.ports import NoStill, Still

ARCHIVE = Step("archive", deed=Archive("fetch"))


def gone_through(depot: Depot, *steps: Step, rounds: int = 1) -> Walk:
    """With a clean-up of whatever was stored."""
    return walked(depot.url, Workflow(steps, (CLEAN,), rounds=rounds), DEPOT_OPERATIONS)


def test_each_item_is_stored_with_bytes_of_its_own_and_comes_back_as_it_was() -> None:
    with Depot() as depot:
        kept: dict[str, bytes] = {}

        def look(name: str) -> Still | NoStill:
            kept.update((each["name"], each["data"]) for each in depot.things.values())
            return picture(name)

        steps = (*STOCK, FETCH, Step("look"), REMOVE)
        workflow = Workflow(steps, (CLEAN,))
        walk = walked(depot.url, workflow, DEPOT_OPERATIONS, look)
    assert walk.states == "pppppp"
    assert [(step.items, step.items_failed) for step in walk.ended] == [
        (0, 0), (40, 0), (40, 0), (0, 0), (40, 0), (40, 0)
    ]  # fmt: skip
    assert [step.requests for step in walk.ended] == [0, 40, 40, 0, 40, 40]
    assert (walk.ended[1].hashes, walk.ended[2].hashes) == (40, 40)
    assert sorted(kept) == sorted(f"r7-1-{number}" for number in range(1, 41))
    assert len({hashlib.sha256(data).hexdigest() for data in kept.values()}) == 40
    assert {data[:4] for data in kept.values()} == {b"\xff\xd8\xff\xfe"}
    for data in kept.values():
        end = 4 + int.from_bytes(data[4:6], "big")
        assert data[:2] + data[end:] == STILL.jpeg, "nothing but the comment was added"
    assert depot.things == {}
    assert walk.round.is_complete


def test_items_go_on_beside_each_other_on_connections_that_are_kept() -> None:
    with Depot() as depot:
        depot.delay_s = 0.002
        walk = gone_through(depot, *STOCK, REMOVE, rounds=2)
        connections = depot.connections
    assert walk.states == "pppp" * 2
    assert 2 <= depot.at_once <= 8
    assert connections <= 8, "one for each that goes on beside others"


def test_time_in_which_requests_are_beside_each_other_counts_once() -> None:
    with Depot() as depot:
        depot.delay_s = 0.01
        step = gone_through(depot, *STOCK).ended[1]
    assert step.request_ms <= step.ms
    assert step.request_ms > 0.5 * step.ms, "the service is what takes the time"
    assert step.request_ms >= 10 * 40 / 8


def test_waits_between_polls_are_told_apart_from_requests() -> None:
    with Depot() as depot:
        depot.delay_s = 0.01
        late = Check("size", equals="never")
        store = msgspec.structs.replace(stores(4, at_once=2), checks=(late,), poll=Poll(0.05, 0.12))
        step = gone_through(depot, CAPTURE, store).ended[1]
    assert (step.items_failed, step.requests >= 8) == (4, True)
    assert step.wait_ms > 0
    assert step.request_ms > 0
    assert step.request_ms + step.wait_ms <= step.ms


def test_all_threads_are_gone_at_the_end() -> None:
    with Depot() as depot:
        gone_through(depot, *STOCK)
        eventually(
            lambda: not any(each.name.startswith("workflow-") for each in threading.enumerate())
        )


@pytest.mark.parametrize("at_once", [1, 8])
def test_one_that_fails_is_told_by_its_number_and_no_other(at_once: int) -> None:
    with Depot() as depot:
        depot.faults["-137"] = "flipped"
        fetch = msgspec.structs.replace(FETCH, at_once=at_once)
        walk = gone_through(depot, CAPTURE, stores(200, at_once=8), fetch)
    step = walk.failed
    assert (step.items, step.items_failed, step.hashes) == (200, 1, 199)
    why = "1 of 200 items failed, item 137: the SHA-256 of body is not the one of item"
    assert step.why == why
    assert step.exchange is not None
    assert step.exchange.status == 200
    assert step.wanted != step.got
    assert (depot.things, walk.round.left, walk.round.maybe_left) == ({}, 0, 0)


def test_some_may_fail_and_the_next_steps_go_on_with_the_others() -> None:
    with Depot() as depot:
        depot.faults.update({"-7": "refused", "-8": "refused"})
        store = stores(100, at_once=8, most_failed=0.02)
        walk = gone_through(depot, CAPTURE, store, FETCH)
        assert walk.states == "pppp"
        assert walk.ended[1].note == ("2 of 100 items failed, first item 7: status 507, not 201")
        assert [(step.items, step.items_failed) for step in walk.ended[1:]] == [
            (100, 2), (98, 0), (98, 0)
        ]  # fmt: skip
        depot.faults["-9"] = "refused"
        walk = gone_through(depot, CAPTURE, store, FETCH)
    assert walk.states == "pfsp"
    assert (walk.failed.items_failed, depot.things) == (3, {})
    assert walk.round.maybe_left == 3, "who breaks down on its way may have kept it"


def test_95_of_100_must_be_quick_enough() -> None:
    with Depot() as depot:
        depot.delay_s = 0.012
        slow = walked(
            depot.url, Workflow((CAPTURE, stores(20, p95_ms=10.0)), (CLEAN,)), DEPOT_OPERATIONS
        )
        depot.delay_s = 0.0
        depot.slow["-20"] = 0.3
        quick = gone_through(depot, CAPTURE, stores(20, p95_ms=250.0))
    assert slow.failed.why.startswith("95 of 100 items take up to ")
    assert slow.failed.why.endswith(" ms, not 10 ms")
    assert quick.states == "ppp", "one in twenty may be slower"


def test_what_was_made_without_anybody_being_told_may_be_left() -> None:
    with Depot() as depot:
        depot.faults.update({"-3": "unanswered", "-5": "unanswered"})
        walk = gone_through(depot, *STOCK)
        assert len(depot.things) == 2
    assert (walk.failed.items_failed, walk.round.left, walk.round.maybe_left) == (2, 0, 2)
    assert walk.ended[-1].items == 38


def test_stopped_in_the_middle_no_more_items_begin_and_all_that_was_made_goes() -> None:
    with Depot() as depot:
        depot.delay_s = 0.005
        workflow = Workflow((CAPTURE, stores(5000, at_once=4), FETCH), (CLEAN,))
        with walking(depot.url, workflow, DEPOT_OPERATIONS) as walk:
            eventually(lambda: len(depot.things) >= 20)
            walk.watch.stop()
            walk.until_over()
        assert walk.states == "pssp"
        made = walk.ended[1]
        assert (made.why, made.items_failed) == ("stopped", 0)
        assert 20 <= made.items < 5000
        assert walk.ended[3].items == made.items
        assert (depot.things, walk.round.left) == ({}, 0)


def test_stopped_while_an_item_is_polled_the_item_is_cleaned_up_too() -> None:
    with Depot() as depot:
        never = Check("sha256", equals="never")
        store = msgspec.structs.replace(stores(9), checks=(never,), poll=Poll(3600, 7200))
        with walking(depot.url, Workflow((CAPTURE, store), (CLEAN,)), DEPOT_OPERATIONS) as walk:
            eventually(lambda: depot.things)
            walk.watch.stop()
            walk.until_over()
        assert (walk.states, depot.things) == ("psp", {})


def test_a_service_that_is_gone_in_the_middle_is_not_asked_for_ever() -> None:
    with Depot() as depot:
        depot.dies_at = 30
        walk = gone_through(depot, CAPTURE, stores(5000, at_once=4), FETCH)
    step = walk.ended[1]
    assert (walk.states, step.state) == ("pfsf", "failed")
    made = step.items - step.items_failed
    assert made == len(depot.things) >= 30
    assert step.items_failed < 40
    assert step.why.endswith("(given up after 10 without an answer)")
    kept = walk.ended[3]
    assert kept.items_failed == kept.items == made
    assert walk.round.left == made, "what was made and can't be removed is left"


def test_nothing_to_clean_up_is_no_mistake() -> None:
    with Depot() as depot:
        depot.faults["-"] = "refused"
        depot.faults.update({f"-{number}": "refused" for number in range(1, 6)})
        walk = gone_through(depot, CAPTURE, stores(5))
    assert walk.states == "pfs"
    assert (walk.round.left, walk.round.maybe_left) == (0, 5)


def test_what_can_not_be_made_unique_says_so() -> None:
    bare = msgspec.structs.replace(STILL, jpeg=b"GIF89a")
    with Depot() as depot:
        walk = walked(
            depot.url, Workflow((CAPTURE, stores(3))), DEPOT_OPERATIONS, lambda name: bare
        )
    assert walk.failed.why == "capture is no JPEG, as unique needs it"


def test_how_far_it_is_is_told_at_most_four_times_a_second() -> None:
    with Depot() as depot:
        depot.delay_s = 0.006
        workflow = Workflow((CAPTURE, stores(100)))
        walk = walked(depot.url, workflow, DEPOT_OPERATIONS)
    moves = [each for each in walk.all(StepMoved) if each.step == 1]
    (ended,) = (each for each in walk.ended if each.step == 1)
    assert 2 <= len(moves) <= ended.ms / 250 + 1
    assert [each.done for each in moves] == sorted(each.done for each in moves)
    assert {(each.round, each.of, each.failed) for each in moves} == {(1, 100, 0)}


def test_the_time_of_an_item_is_its_own_not_that_of_all() -> None:
    with Depot() as depot:
        depot.delay_s = 0.006
        walk = walked(depot.url, Workflow((CAPTURE, stores(20))), DEPOT_OPERATIONS)
    (ended,) = (each for each in walk.ended if each.step == 1)
    assert ended.item_p50_ms is not None
    assert ended.item_p95_ms is not None
    assert depot.delay_s * 1000 <= ended.item_p50_ms <= ended.item_p95_ms < ended.ms / 2
    assert walk.ended[0].item_p95_ms is None, "it is a single one"


def test_what_was_fetched_is_archived_and_compared() -> None:
    with Depot() as depot:
        walk = gone_through(depot, *STOCK, FETCH, ARCHIVE)
    assert walk.states == "ppppp"
    note = walk.ended[3].note
    assert note.startswith("40 files, ")
    assert note.endswith(", all as they were")
    assert walk.ended[3].hashes == 40


def test_an_archive_of_what_is_not_what_was_sent_fails() -> None:
    with Depot() as depot:
        depot.faults["-17"] = "flipped"
        unchecked = msgspec.structs.replace(FETCH, checks=())
        walk = gone_through(depot, *STOCK, unchecked, ARCHIVE)
    assert walk.states == "pppfp"
    assert walk.failed.why == "1 of 40 files not as they were sent, first item 17"


def test_a_batch_that_is_left_out_leaves_out_what_goes_on_from_it() -> None:
    with Depot() as depot:
        store = stores(5, bearer="{secret.keeper}")
        read = reads()
        walk = gone_through(depot, CAPTURE, store, FETCH, read, ARCHIVE)
        assert depot.things == {}
    assert walk.states == "poooo" + "o"
    assert walk.ended[1].why == "the target has no secret keeper in config.toml"
    assert walk.ended[2].why == "store was left out"
    assert walk.ended[4].why == "fetch was left out"
    assert walk.round.is_complete


def test_in_a_suite_nothing_goes_on_from_items_that_all_failed() -> None:
    tests = tuple(
        SmokeTest(f"SMK-0{number}", "", "journeys", steps)
        for number, steps in enumerate((("capture", "store"), ("fetch",), ("read",)), 1)
    )
    with Depot() as depot:
        wrong = msgspec.structs.replace(stores(5), checks=(Check("size", equals="never"),))
        workflow = Workflow((CAPTURE, wrong, FETCH, reads()), (CLEAN,), tests=tests)
        walk = walked(depot.url, workflow, DEPOT_OPERATIONS)
        assert depot.things == {}, "what they made is cleaned up all the same"
    assert walk.states == "pfssp"
    assert all(step.why.startswith("SMK-01 failed") for step in walk.ended[2:4])


def test_a_step_with_nothing_to_go_on_from_fails() -> None:
    with Depot() as depot:
        depot.faults.update({f"-{number}": "refused" for number in range(1, 6)})
        walk = gone_through(depot, CAPTURE, stores(5, most_failed=1.0), FETCH)
    assert walk.failed.why == "store made nothing to go on from"


@pytest.mark.parametrize("fault", ["lost", "twice", "unnamed"])
def test_faults_that_only_a_list_shows_do_not_fail_the_items(fault: Fault) -> None:
    with Depot() as depot:
        depot.faults["-17"] = fault
        walk = gone_through(depot, *STOCK)
    assert walk.states == "ppp"
