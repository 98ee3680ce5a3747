"""One benchmark of cameras, from their opening to the last second that is judged."""

from __future__ import annotations

from typing import Literal

from tui.core import events as ev
from tui.core.guards import Halt
from tui.core.run_fold import RunFold
from tui.engine.camera_desk import CameraDesk
from tui.ports import Clock, Emit

STARTS_S = 20.0
"""For a reader's interpreter and libraries on a small board that is busy."""
Part = Literal["opening", "settling", "measuring", "ended"]
Standing = Literal["opening", "live", "failed", "gone"]


class CameraRun:
    """Implements `Run` of `engine.run`. What a camera does on its way is told, never waited for:
    one that fails leaves the others their time."""

    def __init__(self, facts: ev.RunFacts, desk: CameraDesk, clock: Clock, emit: Emit) -> None:
        assert facts.scenario.cameras is not None
        self.facts = facts
        self._plan = facts.scenario.cameras
        self._desk = desk
        self._clock = clock
        self._emit = emit
        self._part: Part = "opening"
        self._from_s = 0.0
        """When that part began, monotonic."""
        self._stands: dict[str, Standing] = {each.name: "opening" for each in facts.cameras}
        slowest_s = max((each.timeout_s for each in facts.cameras), default=0.0)
        self._patience_s = STARTS_S + 2 * slowest_s

    def begin(self) -> None:
        self._from_s = self._clock.monotonic_s()
        self._desk.need(self._stands)

    def tick(self, fold: RunFold, at_s: float) -> None:
        lasted_s = self._clock.monotonic_s() - self._from_s
        if self._part == "opening":
            if "opening" not in self._stands.values() or lasted_s > self._patience_s:
                self._leave_opening()
        elif self._part == "settling":
            if lasted_s >= self._plan.settle_s:
                self._measure()
        # Those that need a hand will not come back by themselves.
        elif self._part == "measuring" and (
            lasted_s >= self._plan.duration_s or self._are_all("gone")
        ):
            self._end(ev.RunEnded(reason="completed"))

    def on_event(self, event: ev.Event) -> bool:
        if not isinstance(event, ev.CameraEvent):
            return True
        if event.camera not in self._stands:
            return False
        if isinstance(event, ev.CameraOpened):
            self._stands[event.camera] = "live"
        elif isinstance(event, ev.CameraFailed):
            self._stands[event.camera] = "gone" if event.retry_s is None else "failed"
        return True

    def stop(self, detail: str, *, at_once: bool) -> None:
        self._end(ev.RunEnded(reason="stopped", detail=detail))

    def abort(self, halt: Halt) -> None:
        self._end(ev.RunEnded(reason="guard", detail=halt.text, guard=halt.guard))

    def close(self) -> None:
        # Not before the end is told: a camera that is closed has no fault any more.
        self._desk.release()

    def _leave_opening(self) -> None:
        self._emit(ev.WorkBegan())
        if self._are_all("failed", "gone", "opening"):
            self._end(ev.RunEnded(reason="completed"))
            return
        if not self._plan.settle_s:
            self._measure()
            return
        self._enter("settling")
        self._emit(ev.PhaseEntered(phase="warm-up"))

    def _measure(self) -> None:
        self._enter("measuring")
        self._emit(ev.PhaseEntered(phase="measuring"))

    def _enter(self, part: Part) -> None:
        self._part, self._from_s = part, self._clock.monotonic_s()

    def _end(self, ending: ev.RunEnded) -> None:
        if self._part != "ended":
            self._part = "ended"
            self._emit(ending)

    def _are_all(self, *standings: Standing) -> bool:
        return all(each in standings for each in self._stands.values())
