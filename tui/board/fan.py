"""The fan: what it is asked for, and what it does."""

from __future__ import annotations

from tui.board.nodes import Nodes, hwmons
from tui.board.source import Readings

_PWM_FULL = 255
_TACHOMETERS = (("pwm_tach", "rpm"), ("pwm_tach", "fan1_input"), ("pwmfan", "fan1_input"))
"""Older kernels of NVIDIA have a node of their own for the speed."""


class Fan:
    """The board's own fan; absent where there is none."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._pwm = self._rpm = ""

    def find(self) -> None:
        """Look for its driver and its tachometer by name."""
        found = {name: folder for name, folder in reversed(hwmons(self._nodes))}
        self._pwm = self._node(found, (("pwmfan", "pwm1"),))
        self._rpm = self._node(found, _TACHOMETERS)

    def read(self) -> Readings:
        """Percent of its full power, and rpm."""
        readings: Readings = {}
        if self._pwm:
            readings["fan_percent"] = self._nodes.reading(self._pwm, 100 / _PWM_FULL)
        if self._rpm:
            readings["fan_rpm"] = self._nodes.reading(self._rpm)
        return readings

    def _node(self, found: dict[str, str], places: tuple[tuple[str, str], ...]) -> str:
        for name, node in places:
            if name in found and node in self._nodes.tree.names(found[name]):
                return f"{found[name]}/{node}"
        return ""
