"""What a burner is told, by its plan."""

from __future__ import annotations

from typing import Any

from tui.core.stress.plan import BurnerPlan, Step, Stress
from tui.ports import BurnersPlan
from tui.stress.specs import programs


def about(*burners: BurnerPlan) -> BurnersPlan:
    """A second of these burners."""
    stress = Stress("contend", 0.0, 0.0, (Step(1.0),), 0.0, burners)
    return BurnersPlan(stress, "/nowhere", None)


def spec_of(plan: BurnerPlan) -> dict[str, Any]:
    """What its only process is told."""
    (program,) = programs(plan, about(plan), 1.0)
    return program.spec
