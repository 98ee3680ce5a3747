"""Before a campaign: its rungs, and how long they take."""

from __future__ import annotations

from collections.abc import Sequence

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.core.campaign import Campaign, total_s
from tui.core.config import Target
from tui.core.format import counted, duration
from tui.core.scenario import Scenario

CLIMB = "climb"
MOST_ROWS = 9


def climb_dialog(campaign: Campaign, rungs: Sequence[Scenario], target: Target) -> Dialog:
    """Answers CLIMB."""
    load_s, cooling_s = total_s(rungs)
    whole = f"{counted(len(rungs), 'run')} on {target.name}, {duration(round(load_s))} of load"
    if cooling_s:
        whole += f", {duration(round(cooling_s))} of cooling at most"
    lines: list[list[Piece]] = [[(whole, Ink.TEXT, True)], [], *rung_lines(rungs, MOST_ROWS)]
    lines += [[], [("The first that does not pass ends it.", Ink.MUTE)]]
    choices = [Choice(CLIMB, "run them"), Choice("", "cancel")]
    return Dialog(f"campaign {campaign.id}", lines, choices)


def rung_lines(rungs: Sequence[Scenario], most: int) -> list[list[Piece]]:
    """What each of them puts on the target, at most so many; then, how many more there are."""
    widest = max(len(scenario.id) for scenario in rungs)
    lines: list[list[Piece]] = []
    for number, scenario in enumerate(rungs[:most], 1):
        plan = (scenario.plan, Ink.MUTE)
        name = f"{scenario.id:<{widest + 2}}"
        lines.append([(f"{number:>2} ", Ink.FAINT), (name, Ink.TEXT), plan])
    if len(rungs) > most:
        lines.append([(f"   and {len(rungs) - most} more", Ink.FAINT)])
    return lines
