"""Services beside their own OpenAPI documents: each operation asked for, and each fault found."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.demo.pictures import encoded, with_rectangles
from tests.demo.running import running
from tests.lib.kennel import DOCUMENT, Fault, Kennel, kennel
from tests.service.workflow.walking import STILL, Walk, picture, walking
from tui.core.config import Target
from tui.core.e2e.openapi import expanded
from tui.core.e2e.workflow import Workflow
from tui.core.events import StepEnded
from tui.demo.openapi import document
from tui.ports import Fetched, TakePicture
from tui.service.client import HttpService

PLAIN = Workflow((), openapi="/openapi.json")


class Walked:
    """All operations of a document, asked for once."""

    def __init__(
        self,
        url: str,
        about: Any,
        values: tuple[tuple[str, str], ...] = (),
        picture: TakePicture = picture,
    ) -> None:
        target = Target("plant", url, values=values)
        self.workflow, operations = expanded(PLAIN, about, target)
        of_target, of_job = {"values": values}, {"openapi": about}
        with walking(
            url, self.workflow, operations, picture, of_target=of_target, of_job=of_job
        ) as walk:
            self.walk: Walk = walk.until_over()

    @property
    def steps(self) -> dict[str, StepEnded]:
        """By their names."""
        return dict(zip(self.workflow.names, self.walk.ended, strict=True))

    def of(self, state: str) -> list[str]:
        """The names of those that ended so."""
        return [name for name, step in self.steps.items() if step.state == state]


def visited(service: Kennel) -> Walked:
    return Walked(service.url, DOCUMENT, (("visitor", "Ada"),))


def test_every_operation_is_asked_for_and_what_was_made_is_gone() -> None:
    with kennel() as service:
        done = visited(service)
        assert done.of("omitted") == ["deleteAllDogs"]
        assert done.of("failed") == []
        asked = {each.operation for each in done.workflow.steps if each.operation}
        assert asked - set(service.heard) == {"deleteAllDogs"}
        assert list(service.dogs) == [7]


def test_the_demo_keeps_to_its_own_document() -> None:
    seen = msgspec.structs.replace(STILL, jpeg=encoded(with_rectangles((100, 80, 300, 200))))
    with running() as demo:
        done = Walked(demo.url, document(with_token=False), picture=lambda name: seen)
    assert done.of("failed") == []
    assert done.of("omitted") == ["login"]
    assert done.walk.round.left == 0


@pytest.mark.parametrize(
    ("operation", "fault", "step", "said"),
    [
        ("addDog", "type", "addDog", "/nick is not of type string"),
        ("getDog", "missing", "getDog", "has no nick"),
        ("listDogs", "extra", "listDogs", "surprise, which is not in its OpenAPI"),
        ("status", "extra", "status", "surprise, which is not in its OpenAPI"),
        ("putDog", "status", "putDog", "status 500 is not in its OpenAPI"),
        ("breeds", "content", "breeds", "text/html is not in its OpenAPI"),
        ("getPhoto", "content", "getPhoto", "text/html is not in its OpenAPI"),
        ("status", "header", "status", "header X-Version is not of type integer"),
        ("status", "not-json", "status", "the body is no JSON"),
        ("getDog", "always-there", "getDog-unknown", "status 200, not 404"),
    ],
)
def test_what_is_not_as_documented_fails_that_step_alone(
    operation: str, fault: Fault, step: str, said: str
) -> None:
    with kennel(**{operation: fault}) as service:
        done = visited(service)
        assert done.of("failed") == [step]
        assert said in done.steps[step].why
        assert list(service.dogs) == [7]


def test_of_what_is_wrong_it_is_told_what_was_wanted_and_what_came() -> None:
    with kennel(addDog="type") as service:
        step = visited(service).steps["addDog"]
    assert (step.wanted, step.got) == ("string", '{"not":"that"}')
    assert step.exchange is not None
    assert step.exchange.status == 201


def test_what_needs_a_maker_that_failed_is_skipped_and_the_others_go_on() -> None:
    with kennel(addDog="status") as service:
        done = visited(service)
    assert done.of("failed") == ["addDog"]
    assert {"getDog", "putDog", "deleteDog"} <= set(done.of("skipped"))
    assert {"listDogs", "breeds", "status", "getVisitor"} <= set(done.of("passed"))


def fetched(service: Kennel, path: str = "/openapi.json") -> Fetched:
    return HttpService().fetch(service.url, Target("plant", service.url), "", path)


def test_a_document_is_fetched_whole() -> None:
    with kennel() as service:
        found = fetched(service)
    assert found.trouble == ""
    assert msgspec.json.decode(found.body) == DOCUMENT


def test_one_that_is_not_there_or_too_long_is_trouble() -> None:
    with kennel() as service:
        assert fetched(service, "/docs.json").trouble == "status 404"
        service.document = b" " * (16 * 1024 * 1024 + 1)
        assert fetched(service).trouble == "its answer is longer than 16 MiB"
    assert "nothing listens" in fetched(service).trouble
