"""Before a stress: what it will do to the board, and what ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.console.cells import Piece
from tui.console.screens.dialog import Choice, Dialog
from tui.console.theme import Ink
from tui.console.widgets.detail import steps_text
from tui.console.widgets.log import wrapped
from tui.core.config import Target
from tui.core.events import Reading
from tui.core.format import duration, load_level
from tui.core.guards.blind_spots import blind_spots
from tui.core.guards.heat import CRITICAL_MARGIN_C, PASSIVE_MARGIN_C
from tui.core.scenario import Scenario
from tui.core.stress.plan import Stress, burner_text

BURN = "burn"
Readings = Mapping[str, Reading]
WIDTH = 66
MOST_ROWS = 4


def stress_dialog(scenario: Scenario, target: Target, board: Readings) -> Dialog:
    """Answers BURN; the focus is on the safe answer."""
    lines: list[list[Piece]] = [
        [(f"{scenario.id} on {target.name}", Ink.TEXT, True)],
        [],
        *stress_warning(scenario, board),
    ]
    choices = [Choice("", "cancel"), Choice(BURN, "run it")]
    return Dialog("stress", lines, choices)


def stress_warning(scenario: Scenario, board: Readings) -> list[list[Piece]]:
    """What it does, what ends it, and which guards are blind on this `board`, in rows."""
    stress = scenario.stress
    if stress is None:
        return []
    lines: list[list[Piece]] = [
        [(row, Ink.TEXT)] for text in _does(scenario, stress) for row in wrapped(text, WIDTH, 5)
    ]
    lines.append([])
    told = {name: reading for name, reading in board.items() if reading.value is not None}
    blind = list(blind_spots(stress, told))
    lines += [[(row, Ink.TEXT)] for row in wrapped("; ".join(guards(stress, blind)), WIDTH)]
    if not blind:
        return lines
    lines.append([("! ", Ink.WARN, True), ("not guarded on this board:", Ink.TEXT)])
    lines += [[(f"  {row}", Ink.MUTE)] for row in wrapped("; ".join(blind), WIDTH - 2, MOST_ROWS)]
    return lines


def _does(scenario: Scenario, stress: Stress) -> list[str]:
    most = "at most " if stress.until_steady else ""
    length = f"for {most}{duration(stress.duration_s)}"
    burnt = [burner_text(plan) for plan in stress.burners]
    texts = [f"burns {', '.join(burnt)}, {length}"] if burnt else []
    if stress.disk is not None:
        texts.append(f"takes the free space of the disk, but for a floor, {length}")
    steps = [step.text for step in stress.steps]
    if stress.suffers:
        texts.append(f"the way to the service suffers {length}: {', then '.join(steps)}")
    elif len(steps) > 1:
        texts.append(f"in steps: {steps_text(stress)}")
    if scenario.load is not None:
        texts.append(f"beside it {load_level(scenario.load)}")
    watched = f"watched {duration(stress.before_s)} before"
    texts.append(f"{watched} and at most {duration(stress.after_s)} after")
    return texts


def guards(stress: Stress, blind: Sequence[str] = ()) -> list[str]:
    """What ends it before its time, without what the board can't tell."""
    found = []
    if any(line.startswith("heat:") or line.startswith("heat,") for line in blind):
        pass
    elif stress.allow_throttle:
        found.append(f"goes on while the board throttles, stops {CRITICAL_MARGIN_C:g} °C below off")
    else:
        found.append(f"stops {PASSIVE_MARGIN_C:g} °C below throttling")
    if stress.max_c is not None:
        found.append(f"stops at {stress.max_c:g} °C at the latest")
    found.append("stops where memory or the disk run short")
    return [*found, "s ends it at once"]
