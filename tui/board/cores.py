"""The cores: how busy each is, and which are switched off."""

from __future__ import annotations

import time

import msgspec

from tui.board.nodes import Nodes
from tui.board.source import Readings
from tui.board.tree_clock import NO_RATES

_STAT = "/proc/stat"
_PRESENT = "/sys/devices/system/cpu/present"
_LEAST_TICKS = 3
"""Over fewer ticks of the kernel's clock a share is a guess."""


class _Ticks(msgspec.Struct, frozen=True):
    busy: int
    idle: int


class Cores:
    """Shares over the time since the read before. Waiting for a disk is idle."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._present: list[int] = []
        self._before: dict[int, _Ticks] = {}
        self._shares: Readings = {}
        self._shares_s = 0.0
        self.online: frozenset[int] = frozenset()
        """As of the last read."""

    def find(self) -> None:
        """Read which cores the board has."""
        self._present = _numbers(self._nodes.text_or_empty(_PRESENT))

    def read(self) -> Readings:
        """The share of each core and of all, and how many are off. Nothing the first time."""
        ticks = _ticks(self._nodes.text(_STAT))
        self.online = frozenset(ticks)
        now_s = time.monotonic()
        is_first = not self._before
        # Both reads within a few ticks: what was told before is still the newest.
        if not self._before or self._has_moved(ticks):
            self._shares, self._shares_s = self._shared(ticks), now_s
            self._before = ticks
        age_s = now_s - self._shares_s
        readings = {
            name: msgspec.structs.replace(share, age_s=age_s) if age_s else share
            for name, share in self._shares.items()
        }
        if not is_first and self._nodes.clock.is_still:
            names = ["cpu_percent", *(f"cpu{core}_percent" for core in sorted(ticks))]
            readings = {name: self._nodes.none(NO_RATES) for name in names}
        off = [core for core in self._present if core not in self.online]
        readings |= {f"cpu{core}_percent": self._nodes.none("offline") for core in off}
        if self._present:
            text = ", ".join(str(core) for core in off)
            readings["cores_offline"] = self._nodes.value(len(off), text)
        return readings

    def _has_moved(self, ticks: dict[int, _Ticks]) -> bool:
        if ticks.keys() != self._before.keys():
            return True
        passed = (
            now.busy + now.idle - self._before[core].busy - self._before[core].idle
            for core, now in ticks.items()
        )
        return max(passed, default=0) >= _LEAST_TICKS

    def _shared(self, ticks: dict[int, _Ticks]) -> Readings:
        readings: Readings = {}
        all_busy = all_passed = 0
        for core, now in ticks.items():
            before = self._before.get(core)
            if before is None:
                if self._before:
                    readings[f"cpu{core}_percent"] = self._nodes.none("switched on just now")
                continue
            # The kernel's counts of idle time can go back by a tick.
            busy = max(now.busy - before.busy, 0)
            passed = busy + max(now.idle - before.idle, 0)
            if passed:
                readings[f"cpu{core}_percent"] = self._nodes.value(100 * busy / passed)
                all_busy, all_passed = all_busy + busy, all_passed + passed
        if all_passed:
            readings["cpu_percent"] = self._nodes.value(100 * all_busy / all_passed)
        return readings


def _ticks(stat: str) -> dict[int, _Ticks]:
    """By core. The kernel lists those that are online."""
    found = {}
    for line in stat.split("\n"):
        if not line.startswith("cpu"):
            break
        name, *counts = line.split()
        if name == "cpu" or not name[3:].isdecimal():
            continue
        user, nice, system, idle, waiting, interrupt, soft, stolen = map(int, counts[:8])
        # A guest's time is in the user's already.
        busy = user + nice + system + interrupt + soft + stolen
        found[int(name[3:])] = _Ticks(busy, idle + waiting)
    return found


def _numbers(ranges: str) -> list[int]:
    """`0-3,5` are 0, 1, 2, 3 and 5."""
    numbers: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        if first.isdecimal():
            numbers += range(int(first), int(last if last.isdecimal() else first) + 1)
    return numbers
