"""The tests of a suite: whether one may go on, for how long, and what those before left unknown."""

from __future__ import annotations

from tui.core.e2e.needed import saved_names
from tui.core.e2e.smoke_test import SmokeTest
from tui.core.e2e.workflow import Step, Workflow


class Suite:
    """Fed with the steps of one round. A workflow without tests is one test, as long as it takes.

    Each reason is a clause, and empty where nothing is in the way.
    """

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._tests = {name: test for test in workflow.tests for name in test.steps}
        self._test: SmokeTest | None = None
        self._ends_s: float | None = None
        self._ended_by = ""
        """Why nothing more is done in any test."""
        self._broken_by = ""
        """Why nothing more is done in this one."""
        self._state = ""
        """Of this test, where it is broken: `failed`, `was skipped`."""
        self._lost: dict[str, str] = {}
        """What would have been saved: why it is not there."""

    def enter(self, step: Step, now_s: float) -> None:
        """The next step is this one."""
        test = self._tests.get(step.name)
        if test is None or test is self._test:
            return
        self._test = test
        self._broken_by = self._state = ""
        self._ends_s = now_s + self._workflow.test_timeout_s

    def left_s(self, now_s: float) -> float | None:
        """How long its test may still take; None: as long as it does."""
        return None if self._ends_s is None else self._ends_s - now_s

    @property
    def hindrance(self) -> str:
        """Why the step is not done, whatever it needs."""
        return self._broken_by or self._ended_by

    def lacks(self, word: str) -> str:
        """Why a word has no value, or a step no items: one before failed, or was skipped."""
        by = self._lost.get(word) or self._lost.get(word.partition(".")[0], "")
        unknown = f"{{{word}}} is not known"
        if word in self._workflow.names:
            unknown = f"nothing came of {word}"
        return f"{by}, {unknown}" if by else ""

    def end(self, why: str) -> None:
        """Nothing more is done."""
        self._ended_by = self._ended_by or why

    def fail(self, step: Step) -> None:
        """It failed, and with it its test."""
        self._broken_by, self._state = f"{step.name} failed", "failed"
        if self._test is None:
            self.end(self._broken_by)
        elif self._workflow.fail_fast:
            self.end(f"{self._test.id} failed")
        self._lose(step)

    def skip(self, step: Step, why: str) -> None:
        """It was not done, and nothing behind it in its test is."""
        self._broken_by = self._broken_by or why
        self._state = self._state or "was skipped"
        self._lose(step)

    def _lose(self, step: Step) -> None:
        by = f"{self._test.id} {self._state}" if self._test is not None else self._broken_by
        for name in saved_names(step):
            self._lost.setdefault(name, by)
