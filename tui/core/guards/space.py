"""Free space that runs short, whoever takes it."""

from __future__ import annotations

from tui.core.events import STALE_S
from tui.core.floors import TOLERANCE, disk_floor_bytes
from tui.core.format import count
from tui.core.guards.confirm import Confirmed
from tui.core.guards.halt import Halt, Readings, halt

MIB = 1024**2
GAUGE = "disk_free_mb"
SCRATCH_GAUGE = "scratch_free_mb"
"""Only where the scratch directory lies on another device."""
_WHERE = {GAUGE: "on the disk", SCRATCH_GAUGE: "on the disk of the scratch directory"}


class Space:
    """The disks with jetproof's data and with what burners write. One that was as full before the
    stress guards nothing."""

    def __init__(self) -> None:
        self._disks = [_Disk(gauge) for gauge in _WHERE]

    def sample(self, readings: Readings, at_s: float) -> Halt | None:
        # Each of them sees every sample, whatever another one finds.
        found = [disk.sample(readings) for disk in self._disks]
        return next(filter(None, found), None)


class _Disk:
    def __init__(self, gauge: str) -> None:
        self._gauge = gauge
        self._was_above: bool | None = None
        self._short = Confirmed()

    def sample(self, readings: Readings) -> Halt | None:
        free = readings.get(self._gauge)
        if free is None or free.value is None or free.age_s > STALE_S:
            return None
        # Where the gauge does not tell the disk's size, the share can't count.
        line_mb = TOLERANCE * disk_floor_bytes(int((free.limit or 0.0) * MIB)) / MIB
        if self._was_above is None:
            self._was_above = free.value >= line_mb
        if not self._was_above or not self._short.add(free.value < line_mb):
            return None
        left = f"{count(free.value)} MiB are free {_WHERE[self._gauge]}"
        return halt("space", f"{left}, fewer than {count(line_mb)} MiB")
