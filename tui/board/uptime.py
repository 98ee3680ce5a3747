"""How long the board runs, and how many tasks want to."""

from __future__ import annotations

from tui.board.nodes import Nodes, decimal
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading


class Uptime:
    """Time since the start, and the load average of a minute."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def find(self) -> None:
        """Nothing to look for."""

    def read(self) -> Readings:
        """Both."""
        return {"uptime_s": self._first("/proc/uptime"), "load_1m": self._first("/proc/loadavg")}

    def _first(self, node: str) -> Reading:
        try:
            return self._nodes.value(decimal(self._nodes.text(node).partition(" ")[0]))
        except Unreadable as error:
            return self._nodes.none(str(error))
