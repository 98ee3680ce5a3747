"""What jetproof itself costs the board: the engine with its screen, and the load's workers."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from tui.board.source import Readings
from tui.core.events import Reading

SOURCE = "own"
MIB = 1024 * 1024


class OwnCost:
    """A source that is there on every machine. Shares are over the time since the read before."""

    name = SOURCE

    def __init__(self, children: Callable[[], list[int]]) -> None:
        self._children = children
        self._me = psutil.Process()
        self._processes: dict[int, psutil.Process] = {}
        self._me.cpu_percent()

    def read(self) -> Readings:
        """The engine's share of a core and its memory; the workers' share while there are any,
        each from its second read on."""
        readings = {
            "console_cpu_percent": Reading(self._me.cpu_percent(), SOURCE),
            "console_rss_mb": Reading(self._me.memory_info().rss / MIB, SOURCE),
        }
        known, self._processes = self._processes, {}
        shares = []
        for pid in self._children():
            try:
                process = known.get(pid) or psutil.Process(pid)
                share = process.cpu_percent()
            except psutil.Error:
                continue  # it has just ended
            self._processes[pid] = process
            # The first share of all has no time to be of.
            if pid in known:
                shares.append(share)
        if shares:
            readings["generator_cpu_percent"] = Reading(sum(shares), SOURCE)
        return readings

    def trouble(self) -> str:
        """Nothing: a process can always read itself."""
        return ""

    def close(self) -> None:
        """Nothing is held."""
