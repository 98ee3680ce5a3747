"""Cooling devices: what the kernel slows down, and how far."""

from __future__ import annotations

from tui.board.nodes import Nodes, slug
from tui.board.source import Readings
from tui.board.thermal import CLASS
from tui.core.events import Reading


class Cooling:
    """Every cooling device that is no fan. Of several of one kind the one that does most."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._devices: list[tuple[str, str, float | None]] = []

    def find(self) -> None:
        """Look for devices, and what their highest state is."""
        self._devices = []
        for entry in self._nodes.tree.names(CLASS):
            if not entry.startswith("cooling_device"):
                continue
            folder = f"{CLASS}/{entry}"
            kind = self._nodes.text_or_empty(folder + "/type")
            if kind and "fan" not in kind.lower():
                highest = self._nodes.number_or_none(folder + "/max_state")
                self._devices.append((f"cooling_{slug(kind)}", folder + "/cur_state", highest))

    def read(self) -> Readings:
        """Each device's state, of its highest."""
        readings: Readings = {}
        for gauge, node, highest in self._devices:
            reading = self._nodes.reading(node, limit=highest)
            if reading.value is not None and reading.value < 0:
                reading = self._nodes.none("it has no state now")
            if _does_more(reading, readings.get(gauge)):
                readings[gauge] = reading
        return readings


def _does_more(reading: Reading, known: Reading | None) -> bool:
    if known is None or known.value is None:
        return True
    return reading.value is not None and reading.value > known.value
