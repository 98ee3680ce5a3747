"""How many users were asked for, ahead of what the screen knows."""

from __future__ import annotations

from tui.core.model import RunView

BELIEVED_S = 3.0
"""For so long a level that was asked for counts although no snapshot shows it."""


class Level:
    """Quick presses add up: each builds on what was asked for last, not on the last picture."""

    def __init__(self) -> None:
        self._run_id = ""
        self._users = 0
        self._until_s = float("-inf")

    def next(self, run: RunView, direction: int, now_s: float) -> int:
        """Ten percent more or fewer, at least one user up or down, never less than one."""
        if self._run_id != run.facts.id or now_s >= self._until_s:
            self._users = run.users_asked
        self._run_id, self._until_s = run.facts.id, now_s + BELIEVED_S
        step = max(round(self._users * 0.1), 1)
        self._users = max(self._users + direction * step, 1)
        return self._users

    def caught_up(self, run: RunView | None) -> None:
        """The newest run: once it shows the level, the run is believed again."""
        if run is not None and run.facts.id == self._run_id and run.users_asked == self._users:
            self._until_s = float("-inf")
