"""Limits that stop a run to protect the board."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.events import Reading
from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.zones import zones

CRITICAL_MARGIN_C = 3.0
"""Any run ends this far below the temperature at which the board switches itself off."""
CONFIRMED = 2
"""Samples in a row: a sensor may slip once."""


class HeatGuard:
    """Fed with every sample of a run."""

    def __init__(self) -> None:
        self._times = 0

    def sample(self, readings: Mapping[str, Reading]) -> str:
        """Why the run must end now; empty when it may go on."""
        found = too_hot(readings)
        self._times = self._times + 1 if found else 0
        return found if self._times >= CONFIRMED else ""


def too_hot(readings: Mapping[str, Reading]) -> str:
    """The zone that is about to switch the board off, in words; empty when none is."""
    left = [
        (reading.critical - value, name, value, reading.critical)
        for name, value, reading in zones(readings)
        # What psutil calls critical on a PC is where its processor throttles, not where it stops.
        if reading.critical is not None and reading.source != "psutil"
    ]
    left_c, name, value, critical_c = min(left, default=(float("inf"), "", 0.0, 0.0))
    if left_c > CRITICAL_MARGIN_C:
        return ""
    return (
        f"heat guard: {label_of(name)} {fixed(value, 1)} °C, "
        f"the board switches off at {fixed(critical_c, 1)} °C"
    )
