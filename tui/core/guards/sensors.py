"""Temperature sensors that fall silent while burners burn: nobody knows how hot it is."""

from __future__ import annotations

from tui.core.events import STALE_S
from tui.core.format import fixed
from tui.core.guards.confirm import Confirmed
from tui.core.guards.halt import Halt, Readings, halt
from tui.core.zones import zones

SILENT_S = 2.0


class Sensors:
    """All of the board's own; a board that never told one has nothing to lose."""

    def __init__(self) -> None:
        self._told_s: float | None = None
        """When one told something, last."""
        self._silent = Confirmed()

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        is_told = any(reading.age_s <= STALE_S for _, _, reading in zones(readings))
        if is_told:
            self._told_s = at_s
        if self._told_s is None:
            return None
        silent_s = at_s - self._told_s
        # The engine itself may have slept that long: one sample after it is not enough.
        is_silent = self._silent.add(not is_told)
        if not is_silent or silent_s <= SILENT_S:
            return None
        return halt("sensors", f"no temperature could be read for {fixed(silent_s, 1)} s")
