"""Runs that wait for their turn: behind another one, or for the board to cool."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from tui.core.events import Reading
from tui.core.model import Cooling, RunView
from tui.engine.cool_down import CoolDown, hottest_c
from tui.ports import RunRequest


class RunQueue:
    """First come, first served. All times are monotonic."""

    def __init__(self) -> None:
        self._waiting: deque[RunRequest] = deque()
        self._cool_down: CoolDown | None = None
        self._start_c: float | None = None
        self.cooling: Cooling | None = None
        """The wait that goes on; None while none does."""

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def ids(self) -> tuple[str, ...]:
        """The scenarios that wait."""
        return tuple(request.scenario.id for request in self._waiting)

    def add(self, request: RunRequest) -> None:
        """Behind all others."""
        self._waiting.append(request)

    def clear(self) -> None:
        """Forget them all."""
        self._waiting.clear()
        self.cooling = None

    def take(self, now_s: float, board: Mapping[str, Reading]) -> RunRequest | None:
        """The next one whose turn it is; None when there is none, or the board must cool first."""
        if not self._waiting:
            return None
        request, cool_down = self._waiting[0], self._cool_down
        if request.cool_down and cool_down and not cool_down.is_over(now_s, board):
            self.cooling = cool_down.view(request.scenario.id, now_s, board)
            return None
        self._cool_down = self.cooling = None
        return self._waiting.popleft()

    def skip_cool_down(self) -> None:
        """Whoever waits need not wait any longer."""
        if self._cool_down is not None:
            self._cool_down.is_skipped = True

    def started(self, request: RunRequest, board: Mapping[str, Reading]) -> None:
        """A run starts now: what is behind it waits until the board is as cool again.

        A row of runs is measured against its first: else each could start warmer than the last.
        """
        if not request.cool_down or self._start_c is None:
            self._start_c = hottest_c(board)

    def ended(self, run: RunView, now_s: float) -> str:
        """A run is over. Says so if that ends its campaign: the first that does not pass does."""
        facts, judgement = run.facts, run.judgement
        if facts.scenario.cool_down_s:
            self._cool_down = CoolDown(self._start_c, now_s + facts.scenario.cool_down_s)
        if not facts.campaign or judgement is None or judgement.verdict == "PASS":
            return ""
        others = [each for each in self._waiting if each.campaign != facts.campaign]
        if len(others) == len(self._waiting):
            return ""
        self._waiting = deque(others)
        rung = f"rung {facts.rung} of {facts.rungs}"
        return f"{facts.campaign} ended at {rung}: {judgement.verdict}"
