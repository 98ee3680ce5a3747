"""All guards of one run."""

from __future__ import annotations

from tui.core.events import Reading
from tui.core.guards.blind_spots import blind_spots
from tui.core.guards.deadline import Deadline
from tui.core.guards.halt import Guard, Halt, Readings, halt
from tui.core.guards.heat import CriticalHeat, StressHeat
from tui.core.guards.heat_rate import HeatRate
from tui.core.guards.memory import Memory
from tui.core.guards.power import Power
from tui.core.guards.sensors import Sensors
from tui.core.guards.space import Space
from tui.core.stress.plan import Stress

SILENT_S = 10.0
"""Samples come twice a second; a busy board may be late, but not so late."""


class RunGuards:
    """Fed with every sample of a run, and told when burners burn: only then most of them watch."""

    def __init__(self, stress: Stress | None) -> None:
        """`stress`: None for a run without burners."""
        self._stress = stress
        self._always: tuple[Guard, ...] = (CriticalHeat(),)
        self._burning: tuple[Guard, ...] = ()
        self._last: tuple[Readings, float] | None = None
        self._heard_s = 0.0
        self._told: dict[str, Reading] = {}

    @property
    def missing(self) -> tuple[str, ...]:
        """Which guards can't watch here and why, a line each; complete once samples came."""
        if self._stress is None:
            return ()
        last = self._last[0] if self._last is not None else None
        return tuple(blind_spots(self._stress, self._told, last))

    def begin_stress(self, at_s: float) -> None:
        """Burners burn from now on. What the last sample said is what they found."""
        self._heard_s = at_s
        if self._stress is None:
            return
        guards: tuple[Guard, ...] = (
            StressHeat(self._stress),
            Sensors(),
            HeatRate(),
            Memory(),
            Space(),
            Power(),
        )
        if self._last is not None:
            for guard in guards:
                guard.sample(*self._last)
        self._burning = (*guards, Deadline(self._stress.duration_s))

    def end_stress(self) -> None:
        """No burner burns any more."""
        self._burning = ()

    def silence(self, at_s: float) -> Halt | None:
        """Why the run must end now although, or because, no sample came for long."""
        silent_s = at_s - self._heard_s
        if not self._burning or silent_s <= SILENT_S:
            return None
        return halt("sensors", f"the board has told nothing for {silent_s:.0f} s")

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        """One sample, in order of time; the first reason why the run must end now."""
        self._last = readings, at_s
        self._heard_s = max(self._heard_s, at_s)
        # Another dict: `missing` goes through the one before at the same time.
        self._told = self._told | {n: one for n, one in readings.items() if one.value is not None}
        guards = (*self._always, *self._burning)
        return next((found for one in guards if (found := one.sample(readings, at_s))), None)
