"""Memory that runs short: behind the burner's own floor, and for what others take."""

from __future__ import annotations

from tui.core.events import STALE_S
from tui.core.floors import TOLERANCE, memory_floor_mb
from tui.core.format import count, fixed
from tui.core.guards.confirm import Confirmed, Lasting
from tui.core.guards.halt import Halt, Readings, halt

MAX_PRESSURE_PERCENT = 20.0
"""Everything stood still for that share of the last ten seconds; the burner stops to grow at 5."""
PRESSURE_FOR_S = 5.0
PRESSURE = "memory_psi_full_percent"


class Memory:
    """What is available, and how long everything waits for memory.

    A service that leaves less than the floor from the start is in order: then a share of what it
    leaves is the line.
    """

    def __init__(self) -> None:
        self._line_mb: float | None = None
        self._short = Confirmed()
        self._pressed = Lasting(PRESSURE_FOR_S)

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        return self._space(readings) or self._pressure(readings, at_s)

    def _space(self, readings: Readings) -> Halt | None:
        used = readings.get("ram_used_mb")
        if used is None or used.value is None or used.limit is None or used.age_s > STALE_S:
            return None
        available_mb = used.limit - used.value
        if self._line_mb is None:
            self._line_mb = TOLERANCE * min(memory_floor_mb(used.limit), available_mb)
        if not self._short.add(available_mb < self._line_mb):
            return None
        left = f"{count(available_mb)} MiB of memory are available"
        return halt("memory", f"{left}, fewer than {count(self._line_mb)} MiB")

    def _pressure(self, readings: Readings, at_s: float) -> Halt | None:
        reading = readings.get(PRESSURE)
        if reading is None or reading.value is None or reading.age_s > STALE_S:
            return None
        if not self._pressed.add(reading.value > MAX_PRESSURE_PERCENT, at_s):
            return None
        share = f"{fixed(reading.value)} % of the time"
        return halt(
            "memory", f"everything waited for memory {share}, for {fixed(PRESSURE_FOR_S)} s"
        )
