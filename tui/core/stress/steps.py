"""How the service fared in each step of a stress, and while each fault on its way held."""

from __future__ import annotations

from tui.core import events as ev
from tui.core.stress.burners import SETTLED_S
from tui.core.stress.plan import Step, Stress
from tui.core.stress.stretch import Stretch
from tui.core.stress.stretches import Stretches
from tui.core.stress.view import StepView
from tui.core.stress.way import WAY


class _StepFold(Stretch):
    """The stretch of one step."""

    def __init__(self, number: int, from_s: float, counted: int) -> None:
        super().__init__("stress", from_s, counted)
        self.number = number


class StepsFold(Stretches[_StepFold]):
    """Fed with a run's events and with what lies in its steps; seconds since the work began.

    A step counts from where its level is reached and its burners tell of it; a fault from where it
    holds. Bounded, as a plan has a hundred steps at most.
    """

    def __init__(self, stress: Stress, counted: int) -> None:
        """`counted` is the number of columns of each row's `over`."""
        super().__init__()
        self._stress = stress
        self._counted = counted
        self._step = 0
        self._full_s = 0.0
        """When the ramp is over."""

    def apply(self, event: ev.Event, at_s: float) -> None:
        """What begins and ends a step."""
        match event:
            case ev.StressEntered(part="stress"):
                self._full_s = at_s + self._stress.ramp_s
            case ev.StressStepped():
                self.end(at_s)
                self._step = event.step
                if not _is_fault(self._stress.steps[event.step]):
                    self._begin(self._settled_s(at_s))
            case ev.FaultDone(name=name) if name == WAY:
                self.end(at_s)
                self._begin(at_s)
            case ev.FaultUndone(name=name) if name == WAY:
                if _is_fault(self._stress.steps[self._step]):
                    self.end(at_s)
            case (
                ev.StressEntered(part="after")
                | ev.PhaseEntered(phase="draining" | "cleaning")
                | ev.RunEnded()
            ):
                self.end(at_s)

    def views(self) -> tuple[StepView, ...]:
        """Those that have begun, in their order."""
        return tuple(map(self._view, self))

    def _view(self, stretch: _StepFold) -> StepView:
        step = self._stress.steps[stretch.number]
        return StepView(stretch.number, step.text, _is_fault(step), stretch.view())

    def _settled_s(self, at_s: float) -> float:
        """From when on a step that begins then is at its level: its burners tell of no sooner."""
        return max(at_s, self._full_s) + SETTLED_S if self._stress.burners else at_s

    def _begin(self, at_s: float) -> None:
        self.begin(_StepFold(self._step, at_s, self._counted))


def _is_fault(step: Step) -> bool:
    return step.toxics is not None and not step.toxics.is_clean
