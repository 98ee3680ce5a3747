"""How often the board held its clocks back by itself, to save its supply."""

from __future__ import annotations

import re

from tui.board.nodes import Nodes, hwmons
from tui.board.source import Readings


class OverCurrent:
    """Events since the board started, for each of its watchers.

    `ocN_throt_en` beside a counter says that the watcher may act; it is 1 on a healthy board.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._counters: dict[str, str] = {}

    def find(self) -> None:
        """Look for the counters."""
        self._counters = {}
        for name, folder in hwmons(self._nodes):
            if name != "soctherm_oc":
                continue
            for node in self._nodes.tree.names(folder):
                match = re.fullmatch(r"(oc\d)_event_cnt", node)
                if match:
                    self._counters[f"{match.group(1)}_events"] = f"{folder}/{node}"

    def read(self) -> Readings:
        """Each counter."""
        return {gauge: self._nodes.reading(node) for gauge, node in self._counters.items()}
