"""A workflow as front ends and reports see it."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from tui.core.events.e2e import Exchange

Standing = Literal["waiting", "running", "passed", "failed", "skipped", "omitted"]


class StepView(msgspec.Struct, frozen=True):
    """One step, over all rounds; `state`, `began_s` and `ms` are of the round that is shown."""

    name: str
    what: str
    """`POST /images`, `picture of gate`."""
    is_cleanup: bool = False
    state: Standing = "waiting"
    began_s: float = 0.0
    """Since that round began."""
    ms: float | None = None
    request_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    most_ms: float | None = None
    total_ms: float = 0.0
    """All of its times, over all rounds."""
    overhead_p95_ms: float | None = None
    """What a step takes beyond its requests and the waits between them; of one of many items each
    of them."""
    passed: int = 0
    failed: int = 0
    requests: int = 0
    why: str = ""
    """Why it failed, or was left out, in the round that is shown."""
    test: str = ""
    """The id of the test that it belongs to; empty where there are none."""
    group: str = ""
    """Of that test."""
    note: str = ""
    """What it found or would have done, in words; in the round that is shown."""
    items: int = 0
    """How many it did, over all rounds; 0: it is a single one."""
    items_failed: int = 0
    item_p50_ms: float | None = None
    """Of items that passed, in the round whose p95 is the highest."""
    item_p95_ms: float | None = None
    item_limit_ms: float | None = None
    """95 of 100 items take no longer, or it fails; None: they may."""
    items_per_s: float | None = None
    """Over all rounds, failed ones too."""
    done: int = 0
    """While it goes on: items that are over, of so many."""
    of: int = 0
    going_per_s: float | None = None
    """While it goes on: items a second, of those that are over."""
    records: int = 0
    """How many should have been in a list, over all rounds."""
    records_complete: int = 0
    """How many of them were there, with all their fields."""
    hashes: int = 0
    """How many were compared and were right, over all rounds."""
    omitted: int = 0
    """In how many rounds it did not apply; `why` says why."""

    @property
    def never_applied(self) -> bool:
        """Whether it was left out in each round."""
        return bool(self.omitted) and not (self.passed or self.failed)


class TestView(msgspec.Struct, frozen=True):
    """One test of a suite."""

    __test__: ClassVar[bool] = False
    """It is none of this project's own."""
    id: str
    title: str
    group: str
    state: Standing = "waiting"
    ms: float | None = None
    """From its first step to its last; None before it is over, and where it was not done."""
    why: str = ""
    """Why it failed, with the step's name, was skipped, or is left out."""
    omitted: int = 0
    """How many of its steps were left out, though the others were done."""


class FailedStep(msgspec.Struct, frozen=True):
    """A step that failed, with request, answer and difference."""

    at_s: float
    """Since the work began."""
    round: int
    correlation: str
    name: str
    why: str
    wanted: str = ""
    got: str = ""
    exchange: Exchange | None = None
    is_picture: bool = False
    """Whether it was to take a picture."""
    test: str = ""
    """The id of the test that it belongs to; empty where there are none."""


class WorkflowView(msgspec.Struct, frozen=True):
    """All of it."""

    steps: tuple[StepView, ...]
    rounds: int
    """That were asked for."""
    begun: int = 0
    complete: int = 0
    failed: int = 0
    """Rounds that are over and not complete; those under way are neither."""
    shown: int = 0
    """The round whose steps are shown: the newest that failed, else the newest. 0: none yet."""
    correlation: str = ""
    """Of that round."""
    round_ms: float | None = None
    """Of that round; None while it goes on."""
    p50_ms: float | None = None
    """Of complete rounds."""
    p95_ms: float | None = None
    slowest_ms: float | None = None
    hashes: int = 0
    """How many were compared and were right."""
    left: int = 0
    """What is left on the service."""
    left_named: tuple[str, ...] = ()
    """The first few of it, by their paths or names."""
    maybe_left: int = 0
    """What may be left there: nobody was told what was made."""
    failures: tuple[FailedStep, ...] = ()
    """The first ones, bounded, and those of the round that is shown."""
    labels: tuple[str, ...] = ()
    """`simulated` or `replay`, where pictures were taken by no camera."""
    tests: tuple[TestView, ...] = ()
    """Of the round that is shown; empty: it is no suite."""
    requests_per_s: float | None = None
    """While steps were done, but those of the clean-up; None before one was."""

    @property
    def is_suite(self) -> bool:
        """Whether its tests stand for all of it: of several rounds they are of one alone."""
        return bool(self.tests) and self.rounds == 1

    @property
    def over(self) -> int:
        """How many rounds are over."""
        return self.complete + self.failed

    @property
    def completion_rate(self) -> float | None:
        """Of the rounds that are over; None before one is."""
        return self.complete / self.over if self.over else None

    def tests_in(self, state: Standing) -> tuple[TestView, ...]:
        """Those that stand so."""
        return tuple(test for test in self.tests if test.state == state)
