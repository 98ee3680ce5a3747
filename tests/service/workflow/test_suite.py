"""Suites of tests, which fail each for itself, on a service that is not the demo."""

from __future__ import annotations

import threading
from typing import Any

import msgspec

from tests.lib.eventually import LIMIT_S
from tests.lib.other_service import OTHER_OPERATIONS, other_service
from tests.service.workflow.walking import (
    CAPTURE,
    DELETE,
    PREDICT,
    RETRIEVE,
    STORE,
    Walk,
    picture,
    walked,
    walking,
)
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Poll, Step, Workflow
from tui.ports import NoStill, Still

ByTest = dict[str, tuple[Step, ...]]
HEALTH = Step("health", "health")
AGAIN = Step("again", "health")
SHOT = Step("shot")


def suite(tests: ByTest, cleanup: tuple[Step, ...] = (DELETE,), **keys: Any) -> Workflow:
    """Its steps by the ids of their tests."""
    return Workflow(
        tuple(step for steps in tests.values() for step in steps),
        cleanup,
        tests=tuple(
            SmokeTest(test, test, "group", tuple(step.name for step in steps))
            for test, steps in tests.items()
        ),
        **keys,
    )


SUITE = suite(
    {
        "SMK-1": (HEALTH, CAPTURE),
        "SMK-2": (PREDICT, STORE),
        "SMK-3": (RETRIEVE, AGAIN),
        "SMK-4": (SHOT,),
    }
)


def reasons(walk: Walk, workflow: Workflow) -> dict[str, str]:
    """Of all steps that were not passed, by their names."""
    names = workflow.names
    return {names[step.step]: step.why for step in walk.ended if step.state != "passed"}


class TestAFailedTest:
    def test_ends_with_its_own_steps_and_the_next_goes_on(self) -> None:
        with other_service(predict="status") as service:
            whole = suite({"SMK-1": (CAPTURE,), "SMK-2": (PREDICT, AGAIN), "SMK-3": (HEALTH,)}, ())
            walk = walked(service.url, whole, OTHER_OPERATIONS)
        assert walk.states == "pfsp"
        assert reasons(walk, whole)["again"] == "predict failed"

    def test_takes_those_with_it_that_need_what_it_would_have_saved(self) -> None:
        with other_service(store="status") as service:
            walk = walked(service.url, SUITE, OTHER_OPERATIONS)
        assert walk.states == "pppfssps"
        why = reasons(walk, SUITE)
        assert why.pop("store").startswith("status 500")
        assert why == {
            "retrieve": "SMK-2 failed, {id} is not known",
            "again": "SMK-2 failed, {id} is not known",
            "delete": "SMK-2 failed, {id} is not known",
        }
        assert walk.round.is_complete is False

    def test_takes_those_with_it_that_need_what_a_skipped_one_would_have_saved(self) -> None:
        copy = msgspec.structs.replace(STORE, name="copy", send="shot", save=(("second", "id"),))
        seen = msgspec.structs.replace(
            RETRIEVE, name="seen", values=(("id", "{second}"),), checks=()
        )
        moved = msgspec.structs.replace(copy, values=(("name", "{id}"),), checks=())
        tests = {"SMK-1": (CAPTURE, STORE), "SMK-2": (SHOT, moved), "SMK-3": (seen,)}
        with other_service(store="status") as service:
            chain = suite(tests, ())
            walk = walked(service.url, chain, OTHER_OPERATIONS)
        assert walk.states == "pfpss"
        assert reasons(walk, chain)["seen"] == "SMK-2 was skipped, {second} is not known"

    def test_leaves_nothing_behind_that_was_made_before_it(self) -> None:
        with other_service(retrieve="status") as service:
            walk = walked(service.url, SUITE, OTHER_OPERATIONS)
            assert walk.states == "ppppfspp"
            assert not service.media
        assert (walk.round.is_complete, walk.round.left) == (False, 0)

    def test_is_the_last_where_it_is_to_fail_fast(self) -> None:
        with other_service(store="status") as service:
            hasty = msgspec.structs.replace(SUITE, fail_fast=True)
            walk = walked(service.url, hasty, OTHER_OPERATIONS)
        assert walk.states == "pppfssss"
        assert reasons(walk, SUITE)["shot"] == "SMK-2 failed"


class TestATestThatTakesTooLong:
    def test_fails_by_the_step_under_way_and_skips_its_rest_alone(self) -> None:
        never = Step(
            "never",
            "health",
            status=(418,),
            poll=Poll(every_s=0.05, within_s=600.0),
            timeout_s=15.0,
        )
        tests = {"SMK-1": (never, AGAIN), "SMK-2": (HEALTH,)}
        with other_service() as service:
            walk = walked(service.url, suite(tests, (), test_timeout_s=0.3), OTHER_OPERATIONS)
        assert walk.states == "fsp"
        assert walk.failed.why == "the test took longer than 0.3 s"
        assert walk.failed.requests > 1

    def test_does_not_wait_for_an_answer_that_does_not_come(self) -> None:
        slow = msgspec.structs.replace(HEALTH, timeout_s=600.0)
        with other_service(health="silence") as service:
            walk = walked(
                service.url, suite({"SMK-1": (slow,)}, (), test_timeout_s=0.3), OTHER_OPERATIONS
            )
        assert walk.failed.why == "the test took longer than 0.3 s"
        assert walk.failed.ms < 10 * 300

    def test_says_what_was_wrong_where_that_was_so_in_time(self) -> None:
        with other_service(health="status") as service:
            walk = walked(service.url, suite({"SMK-1": (HEALTH,)}, ()), OTHER_OPERATIONS)
        assert walk.failed.why.startswith("status 500")

    def test_takes_no_time_from_those_behind_it(self) -> None:
        waits = [Step(f"wait-{number}") for number in range(4)]
        held = threading.Event()

        def slowly(camera: str) -> Still | NoStill:
            held.wait(0.15)
            return picture(camera)

        tests: ByTest = {f"SMK-{number}": (step,) for number, step in enumerate(waits)}
        with other_service() as service:
            walk = walked(
                service.url, suite(tests, (), test_timeout_s=0.4), OTHER_OPERATIONS, slowly
            )
        assert walk.states == "pppp"


def test_a_suite_that_is_stopped_skips_the_rest_and_cleans_up() -> None:
    reached, goes_on = threading.Event(), threading.Event()
    taken: list[str] = []

    def second_waits(camera: str) -> Still | NoStill:
        taken.append(camera)
        if len(taken) == 2:
            reached.set()
            goes_on.wait(LIMIT_S)
        return picture(camera)

    whole = suite({"SMK-1": (CAPTURE, STORE), "SMK-2": (SHOT,), "SMK-3": (HEALTH,)})
    with other_service() as service:
        with walking(service.url, whole, OTHER_OPERATIONS, second_waits) as walk:
            assert reached.wait(LIMIT_S)
            walk.watch.stop()
            goes_on.set()
            walk.until_over()
        assert walk.states == "pppsp"
        assert reasons(walk, whole) == {"health": "stopped"}
        assert not service.media


def test_a_step_that_goes_through_the_items_of_one_left_out_is_left_out() -> None:
    secret = msgspec.structs.replace(
        STORE, bearer="{secret.viewer}", repeat=3, at_once=1, checks=()
    )
    each = msgspec.structs.replace(RETRIEVE, each="store", checks=())
    gone = msgspec.structs.replace(DELETE, each="store")
    whole = Workflow((CAPTURE, secret, each), (gone,))
    with other_service() as service:
        walk = walked(service.url, whole, OTHER_OPERATIONS)
    assert walk.states == "pooo"
    assert reasons(walk, whole) == {
        "store": "the target has no secret viewer in config.toml",
        "retrieve": "store was left out",
        "delete": "store was left out",
    }
    assert walk.round.is_complete
