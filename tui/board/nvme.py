"""The NVMe drive: heat, and the link to it. A drive that fails may not answer at all."""

from __future__ import annotations

import re

from tui.board.nodes import Nodes, hwmons
from tui.board.source import Readings
from tui.board.thermal import HIGHEST_C
from tui.board.tree import Unreadable
from tui.core.events import Reading

_CLASS = "/sys/class/nvme"
_SPEED = re.compile(r"([\d.]+) GT/s")


class Nvme:
    """The first drive; absent where there is none."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def read(self) -> Readings:
        """Temperature with the drive's own lines, PCIe lanes and speed with what it can."""
        readings: Readings = {}
        for name, folder in hwmons(self._nodes):
            if name == "nvme":
                sensor = folder + "/temp1_"
                readings["nvme_c"] = self._nodes.reading(
                    sensor + "input",
                    0.001,
                    limit=self._line(sensor + "max"),
                    critical=self._line(sensor + "crit"),
                )
                break
        drives = self._nodes.tree.names(_CLASS)
        if drives:
            device = f"{_CLASS}/{drives[0]}/device"
            # A drive behind something else than PCIe has no such link.
            if self._nodes.text_or_empty(device + "/current_link_width"):
                highest = self._nodes.number_or_none(device + "/max_link_width")
                lanes = self._nodes.reading(device + "/current_link_width", limit=highest)
                readings["nvme_lanes"] = lanes
                readings["nvme_gts"] = self._speed(device)
        return readings

    def _line(self, node: str) -> float | None:
        value = self._nodes.number_or_none(node)
        # A drive without a line says 65261 °C, or something below zero.
        return value / 1000 if value and 0 < value / 1000 <= HIGHEST_C else None

    def _speed(self, device: str) -> Reading:
        try:
            now = _gts(self._nodes.text(device + "/current_link_speed"))
        except Unreadable as error:
            return self._nodes.none(str(error))
        if now is None:
            return self._nodes.none("the link tells no speed")
        highest = _gts(self._nodes.text_or_empty(device + "/max_link_speed"))
        return self._nodes.value(now, limit=highest)


def _gts(text: str) -> float | None:
    match = _SPEED.match(text)
    return float(match.group(1)) if match else None
