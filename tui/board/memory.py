"""Memory, and swap with what goes to and from it."""

from __future__ import annotations

import os

from tui.board.nodes import Nodes, Rate, whole_number
from tui.board.source import Readings

_MEMINFO, _VMSTAT, _BLOCKS = "/proc/meminfo", "/proc/vmstat", "/sys/block"
MIB = 1024 * 1024
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / MIB


class Memory:
    """Use of memory and swap. On a Jetson the GPU's share is of the same memory."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def find(self) -> None:
        """Nothing to look for."""

    def read(self) -> Readings:
        """Use of all there is."""
        kb = _rows(self._nodes.text(_MEMINFO))
        readings: Readings = {}
        total, available = kb.get("MemTotal:"), kb.get("MemAvailable:")
        if total is not None:
            readings["ram_total_mb"] = self._nodes.value(total / 1024)
        if total is not None and available is not None:
            used_mb = (total - available) / 1024
            readings["ram_used_mb"] = self._nodes.value(used_mb, limit=total / 1024)
        if "NvMapMemUsed:" in kb:
            readings["nvmap_used_mb"] = self._nodes.value(kb["NvMapMemUsed:"] / 1024)
        swap, free = kb.get("SwapTotal:"), kb.get("SwapFree:")
        if swap is not None and free is not None:
            readings["swap_used_mb"] = (
                self._nodes.value((swap - free) / 1024, limit=swap / 1024)
                if swap
                else self._nodes.value(0, "no swap")
            )
        return readings


class Swapping:
    """What moves to and from swap, and what was ended for want of memory."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._moved = Rate()

    def find(self) -> None:
        """Nothing to look for."""

    def read(self) -> Readings:
        """Both; the rate from the second read on."""
        counts = _rows(self._nodes.text(_VMSTAT))
        readings: Readings = {}
        if "oom_kill" in counts:
            readings["oom_kills"] = self._nodes.value(counts["oom_kill"])
        if "pswpin" in counts and "pswpout" in counts:
            pages = counts["pswpin"] + counts["pswpout"]
            self._moved.add_to(readings, "swap_mb_per_s", self._nodes, pages, _PAGE_MB)
        return readings


class Zram:
    """Compressed swap; absent where there is none."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._devices: list[str] = []

    def find(self) -> None:
        """Look for its devices: a Jetson has one for each core."""
        tree = self._nodes.tree
        places = [f"{_BLOCKS}/{name}/mm_stat" for name in tree.names(_BLOCKS) if "zram" in name]
        self._devices = [node for node in places if self._nodes.text_or_empty(node)]

    def read(self) -> Readings:
        """The memory that it takes itself."""
        if not self._devices:
            return {}
        held = 0
        for node in self._devices:
            fields = self._nodes.text(node).split()
            # The third is with its own bookkeeping.
            held += whole_number(fields[2] if len(fields) > 2 else "")
        return {"zram_used_mb": self._nodes.value(held / MIB)}


def _rows(text: str) -> dict[str, int]:
    """Names and numbers of a node with one to a line; others are left out."""
    rows = {}
    for line in text.split("\n"):
        fields = line.split(None, 2)
        if len(fields) > 1 and fields[1].isdecimal():
            rows[fields[0]] = int(fields[1])
    return rows
