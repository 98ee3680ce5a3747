"""How a burner is called, coloured and marked, wherever it is shown."""

from __future__ import annotations

from tui.console.theme import Ink
from tui.core.stress.plan import BurnerPlan, Stress, name_of

_INKS = {
    "cpu": Ink.P95,
    "memory": Ink.P50,
    "storage": Ink.INVALID,
    "network": Ink.PASS,
    "gpu": Ink.P99,
    "exhaust": Ink.ACCENT,
    "metadata": Ink.MUTE,
}
_SHORT = {
    "memory": "mem",
    "storage": "stor",
    "network": "net",
    "exhaust": "exh",
    "metadata": "meta",
}


def ink_of(name: str) -> Ink:
    """The same colour for a burner in every chart and table."""
    return _INKS.get(name, Ink.TEXT)


def short_name(name: str) -> str:
    """Four letters at most: beside a curve."""
    return _SHORT.get(name, name[:4])


def letter_of(name: str) -> str:
    """Its curve where a cell is the finest that can be drawn."""
    return name[:1] or "*"


def plan_of(stress: Stress, name: str) -> BurnerPlan | None:
    """What the scenario asks of a burner."""
    return next((plan for plan in stress.burners if name_of(plan) == name), None)
