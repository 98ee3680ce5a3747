"""Whether the board had other work, or was hot, before a stress began."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from tui.core.events import Reading
from tui.core.format import fixed
from tui.core.gauges import label_of
from tui.core.guards.heat import has_trip
from tui.core.stress.heat import fresh, is_fresh
from tui.core.zones import zones

BUSY_PERCENT = 25.0
"""Of all cores, or of the GPU: a quarter of the board is not there for the stress."""
HOT_MARGIN_C = 15.0
"""Below the lowest passive trip: a stress is stopped ten degrees further up."""
LEAST_SAMPLES = 3
MOST_SAMPLES = 120
OURS = ("console_cpu_percent", "feed_cpu_percent")
BESIDE = ("generator_cpu_percent", "service_cpu_percent")
"""Of a run with a load: what is busy because of that."""


class Moment(msgspec.Struct, frozen=True):
    """The board at one moment of the part before."""

    cpu_percent: float | None
    """Of all cores, without what is ours; None: it can't be told."""
    gpu_percent: float | None
    zone: str = ""
    """The one with the least headroom."""
    zone_c: float = 0.0
    passive_c: float = float("inf")
    """Where the board begins to hold itself back for it."""


class BusyFold:
    """Fed with the samples of the part before; bounded."""

    def __init__(self, *, is_loaded: bool) -> None:
        """`is_loaded`: whether a load asks the service meanwhile, which is meant to be busy."""
        self._is_loaded = is_loaded
        self._moments: deque[Moment] = deque(maxlen=MOST_SAMPLES)

    def add(self, readings: Mapping[str, Reading]) -> None:
        """One sample."""
        self._moments.append(moment_of(readings, is_loaded=self._is_loaded))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the figures must know of it; empty where all was quiet."""
        return busy(self._moments)


def moment_of(readings: Mapping[str, Reading], *, is_loaded: bool) -> Moment:
    """What a sample says of it. Beside a load nobody can tell whose the GPU's work is."""
    headrooms = [
        (reading.limit - value, name, value, reading.limit)
        for name, value, reading in zones(readings)
        if reading.limit is not None and has_trip(reading.source) and is_fresh(reading)
    ]
    cpu_percent = _others_percent(readings, is_loaded=is_loaded)
    gpu_percent = None if is_loaded else fresh(readings, "gpu_percent")
    if not headrooms:
        return Moment(cpu_percent, gpu_percent)
    _, zone, zone_c, passive_c = min(headrooms)
    return Moment(cpu_percent, gpu_percent, zone, zone_c, passive_c)


def busy(moments: Sequence[Moment]) -> tuple[str, ...]:
    """A line on work, by medians, and one on heat, by the last moment; each only where it is so."""
    if len(moments) < LEAST_SAMPLES:
        return ()
    loads = (
        ("CPU", [each.cpu_percent for each in moments if each.cpu_percent is not None]),
        ("GPU", [each.gpu_percent for each in moments if each.gpu_percent is not None]),
    )
    high = [
        f"{name} {fixed(median(told))} %"
        for name, told in loads
        if len(told) >= LEAST_SAMPLES and median(told) >= BUSY_PERCENT
    ]
    found = []
    if high:
        found.append(
            f"the board was busy before the stress ({', '.join(high)}, without jetproof's own): "
            "it had that much less for the stress and the service"
        )
    last = moments[-1]
    below_c = last.passive_c - last.zone_c
    if below_c <= HOT_MARGIN_C:
        found.append(
            f"the board was hot before the stress: {label_of(last.zone)} "
            f"{fixed(last.zone_c, 1)} °C, and it slows down at {fixed(last.passive_c, 1)} °C"
        )
    return tuple(found)


def _others_percent(readings: Mapping[str, Reading], *, is_loaded: bool) -> float | None:
    """The load of all cores that neither jetproof nor, beside a load, the service makes."""
    total = fresh(readings, "cpu_percent")
    cores = sum(_is_core(name) and reading.value is not None for name, reading in readings.items())
    if total is None or not cores:
        return None
    if is_loaded and fresh(readings, "service_cpu_percent") is None:
        return None
    parts = (*OURS, *(BESIDE if is_loaded else ()))
    own = sum(fresh(readings, name) or 0.0 for name in parts)
    return max(total - own / cores, 0.0)


def _is_core(gauge: str) -> bool:
    return gauge.startswith("cpu") and gauge.endswith("_percent") and gauge[3:-8].isdigit()
