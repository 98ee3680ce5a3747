"""What jetproof itself costs the board: the engine with its screen, its workers, its feeds."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from tui.board.source import Readings
from tui.core.events import Reading

SOURCE = "psutil"
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
        """The engine's share of a core and its memory; the workers' share while there are any."""
        readings = {
            "console_cpu_percent": Reading(self._me.cpu_percent(), SOURCE),
            "console_rss_mb": Reading(self._me.memory_info().rss / MIB, SOURCE),
        }
        self._processes = {
            pid: self._processes.get(pid) or psutil.Process(pid)
            for pid in self._children()
            if psutil.pid_exists(pid)
        }
        if self._processes:
            share = 0.0
            for process in list(self._processes.values()):
                try:
                    share += process.cpu_percent()
                except psutil.Error:
                    continue  # ended between two reads
            readings["generator_cpu_percent"] = Reading(share, SOURCE)
        return readings

    def trouble(self) -> str:
        """Nothing: a process can always read itself."""
        return ""

    def close(self) -> None:
        """Nothing is held."""
