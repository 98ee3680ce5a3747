"""Before the first request to a protected target: its name, typed in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.console.cells import Piece
from tui.console.screens.climb import rung_lines
from tui.console.screens.dialog import Choice, Dialog
from tui.console.screens.stressing import stress_warning
from tui.console.theme import Ink
from tui.core.campaign import total_s, works_text
from tui.core.config import Target
from tui.core.events import Reading
from tui.core.format import duration
from tui.core.scenario import Scenario

MOST_ROWS = 6


class TypedName(Dialog):
    """Answers with the typed name once it is the protected target's; empty otherwise."""

    def __init__(self, lines: Sequence[Sequence[Piece]], target: str, act: str) -> None:
        """`lines` say what is about to happen, `act` is what the safe answer is not: `run it`."""
        asked: list[list[Piece]] = [
            [],
            [("Somebody may depend on it. Type its name to go on:", Ink.MUTE)],
        ]
        choices = [Choice("", "cancel"), Choice(target, act)]
        super().__init__(f"{target} is protected", [*lines, *asked], choices, ink=Ink.FAIL)
        self._wanted = target
        self._typed = ""
        self._act = act

    @property
    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """Letters go into the name, so there is nothing to choose."""
        return (("enter", f"{self._act}, once the name is right"), ("esc", "cancel"))

    def press(self, key: str, character: str) -> None:
        """Characters go into the name; enter means run it only when the name is right."""
        if key == "backspace":
            self._typed = self._typed[:-1]
        elif character and character.isprintable() and len(self._typed) < 40:
            self._typed += character
        elif key == "enter":
            self.dismiss(self._wanted if self._is_right() else "")
            return
        elif key == "escape":
            self.dismiss("")
            return
        self._at = 1 if self._is_right() else 0

    def lines(self) -> list[list[Piece]]:
        """The question and what was typed so far."""
        ink = Ink.PASS if self._is_right() else Ink.TEXT
        hint = "" if self._typed else f"  {self._wanted}"
        typed: list[Piece] = [("› ", Ink.ACCENT, True), (f"{self._typed}▏", ink, True)]
        return [*self._lines, [], [*typed, (hint, Ink.FAINT)]]

    def _is_right(self) -> bool:
        return self._typed == self._wanted


class Confirm(TypedName):
    """The same before a run."""

    def __init__(
        self,
        name: str,
        scenarios: Sequence[Scenario],
        target: Target,
        board: Mapping[str, Reading] | None = None,
    ) -> None:
        """`board` is what its gauges tell now: a stress says which guards are blind."""
        lines: list[list[Piece]] = [
            [(name, Ink.TEXT, True), (_what(scenarios), Ink.TEXT)],
            [(target.url, Ink.TEXT, True)],
            *_rungs(scenarios),
            *_warnings(scenarios, board or {}),
        ]
        super().__init__(lines, target.name, "run it")


def _what(scenarios: Sequence[Scenario]) -> str:
    if len(scenarios) == 1:
        only = scenarios[0]
        if only.workflow is not None:
            return f" goes through {only.plan} on"
        verb = "puts" if only.stress is None else "does"
        return f" {verb} {only.plan} on"
    many = f" does {len(scenarios)} runs"
    if all(scenario.load is not None for scenario in scenarios):
        many = f" puts {len(scenarios)} loads"
    return f"{many}, {works_text(scenarios)} in all, on"


def _warnings(scenarios: Sequence[Scenario], board: Mapping[str, Reading]) -> list[list[Piece]]:
    """What a stress does beside its requests; nothing of a campaign, whose rungs are named."""
    if len(scenarios) > 1 or scenarios[0].stress is None:
        return []
    return [[], *stress_warning(scenarios[0], board)]


def _rungs(scenarios: Sequence[Scenario]) -> list[list[Piece]]:
    """A campaign's runs, and how long it may cool in between; nothing of a single scenario."""
    if len(scenarios) == 1:
        return []
    _, cooling_s = total_s(scenarios)
    ends: list[list[Piece]] = [[("The first that does not pass ends it.", Ink.MUTE)]]
    if cooling_s:
        waits = f"Cooling in between takes {duration(round(cooling_s))} at most."
        ends.insert(0, [(waits, Ink.MUTE)])
    return [[], *rung_lines(scenarios, MOST_ROWS), *ends]
