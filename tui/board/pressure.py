"""What waits for a core, for memory, for the disk: the kernel's pressure stall information."""

from __future__ import annotations

from tui.board.nodes import Nodes, decimal
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading

_PRESSURES = {
    "/proc/pressure/cpu": {"cpu_psi_percent": "some"},
    "/proc/pressure/memory": {"memory_psi_percent": "some", "memory_psi_full_percent": "full"},
    "/proc/pressure/io": {"io_psi_percent": "some"},
}


class Pressure:
    """Shares of the last ten seconds; absent where the kernel does not measure them."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._measured: list[str] = []

    def find(self) -> None:
        """Look what this kernel measures."""
        self._measured = [node for node in _PRESSURES if self._nodes.text_or_empty(node)]

    def read(self) -> Readings:
        """Each share."""
        readings: Readings = {}
        for node in self._measured:
            try:
                text = self._nodes.text(node)
            except Unreadable as error:
                readings |= {gauge: self._nodes.none(str(error)) for gauge in _PRESSURES[node]}
                continue
            lines = {line.partition(" ")[0]: line for line in text.split("\n")}
            for gauge, kind in _PRESSURES[node].items():
                if kind in lines:
                    readings[gauge] = self._share(lines[kind])
        return readings

    def _share(self, line: str) -> Reading:
        try:
            return self._nodes.value(decimal(line.partition("avg10=")[2].partition(" ")[0]))
        except Unreadable as error:
            return self._nodes.none(str(error))
