"""Lists that are read to their end, on a real service, and what may be wrong with them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.service.workflow.depot import (
    CLEAN,
    DEPOT_OPERATIONS,
    REMOVE,
    STOCK,
    Depot,
    Fault,
    reads,
)
from tests.service.workflow.walking import Walk, walked
from tui.core.e2e.workflow import Poll, Step, Workflow
from tui.core.events import StepEnded, StepMoved

WAYS = ("by_offset", "by_number", "by_cursor")
NOTHING = msgspec.structs.replace(reads(of="", fields=(), order=""), name="nothing")


def listed(depot: Depot, read: Step) -> tuple[Walk, StepEnded]:
    """The reading of a list of 40 things that were stored."""
    workflow = Workflow((*STOCK, read), (CLEAN,))
    walk = walked(depot.url, workflow, DEPOT_OPERATIONS)
    return walk, walk.ended[2]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [1, 7, 40, 100])
@pytest.mark.parametrize("has_end", [True, False])
def test_all_that_was_stored_is_there_once(way: str, size: int, has_end: bool) -> None:
    with Depot() as depot:
        depot.has_end = has_end
        _, step = listed(depot, reads(way, size))
    assert (step.state, step.note) == ("passed", "40 of 40 there, 0 twice, 0 orphans")
    assert (step.records, step.records_complete) == (40, 40)
    pages = -(-40 // size)
    assert step.requests in (pages, pages + 1)


@pytest.mark.parametrize("way", ["by_offset", "by_cursor"])
def test_a_service_that_gives_shorter_pages_is_read_to_its_end(way: str) -> None:
    with Depot(most_of_a_page=3) as depot:
        _, step = listed(depot, reads(way, 100))
    assert (step.state, step.records_complete) == ("passed", 40)


@pytest.mark.parametrize(
    ("fault", "why", "complete"),
    [
        ("lost", "1 of 40 missing, first item 17 (", 39),
        ("twice", "1 of 40 there twice, first r7-1-17", 40),
        ("unnamed", "1 of 40 not complete, first item 17 without /sha256", 39),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_a_single_fault_is_found(way: str, fault: Fault, why: str, complete: int) -> None:
    with Depot() as depot:
        depot.faults["-17"] = fault
        walk, step = listed(depot, reads(way))
        assert walk.states == "ppfp"
    assert step.why.startswith(why)
    assert ";" not in step.why
    assert (step.records, step.records_complete) == (40, complete)
    assert walk.round.maybe_left == (fault == "twice"), "what nobody made is not cleaned up"


def test_a_foreign_orphan_of_the_round_is_found_and_those_of_others_are_none() -> None:
    with Depot() as depot:
        for name in ("r7-12-1", "r7-11", "others", "xr7-1-1"):
            depot.keep(name, b"")
        _, step = listed(depot, reads())
        assert step.state == "passed", "round 12 is not round 1"
        depot.keep("r7-1-stray", b"")
        walk, step = listed(depot, reads())
    assert step.why == "1 orphan, first r7-1-stray"
    assert walk.round.maybe_left == 1


@pytest.mark.parametrize("way", WAYS)
def test_order_that_is_broken_is_found(way: str) -> None:
    with Depot() as depot:
        depot.is_shuffled = True
        _, step = listed(depot, reads(way))
    assert step.why == "not in the order of /at, first at record 13"


def test_nothing_of_the_round_is_there_any_more() -> None:
    with Depot() as depot:
        depot.keep("another", b"")
        workflow = Workflow((*STOCK, REMOVE, NOTHING), (CLEAN,))
        walk = walked(depot.url, workflow, DEPOT_OPERATIONS)
        assert (walk.states, walk.ended[3].note) == ("ppppp", "0 orphans")
        walk = walked(depot.url, Workflow((*STOCK, NOTHING), (CLEAN,)), DEPOT_OPERATIONS)
    assert walk.failed.why.startswith("40 of its own still there, first r7-1-")
    assert "orphan" not in walk.failed.why, "an orphan is what nobody made"


@pytest.mark.parametrize("way", WAYS)
def test_a_service_that_repeats_its_page_for_ever_comes_to_an_end(way: str) -> None:
    with Depot() as depot:
        depot.repeats = True
        _, step = listed(depot, reads(way))
    assert "page 2 has nothing that was not on those before it" in step.why
    assert "33 of 40 missing" in step.why
    assert step.requests <= 6


def test_a_list_that_is_too_long_is_not_read_to_its_end() -> None:
    with Depot() as depot:
        _, step = listed(depot, reads(most=20))
    assert step.why.startswith("it has more than 20 records")
    assert step.requests <= 2 * 3


def test_a_list_that_others_change_while_it_is_read_is_read_again() -> None:
    with Depot() as depot:
        pages = 0

        def changed() -> None:
            nonlocal pages
            pages += 1
            if pages == 2:
                depot.things = {"aaa": {"id": "aaa", "name": "others", "at": 0}, **depot.things}

        depot.changed = changed
        _, step = listed(depot, reads())
    assert step.state == "passed"
    assert step.note.startswith("40 of 40 there, 0 twice, 0 orphans (others changed the list")


def test_a_fault_that_is_gone_at_the_second_look_is_still_one() -> None:
    with Depot() as depot:
        pages = 0

        def changed() -> None:
            nonlocal pages
            pages += 1
            depot.is_shuffled = pages < 3

        depot.changed = changed
        _, step = listed(depot, reads(size=20))
    assert step.state == "failed"
    assert step.why.endswith("; right when it was read again")


def test_a_list_that_fills_later_is_asked_again() -> None:
    with Depot() as depot:
        hidden: dict[str, Any] = {}
        pages = 0

        def changed() -> None:
            nonlocal pages
            pages += 1
            if pages == 1:
                hidden["t00001"] = depot.things.pop("t00001")
            elif pages == 30:
                depot.things = {**hidden, **depot.things}

        depot.changed = changed
        read = msgspec.structs.replace(reads(), poll=Poll(0.05, 10.0))
        _, step = listed(depot, read)
    assert step.state == "passed"
    assert step.wait_ms > 0
    assert step.requests > 30


def test_how_much_was_found_does_not_fall_back_with_each_try() -> None:
    with Depot() as depot:
        depot.delay_s = 0.02

        def changed() -> None:
            depot.things.pop("t00040", None)

        depot.changed = changed
        read = msgspec.structs.replace(reads(), poll=Poll(0.05, 1.5))
        walk, step = listed(depot, read)
    assert step.why.startswith("1 of 40 missing")
    moves = [each for each in walk.all(StepMoved) if each.step == 2]
    assert len(moves) > 2
    assert [each.done for each in moves] == sorted(each.done for each in moves)
    assert moves[-1].done == 39


def test_a_page_that_is_no_list_says_so() -> None:
    with Depot() as depot:
        read = reads()
        assert read.pages is not None
        pages = msgspec.structs.replace(read.pages, items="json:/next")
        _, step = listed(depot, msgspec.structs.replace(read, pages=pages))
    assert "json:/next of page 1 is no list" in step.why
