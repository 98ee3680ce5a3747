"""One round of a workflow: how each of its steps stands."""

from __future__ import annotations

import msgspec

from tui.core.e2e.view import FailedStep, Standing
from tui.core.events import RoundEnded, StepEnded, StepMoved

LEFT_OUT = ("skipped", "omitted")
"""States of a step that was not done."""


class Shown(msgspec.Struct, frozen=True):
    """A step in this round; times as in `StepView`."""

    state: Standing = "waiting"
    began_s: float = 0.0
    ms: float | None = None
    request_ms: float | None = None
    why: str = ""
    note: str = ""
    done: int = 0
    of: int = 0
    per_s: float | None = None
    """Items, while it goes on."""


class RoundFold:
    """Fed with what happens in one round."""

    def __init__(self, number: int, correlation: str, began_s: float, steps: int) -> None:
        """`began_s`: since the work began."""
        self.number = number
        self.correlation = correlation
        self.steps = [Shown()] * steps
        self.failures: list[FailedStep] = []
        """Of its steps, in the order in which they failed."""
        self.ms: float | None = None
        """None while it goes on."""
        self._began_s = began_s

    @property
    def running(self) -> int | None:
        """The step that is being done; None between two."""
        found = (index for index, each in enumerate(self.steps) if each.state == "running")
        return next(found, None)

    def begin(self, step: int, at_s: float) -> None:
        """A step begins so long after the work did."""
        self.steps[step] = Shown("running", max(at_s - self._began_s, 0.0))

    def move(self, event: StepMoved, at_s: float) -> None:
        """So many of a step's items are over, so long after the work began."""
        now = self.steps[event.step]
        took_s = at_s - self._began_s - now.began_s
        per_s = event.done / took_s if took_s > 0 else None
        moved = msgspec.structs.replace(now, done=event.done, of=event.of, per_s=per_s)
        self.steps[event.step] = moved

    def end(self, event: StepEnded) -> None:
        """A step is over, or was left out."""
        if event.state in LEFT_OUT:
            self.steps[event.step] = Shown(event.state, why=event.why)
            return
        self.steps[event.step] = Shown(
            event.state, event.began_s, event.ms, event.request_ms, event.why, event.note
        )

    def close(self, event: RoundEnded | None = None) -> None:
        """Nothing more comes of it; without an event it was cut off."""
        if event is not None:
            self.ms = event.ms
        for index, each in enumerate(self.steps):
            if each.state in ("waiting", "running"):
                self.steps[index] = Shown("skipped", each.began_s)
