"""Workflows on real services, for tests: what is told of them, and when they are over."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from tests.lib.eventually import LIMIT_S
from tests.lib.fake_cameras import still_of
from tui.core.camera.table import pattern
from tui.core.config import Target
from tui.core.e2e.operation import OPERATIONS, Operation
from tui.core.e2e.workflow import Check, Step, Workflow
from tui.core.events import Event, RoundEnded, StepEnded, WorkflowEnded
from tui.ports import NoStill, Still, TakePicture, WorkflowJob
from tui.service.workflow.run import HttpWorkflows

E = TypeVar("E", bound=Event)
TOKEN = "wh1sper-7Qz/="
STILL = still_of(pattern())

CAPTURE = Step("capture")
PREDICT = Step("predict", "predict", send="capture", checks=(Check("objects", type="array"),))
STORE = Step(
    "store",
    "store",
    send="capture",
    values=(("name", "{round.id}.jpg"),),
    checks=(
        Check("sha256", equals="{capture.sha256}"),
        Check("size", equals="{capture.size}"),
        Check("created_at", within_s=300.0),
    ),
    save=(("id", "id"),),
)
RETRIEVE = Step("retrieve", "retrieve", checks=(Check("body", hash_of="capture"),))
REMOVE = Step("remove", "delete")
GONE = Step("gone", "retrieve", status=(404,))
DELETE = Step("delete", "delete")
TRAVEL = (CAPTURE, PREDICT, STORE, RETRIEVE)
"""A picture there and back."""


def picture(name: str) -> Still | NoStill:
    """Always the same one."""
    return STILL


class Walk:
    """One workflow that goes on, and all that was told of it."""

    def __init__(
        self,
        url: str,
        workflow: Workflow,
        operations: Sequence[Operation] = OPERATIONS,
        take_picture: TakePicture = picture,
        token: str = "",
        *,
        of_target: Mapping[str, Any] | None = None,
        of_job: Mapping[str, Any] | None = None,
    ) -> None:
        self.events: list[Event] = []
        self._over = threading.Event()
        target = Target("plant", url, operations=tuple(operations), **(of_target or {}))
        job = WorkflowJob(workflow, target, url, token, "r7", **(of_job or {}))
        self.watch = HttpWorkflows().begin(job, self._tell, take_picture)

    def _tell(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, WorkflowEnded):
            self._over.set()

    def until_over(self) -> Walk:
        assert self._over.wait(LIMIT_S), f"it does not end: {self.events}"
        return self

    def all(self, kind: type[E]) -> list[E]:
        """Those of a kind, in order."""
        return [event for event in list(self.events) if isinstance(event, kind)]

    @property
    def ended(self) -> list[StepEnded]:
        """The steps that are over, in order."""
        return self.all(StepEnded)

    @property
    def states(self) -> str:
        """Their first letters: `pppfs`."""
        return "".join(step.state[0] for step in self.ended)

    @property
    def failed(self) -> StepEnded:
        """The only one that failed."""
        (step,) = (step for step in self.ended if step.state == "failed")
        return step

    @property
    def round(self) -> RoundEnded:
        """The only one."""
        (over,) = self.all(RoundEnded)
        return over


@contextlib.contextmanager
def walking(*args: Any, **keys: Any) -> Iterator[Walk]:
    """One that is closed at the end."""
    walk = Walk(*args, **keys)
    try:
        yield walk
    finally:
        walk.watch.close()


def walked(
    url: str,
    workflow: Workflow,
    operations: Sequence[Operation] = OPERATIONS,
    take_picture: TakePicture = picture,
    token: str = "",
    **keys: Any,
) -> Walk:
    """One that is over."""
    with walking(url, workflow, operations, take_picture, token, **keys) as walk:
        return walk.until_over()
