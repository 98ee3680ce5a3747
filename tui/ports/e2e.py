"""Workflows: who goes through their steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from tui.core.config import Target
from tui.core.e2e.workflow import Workflow
from tui.ports.camera import NoStill, Still
from tui.ports.load import Emit

TakePicture = Callable[[str], Still | NoStill]
"""By the camera's name, empty: the first. Returns in bounded time, from any thread."""


Restarts = Callable[[], str]
"""Restarts the service, and returns once it is there again or in bounded time: why it is not, empty
where it is. From any thread."""


class WorkflowJob(msgspec.Struct, frozen=True):
    """A workflow on a target."""

    workflow: Workflow
    target: Target
    """With its operations."""
    url: str
    """Its real address."""
    token: str
    """The secret itself."""
    run_id: str
    """What its requests are known by begins so."""
    folder: str = ""
    """Where the files of its steps are: the scenario's directory."""
    secrets: Mapping[str, str] = {}
    """What `{secret.NAME}` stands for: the secrets themselves."""
    restart: Restarts | None = None
    """None: nobody said how."""
    openapi: Mapping[str, Any] | None = None
    """The service's OpenAPI document, where its schemas are checked."""


class WorkflowWatch(Protocol):
    """A workflow that goes on."""

    def stop(self) -> None:
        """Begin no more steps but those of the clean-up. Returns at once; WorkflowEnded is told."""

    def close(self) -> None:
        """Tell nothing more, and end what goes on as soon as its requests are over."""


class Workflows(Protocol):
    """Goes through workflows."""

    def begin(self, job: WorkflowJob, tell: Emit, take_picture: TakePicture) -> WorkflowWatch:
        """Returns at once. Tells RoundBegan, StepBegan, StepEnded, RoundEnded and, last,
        WorkflowEnded, from threads of its own; never raises on them."""
