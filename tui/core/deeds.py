"""What a run does on purpose, so that its effects are not held for the board's or the service's."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Literal

import msgspec

from tui.core import events as ev
from tui.core.stress.plan import Stress
from tui.core.stress.way import WAY

EXPLAINS_S = 60.0
"""What it led to shows within this time of its beginning, or of its full size."""
MAX_DEEDS = 200
OURS = " (ours)"
"""Behind a fault's text, among causes that may be the board's."""


class Deed(msgspec.Struct, frozen=True):
    """A fault, or a step of a stress. Times are seconds since the work began."""

    by: Literal["fault", "stress"]
    text: str
    """`latency 400 ms (ours)`, `stress-cpu step 75 %`."""
    began_s: float
    ended_s: float | None = None
    """None while it goes on."""
    ramp_s: float = 0.0
    """From its beginning to its full size."""
    own_ms: float = 0.0
    """What it adds to every answer by itself; 0: nothing that could be told."""

    def held(self, from_s: float, until_s: float) -> bool:
        """Whether it was there all that time."""
        return self.began_s <= from_s and (self.ended_s is None or self.ended_s >= until_s)


class DeedsFold:
    """Fed with a run's events in order of time; bounded."""

    def __init__(self, scenario_id: str, stress: Stress | None) -> None:
        self._id = scenario_id
        self._stress = stress
        self._over: deque[Deed] = deque(maxlen=MAX_DEEDS)
        self._open: dict[str, Deed] = {}
        """By the fault's name; the stress itself has an empty one."""
        names = () if stress is None else stress.names
        self._burning = set(names) - {"faults", "disk"}
        self._step = 0
        self._share = 0.0
        """That was asked for last."""

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """The ended ones, then those that go on."""
        return (*self._over, *self._open.values())

    def apply(self, event: ev.Event, at_s: float) -> None:
        """Fold one event in."""
        match event:
            case ev.StressStepped(step=step):
                self._ask(step, at_s)
            case ev.StressEntered(part="after") | ev.RunEnded():
                self._end("", at_s)
            case ev.BurnerEnded(name=name):
                self._burning.discard(name)
                if not self._burning:
                    self._end("", at_s)
            case ev.FaultDone():
                self._begin(event.name, self._fault(event, at_s))
            case ev.FaultUndone(name=name):
                self._end(name, at_s)

    def _ask(self, step: int, at_s: float) -> None:
        assert self._stress is not None
        self._step = step
        steps = self._stress.steps
        before, self._share = self._share, steps[step].share
        if self._share < before:
            # Less of the same explains no rise.
            self._end("", at_s)
        elif self._share > before and self._burning:
            shares = {each.share for each in steps}
            text = f"{self._id} step {steps[step].text}" if len(shares) > 1 else self._id
            ramp_s = self._stress.ramp_s if step == 0 else 0.0
            self._begin("", Deed("stress", text, at_s, ramp_s=ramp_s))

    def _fault(self, event: ev.FaultDone, at_s: float) -> Deed:
        toxics = None
        if event.name == WAY and self._stress is not None:
            toxics = self._stress.steps[self._step].toxics
        own_ms = 0.0 if toxics is None else toxics.added_ms
        return Deed("fault", f"{event.text}{OURS}", at_s, own_ms=own_ms)

    def _begin(self, name: str, deed: Deed) -> None:
        self._end(name, deed.began_s)
        self._open[name] = deed

    def _end(self, name: str, at_s: float) -> None:
        deed = self._open.pop(name, None)
        if deed is not None:
            self._over.append(msgspec.structs.replace(deed, ended_s=at_s))


def is_in_force(
    began_s: float, ended_s: float | None, at_s: float, *, slack_s: float = 0.0
) -> bool:
    """Whether what was done was there at that moment, which may be `slack_s` off; what ended
    before it explains nothing. `ended_s` is None while it goes on."""
    return began_s <= at_s + slack_s and (ended_s is None or ended_s > at_s)


def deed_behind(deeds: Sequence[Deed], began_s: float, slack_s: float) -> Deed | None:
    """The newest that was in force at that moment and had not been for long; None without one.

    `slack_s` as for `is_in_force`.
    """
    fitting = [
        deed
        for deed in deeds
        if is_in_force(deed.began_s, deed.ended_s, began_s, slack_s=slack_s)
        and began_s - EXPLAINS_S - deed.ramp_s <= deed.began_s
    ]
    return max(fitting, key=lambda deed: (deed.began_s, deed.by == "fault"), default=None)
