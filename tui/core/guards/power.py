"""Power: more than the supply is made for, and what the board itself counts."""

from __future__ import annotations

from tui.core.counters import Counters
from tui.core.events import STALE_S
from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.guards.confirm import Confirmed, Lasting
from tui.core.guards.halt import Halt, Readings, halt
from tui.core.power_signs import OC3_EXPECTED_PER_S, OVER_CURRENT
from tui.core.rails import whole_rail

FOR_S = 5.0
EVENTS_OVER_S = 2.0
MAX_PER_S = {2: 1.0, 3: OC3_EXPECTED_PER_S}
"""Events a second for FOR_S. The board holds itself back at each: some are no danger, and
oc3 is expected in the mode without limits. oc1 is another thing: one may come before a reset."""


class Power:
    """The whole board's power, where it tells it beside a budget, and its event counters."""

    def __init__(self) -> None:
        self._over = Lasting(FOR_S)
        self._counters = Counters()
        self._sags = Confirmed()
        self._began_s: float | None = None

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        if self._began_s is None:
            self._began_s = at_s
        return self._budget(readings, at_s) or self._events(readings, at_s)

    def _budget(self, readings: Readings, at_s: float) -> Halt | None:
        rail = whole_rail(readings)
        reading = readings.get(f"{rail}_mw")
        if reading is None or reading.value is None or reading.age_s > STALE_S:
            return None
        # What comes is one sample of a power that swings by the millisecond.
        if reading.limit is None or not self._over.add(reading.value > reading.limit, at_s):
            return None
        watts = f"{label_of(rail)} {_watts(reading.value)} for {fixed(FOR_S)} s"
        return halt("power", f"{watts}, its budget is {_watts(reading.limit)}")

    def _events(self, readings: Readings, at_s: float) -> Halt | None:
        self._counters.add(readings, at_s)
        # A counter that is wrong once is back in the next sample.
        if self._sags.add(self._counters.rates(EVENTS_OVER_S).get(1, 0.0) > 0):
            return halt("power", f"oc1: the board counts events of {OVER_CURRENT[1]}")
        if self._began_s is None or at_s - self._began_s < FOR_S:
            return None
        rates = self._counters.rates(FOR_S)
        for number, most in MAX_PER_S.items():
            if rates.get(number, 0.0) > most:
                said = f"oc{number} {OVER_CURRENT[number]}, {fixed(rates[number], 1)} events/s"
                return halt("power", f"{said} for {fixed(FOR_S)} s")
        return None


def _watts(mw: float) -> str:
    return f"{fixed(mw / 1000, 1)} W"
