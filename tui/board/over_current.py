"""How often the board held its clocks back by itself, to save its supply."""

from __future__ import annotations

import re

from tui.board.nodes import Nodes, Rate, hwmons
from tui.board.source import Readings

OVER_S = 2.0
"""A second alone is too short for what comes in bursts."""


class OverCurrent:
    """Events since the board started and of late, for each of its watchers.

    `ocN_throt_en` beside a counter says that the watcher may act; it is 1 on a healthy board.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._counters: dict[str, str] = {}
        self._rates: dict[str, Rate] = {}

    def find(self) -> None:
        """Look for the counters."""
        self._counters = {}
        for name, folder in hwmons(self._nodes):
            if name != "soctherm_oc":
                continue
            for node in self._nodes.tree.names(folder):
                match = re.fullmatch(r"(oc\d)_event_cnt", node)
                if match:
                    self._counters[match.group(1)] = f"{folder}/{node}"

    def read(self) -> Readings:
        """Each counter, and from the second read on its rate over the last two seconds."""
        readings: Readings = {}
        for watcher, node in self._counters.items():
            events = readings[f"{watcher}_events"] = self._nodes.reading(node)
            rate, gauge = self._rates.setdefault(watcher, Rate(OVER_S)), f"{watcher}_per_s"
            if events.value is None:
                readings[gauge] = events
            else:
                rate.add_to(readings, gauge, self._nodes, events.value)
        return readings
