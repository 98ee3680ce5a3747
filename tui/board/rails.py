"""Power rails: what the board's INA sensors measure, with their alarm lines."""

from __future__ import annotations

import re

import msgspec

from tui.board.nodes import Nodes, hwmons, slug
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading

_SENSORS = ("ina3221", "ina238")
_NO_LIMIT_MA = 32760
"""What the sensor's register says when nobody set a line."""
_ONLY_LABEL = "VIN"
"""An INA238 has one channel and no label: a Thor's whole board."""


class _Rail(msgspec.Struct):
    name: str
    mv_node: str
    ma_node: str
    uw_node: str
    warning_ma: float | None
    critical_ma: float | None
    alarms: tuple[tuple[str, str], ...]


class Rails:
    """Power, voltage, current and alarm of every rail that has a label."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._rails: list[_Rail] = []

    def find(self) -> None:
        """Look for sensors by name, and read labels and lines."""
        self._rails = [
            rail
            for name, folder in hwmons(self._nodes)
            if name in _SENSORS
            for rail in self._of(name, folder)
        ]

    def read(self) -> Readings:
        """Four gauges for each rail."""
        readings: Readings = {}
        for rail in self._rails:
            mv = self._nodes.reading(rail.mv_node)
            ma = self._nodes.reading(rail.ma_node, limit=rail.warning_ma, critical=rail.critical_ma)
            readings[f"{rail.name}_mw"] = self._power(rail, mv, ma)
            readings[f"{rail.name}_mv"] = mv
            readings[f"{rail.name}_ma"] = ma
            if rail.alarms:
                readings[f"{rail.name}_alarm"] = self._alarm(rail)
        return readings

    def _power(self, rail: _Rail, mv: Reading, ma: Reading) -> Reading:
        if rail.uw_node:
            return self._nodes.reading(rail.uw_node, 0.001, _mw(rail, mv.value))
        if mv.value is None or ma.value is None:
            return self._nodes.none(mv.why or ma.why)
        return self._nodes.value(mv.value * ma.value / 1000, limit=_mw(rail, mv.value))

    def _alarm(self, rail: _Rail) -> Reading:
        try:
            over = [line for line, node in rail.alarms if self._nodes.number(node)]
        except Unreadable as error:
            return self._nodes.none(str(error))
        return self._nodes.value(bool(over), ", ".join(over))

    def _of(self, sensor: str, folder: str) -> list[_Rail]:
        names = set(self._nodes.tree.names(folder))
        if sensor == "ina238":
            # in0 is its shunt, in1 the rail.
            label = self._nodes.text_or_empty(folder + "/in1_label") or _ONLY_LABEL
            return [self._rail(folder, names, "1", label)]
        rails = []
        for name in sorted(names):
            match = re.fullmatch(r"in(\d+)_label", name)
            if match and f"curr{match.group(1)}_input" in names:
                label = self._nodes.text_or_empty(f"{folder}/{name}")
                # NC is a channel that leads nowhere.
                if label and label != "NC" and "shunt" not in label:
                    rails.append(self._rail(folder, names, match.group(1), label))
        return rails

    def _rail(self, folder: str, names: set[str], channel: str, label: str) -> _Rail:
        current = f"{folder}/curr{channel}"
        power = f"power{channel}_input"
        return _Rail(
            name=slug(label),
            mv_node=f"{folder}/in{channel}_input",
            ma_node=f"{current}_input",
            uw_node=f"{folder}/{power}" if power in names else "",
            warning_ma=self._line(f"{current}_max"),
            critical_ma=self._line(f"{current}_crit"),
            alarms=tuple(
                (words, f"{current}_{line}_alarm")
                for line, words in (("max", "warning"), ("crit", "critical"))
                if f"curr{channel}_{line}_alarm" in names
            ),
        )

    def _line(self, node: str) -> float | None:
        ma = self._nodes.number_or_none(node)
        return ma if ma is not None and 0 < ma < _NO_LIMIT_MA else None


def _mw(rail: _Rail, mv: float | None) -> float | None:
    ma = rail.critical_ma or rail.warning_ma
    return ma * mv / 1000 if ma and mv else None
