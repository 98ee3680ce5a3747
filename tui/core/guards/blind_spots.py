"""Which guards can't watch on this board, and why: a report must not claim them."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.guards.halt import Readings
from tui.core.guards.heat import has_trip
from tui.core.guards.heat_rate import is_slow
from tui.core.guards.memory import PRESSURE
from tui.core.guards.space import GAUGE, SCRATCH_GAUGE
from tui.core.power_signs import is_counter
from tui.core.rails import whole_rail
from tui.core.stress.plan import Stress
from tui.core.zones import zones


def blind_spots(stress: Stress, told: Readings, last: Readings | None = None) -> Iterator[str]:
    """A line each. `told`: of every gauge that ever had a value, the last one that it had.
    `last`: the newest sample, where a gauge without a value says why."""
    yield from _heat(stress, told)
    if "ram_used_mb" not in told or told["ram_used_mb"].limit is None:
        yield "memory: the board does not tell how much is available"
    if PRESSURE not in told:
        yield "memory: the kernel does not tell how long everything waits for memory"
    if GAUGE not in told:
        yield "space: the board does not tell how much is free on its disk"
    # A scratch directory on the same disk has no gauge of its own.
    scratch = (last or {}).get(SCRATCH_GAUGE)
    if scratch is not None and SCRATCH_GAUGE not in told:
        yield f"space: nobody knows how much is free in the scratch directory: {scratch.why}"
    rail = whole_rail(told)
    if not rail:
        yield "power: the board does not tell its whole power"
    elif told[f"{rail}_mw"].limit is None:
        yield "power: the board tells no budget for its whole power"
    if not any(is_counter(gauge) for gauge in told):
        yield "power: the board counts no over-current events"


def _heat(stress: Stress, told: Readings) -> Iterator[str]:
    found = [(name, reading) for name, _, reading in zones(told)]
    if not found:
        yield "heat, heat-rate, sensors: no temperature of the board can be read"
        return
    trips = [reading for _, reading in found if has_trip(reading.source)]
    if not any(reading.critical is not None for reading in trips):
        yield "heat: no sensor tells where the board switches itself off"
    has_passive = any(reading.limit is not None for reading in trips)
    if stress.max_c is None and not stress.allow_throttle and not has_passive:
        yield "heat: no sensor tells where the board slows down, and the scenario sets no max_c"
    if not any(is_slow(name, reading) for name, reading in found):
        yield "heat-rate: a PC's sensors leap with every load"
