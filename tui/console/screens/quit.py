"""Leaving while a run goes on."""

from __future__ import annotations

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.strip import left_text
from tui.console.widgets.workflow_strip import rounds_left_text
from tui.core.model import RunView

STOP_AND_QUIT = "stop"
AGAIN_S = 3.0


class Quit(Dialog):
    """The safe answer has the focus; who insists presses ctrl+c twice more."""

    def __init__(self, run: RunView | None) -> None:
        if run is None:
            first: list[Piece] = [("A run is being prepared.", Ink.TEXT)]
        else:
            left = left_text(run) if run.workflow is None else rounds_left_text(run.workflow)
            first = [(f"{run.facts.scenario.id} has {left} to go.", Ink.TEXT)]
        rest = "Stopped now, it has no verdict: it counts as INTERRUPTED."
        choices = [
            Choice("", "keep running"),
            Choice(STOP_AND_QUIT, "stop the run and quit"),
        ]
        super().__init__("quit?", [first, [(rest, Ink.MUTE)]], choices)
        self._insisted = "ctrl+c"
        self._armed_until_s = float("-inf")

    def leave(self, key: str) -> None:
        """ctrl+c or ctrl+q: the first arms, the second within three seconds means it."""
        if self._is_armed():
            self.dismiss(STOP_AND_QUIT)
            return
        self._insisted = key
        self._armed_until_s = self._now_s() + AGAIN_S
        # Nothing else repaints a dialog when the time is over.
        self.set_timer(AGAIN_S + 0.05, self._box.repaint)

    def lines(self) -> list[list[Piece]]:
        """What a stop costs, and the short way to one."""
        hint: list[Piece] = [(f"{self._insisted} twice", Ink.ACCENT, True)]
        hint.append((": stop and quit", Ink.MUTE))
        if self._is_armed():
            hint = [(f"! {self._insisted} again: stop and quit", Ink.WARN, True)]
        return [*self._lines, [], hint]

    def _is_armed(self) -> bool:
        return self._now_s() < self._armed_until_s
