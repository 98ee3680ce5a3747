"""Workflows that are stopped, and closed, in the middle."""

from __future__ import annotations

import threading

from tests.lib.eventually import eventually
from tests.lib.other_service import OTHER_OPERATIONS, other_service
from tests.service.workflow.walking import (
    CAPTURE,
    DELETE,
    RETRIEVE,
    STILL,
    STORE,
    TRAVEL,
    Walk,
    walking,
)
from tui.core.e2e.workflow import Check, Poll, Step, Workflow
from tui.core.events import RoundEnded, StepBegan, WorkflowEnded
from tui.ports import NoStill, Still


def test_stopping_ends_the_steps_and_cleans_up() -> None:
    with other_service() as service:
        held = threading.Event()
        pictures = 0

        def take(name: str) -> Still | NoStill:
            nonlocal pictures
            pictures += 1
            if pictures == 2:
                assert held.wait(20)
            return STILL

        again = Step("again")
        workflow = Workflow((CAPTURE, STORE, again, RETRIEVE), (DELETE,), rounds=5)
        with walking(service.url, workflow, OTHER_OPERATIONS, take) as walk:
            eventually(lambda: len(walk.all(StepBegan)) == 3)
            walk.watch.stop()
            held.set()
            walk.until_over()
        assert walk.states == "pppsp", "what was begun is ended, and no other round begins"
        assert walk.ended[3].why == "stopped"
        assert (walk.round.is_complete, walk.round.left, service.media) == (False, 0, {})


def test_stopping_ends_the_wait_between_polls_and_between_rounds() -> None:
    with other_service() as service:
        service.not_ready = 1_000_000
        ready = Step(
            "ready", "health", checks=(Check("state", equals=True),), poll=Poll(3600, 7200)
        )
        with walking(service.url, Workflow((ready,)), OTHER_OPERATIONS) as walk:
            eventually(lambda: service.heard)
            walk.watch.stop()
            walk.until_over()
        assert (walk.states, walk.ended[0].why) == ("s", "stopped")
        with walking(service.url, Workflow((CAPTURE,), rounds=3, every_s=3600)) as walk:
            eventually(lambda: walk.all(RoundEnded))
            walk.watch.stop()
            walk.until_over()
        assert walk.states == "p"


def test_closing_tells_nothing_more_and_ends_its_threads() -> None:
    with other_service(store="silence") as service:
        workflow = Workflow(TRAVEL, (DELETE,), rounds=9, at_once=3)
        walk = Walk(service.url, workflow, OTHER_OPERATIONS)
        eventually(lambda: len(service.heard_of("store")) == 3)
        walk.watch.close()
        told = len(walk.events)
        service.release()
        names = {"workflow-1", "workflow-2", "workflow-3"}
        eventually(lambda: names.isdisjoint(each.name for each in threading.enumerate()))
        assert len(walk.events) == told
        assert walk.all(WorkflowEnded) == []


def test_what_was_under_way_when_it_was_stopped_did_not_fail() -> None:
    with other_service(predict="silence") as service:
        with walking(service.url, Workflow(TRAVEL, (DELETE,)), OTHER_OPERATIONS) as walk:
            eventually(lambda: service.heard_of("predict"))
            walk.watch.stop()
            service.release()
            walk.until_over()
        assert walk.states == "pssss"
        assert (walk.ended[1].why, walk.ended[1].exchange) == ("stopped", None)
