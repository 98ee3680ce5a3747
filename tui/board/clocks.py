"""The cores' clocks, and whether somebody pinned them."""

from __future__ import annotations

import msgspec

from tui.board.cores import Cores
from tui.board.gpu import Gpu
from tui.board.nodes import Nodes
from tui.board.source import Readings
from tui.core.events import Reading

_CPUFREQ = "/sys/devices/system/cpu/cpufreq"


class _Policy(msgspec.Struct):
    folder: str
    cores: list[int]


class Clocks:
    """What the governor asks for: hardware that throttles by itself does not show here."""

    def __init__(self, nodes: Nodes, cores: Cores, gpu: Gpu) -> None:
        self._nodes = nodes
        self._cores = cores
        self._gpu = gpu
        self._policies: list[_Policy] = []

    def find(self) -> None:
        """Look which cores share a clock."""
        self._policies = []
        for name in self._nodes.tree.names(_CPUFREQ):
            folder = f"{_CPUFREQ}/{name}"
            related = self._nodes.text_or_empty(folder + "/related_cpus").split()
            if related and all(core.isdecimal() for core in related):
                self._policies.append(_Policy(folder, [int(core) for core in related]))

    def read(self) -> Readings:
        """MHz of each core and the highest of all, the floor, and whether all are pinned."""
        readings: Readings = {}
        now, floors, ceilings, pinned = [], [], [], []
        for policy in self._policies:
            online = [core for core in policy.cores if core in self._cores.online]
            for core in policy.cores:
                if core not in online:
                    readings[f"cpu{core}_mhz"] = self._nodes.none("offline")
            if not online:
                continue
            folder = policy.folder
            ceiling = self._nodes.reading(folder + "/scaling_max_freq", 0.001).value
            floor = self._nodes.reading(folder + "/scaling_min_freq", 0.001).value
            clock = self._nodes.reading(folder + "/scaling_cur_freq", 0.001, ceiling)
            readings |= {f"cpu{core}_mhz": clock for core in online}
            now.append(clock)
            floors.append(floor)
            ceilings.append(ceiling)
            pinned.append((floor, ceiling))
        if not now:
            return readings
        known = [clock for clock in now if clock.value is not None]
        readings["cpu_mhz"] = (
            self._nodes.value(
                max(clock.value or 0 for clock in known),
                limit=max((c for c in ceilings if c is not None), default=None),
            )
            if known
            else now[0]
        )
        lowest = [floor for floor in floors if floor is not None]
        readings["cpu_floor_mhz"] = (
            self._nodes.value(min(lowest)) if lowest else self._nodes.none("no core tells it")
        )
        if self._gpu.is_there:
            readings["clocks_pinned"] = self._pinned([*pinned, self._gpu.floor_and_ceiling])
        return readings

    def _pinned(self, spans: list[tuple[float | None, float | None] | None]) -> Reading:
        if any(span is None or None in span for span in spans):
            return self._nodes.none("a clock's lowest or highest can't be read")
        return self._nodes.value(all(span is not None and span[0] == span[1] for span in spans))
