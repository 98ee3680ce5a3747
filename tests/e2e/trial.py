"""A shipped workflow, from its own file, on the sorter, by its configuration's text alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from tests.lib.eventually import LIMIT_S
from tests.lib.fake_cameras import still_of
from tests.lib.sorter.accounts import API_KEY, PASSWORDS
from tests.lib.sorter.faults import Kind
from tests.lib.sorter.service import Sorter
from tui.catalogue import find_scenarios, parse_toml, read_toml, shipped_root
from tui.core.camera.table import pattern
from tui.core.config import Target, parse_config
from tui.core.e2e.workflow import Workflow
from tui.core.events import Event, RoundEnded, StepEnded, WorkflowEnded
from tui.ports import NoStill, Still, TakePicture, WorkflowJob
from tui.service.workflow.run import HttpWorkflows

CATALOGUE = find_scenarios(None)
PICTURE = shipped_root() / "scenarios" / "e2e" / "golden" / "two.jpg"
STILL = msgspec.structs.replace(still_of(pattern()), jpeg=PICTURE.read_bytes())
SECRETS = {"operator_password": PASSWORDS["otto"], "viewer_password": PASSWORDS["vera"]}


def picture(name: str) -> Still | NoStill:
    """Always the same one, with a box and a ball in it."""
    return STILL


def target_of(service: Sorter) -> Target:
    """The service as its configuration tells of it."""
    config = parse_config("config.toml", parse_toml(service.config))
    return config.target("sorter")


class Trial:
    """One run of the steps, at its end. What failed is told by the names of the steps."""

    def __init__(
        self,
        name: str,
        service: Sorter,
        changes: Mapping[str, Any] | None = None,
        *,
        take_picture: TakePicture = picture,
        secrets: Mapping[str, str] = SECRETS,
        restart: Callable[[], str] | None = None,
        token: str = API_KEY,
        fail_fast: bool = False,
    ) -> None:
        read = CATALOGUE.scenario(name, changes or {}).workflow
        assert read is not None
        workflow = msgspec.structs.replace(read, fail_fast=fail_fast)
        self.workflow: Workflow = workflow
        self.events: list[Event] = []
        self._over = threading.Event()
        target = target_of(service)
        job = WorkflowJob(
            workflow,
            target,
            target.url,
            token,
            "r7",
            folder=str(CATALOGUE.path(name).parent),
            secrets=secrets,
            restart=restart,
        )
        watch = HttpWorkflows().begin(job, self._tell, take_picture)
        assert self._over.wait(LIMIT_S), f"it does not end: {self.events}"
        watch.close()

    def _tell(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, WorkflowEnded):
            self._over.set()

    @property
    def steps(self) -> list[tuple[str, StepEnded]]:
        """Those that are over with their names, in order."""
        names = self.workflow.names
        return [(names[e.step], e) for e in self.events if isinstance(e, StepEnded)]

    def of(self, name: str) -> StepEnded:
        """The only one of that name."""
        (step,) = (step for each, step in self.steps if each == name)
        return step

    def called(self, state: str) -> list[str]:
        """The names of the steps that ended so, in order."""
        return [name for name, step in self.steps if step.state == state]

    @property
    def failed(self) -> dict[str, str]:
        """The steps that failed, and why."""
        return {name: step.why for name, step in self.steps if step.state == "failed"}

    @property
    def rounds(self) -> list[RoundEnded]:
        """Those that are over."""
        return [event for event in self.events if isinstance(event, RoundEnded)]


class Case(NamedTuple):
    """What a test plants, and what must come of it."""

    scenario: str
    failed: str
    """The only step that fails."""
    operation: str
    kind: Kind
    after: int = 0
    """So many requests for the operation go right first."""
    most: int = 1_000_000

    def id(self) -> str:
        """Of its test."""
        return f"{self.scenario} {self.failed} {self.kind}"


def fails_alone(case: Case, service: Sorter, tried: Callable[[str, Sorter], Trial]) -> None:
    """The fault fails its step and no other, and nothing is left behind."""
    service.faults.plant(case.operation, case.kind, case.after, case.most)
    trial = tried(case.scenario, service)
    assert list(trial.failed) == [case.failed], trial.failed
    assert service.stored == 0
    (over,) = trial.rounds
    assert (over.is_complete, over.left) == (False, 0)


def steps_in(name: str) -> list[dict[str, Any]]:
    """The steps of a shipped file as they are written, the clean-up last."""
    data = read_toml(CATALOGUE.path(name))
    table = data.get("e2e") or data["smoke"]
    tests = [step for test in table.get("tests", ()) for step in test["steps"]]
    steps: list[dict[str, Any]] = [*table.get("steps", ()), *tests, *table.get("cleanup", ())]
    return steps


def takes_pictures(name: str) -> bool:
    """Whether a shipped workflow has a camera take any."""
    return any("picture" in step for step in steps_in(name))
