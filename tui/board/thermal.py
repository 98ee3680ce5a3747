"""Thermal zones with the trips where the kernel acts."""

from __future__ import annotations

import re

import msgspec

from tui.board.nodes import Nodes, slug, whole_number
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading
from tui.core.gauges import is_of_the_board

CLASS = "/sys/class/thermal"
LOWEST_C, HIGHEST_C = -40.0, 150.0
_OFF_C = -256.0
"""What a zone of a Jetson says whose part has no power."""
_WARNS_ONLY = frozenset({"hot-surface-alert"})
"""Bound to a passive trip at 70 °C of real boards, and lowers no clock."""
_ENDING = re.compile(r"[-_ ]therm(al)?$")


class _Zone(msgspec.Struct):
    name: str
    node: str
    passive_c: float | None
    critical_c: float | None


class Thermal:
    """Every zone, and the hottest of the board's own."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._zones: list[_Zone] = []

    def find(self) -> None:
        """Look for zones, and read their trips."""
        zones: list[_Zone] = []
        used: set[str] = set()
        for entry in self._nodes.tree.names(CLASS):
            folder = f"{CLASS}/{entry}"
            kind = self._nodes.text_or_empty(folder + "/type") if "zone" in entry else ""
            if not kind:
                continue
            name = _name(kind, used)
            used.add(name)
            zones.append(_Zone(name, folder + "/temp", *self._trips(folder)))
        passive = [zone.passive_c for zone in zones if zone.passive_c is not None]
        for zone in zones:
            # tj is the hottest of the others and is cooled by them: it has no trip of its own.
            if zone.name == "tj" and zone.passive_c is None and passive:
                zone.passive_c = min(passive)
        self._zones = zones

    def read(self) -> Readings:
        """Each zone's temperature; absent where there are none."""
        readings = {f"{zone.name}_c": self._read(zone) for zone in self._zones}
        hottest: tuple[float, _Zone] | None = None
        for zone, reading in zip(self._zones, readings.values(), strict=True):
            if reading.value is None or not is_of_the_board(zone.name):
                continue
            if hottest is None or reading.value > hottest[0]:
                hottest = reading.value, zone
        if hottest:
            celsius, zone = hottest
            readings["hottest_c"] = Reading(
                celsius,
                self._nodes.source,
                text=zone.name,
                limit=zone.passive_c,
                critical=zone.critical_c,
            )
        elif self._zones:
            readings["hottest_c"] = self._nodes.none("no zone tells a temperature")
        return readings

    def _read(self, zone: _Zone) -> Reading:
        try:
            text = self._nodes.text(zone.node)
            if not text:
                return self._nodes.none("switched off")
            celsius = whole_number(text) / 1000
        except Unreadable as error:
            return self._nodes.none(str(error))
        if celsius == _OFF_C:
            return self._nodes.none("switched off")
        if not LOWEST_C <= celsius <= HIGHEST_C:
            return self._nodes.none(f"it says {celsius:g} °C, which can't be")
        return Reading(celsius, self._nodes.source, limit=zone.passive_c, critical=zone.critical_c)

    def _trips(self, folder: str) -> tuple[float | None, float | None]:
        """The lowest passive trip at which something is slowed, and the critical trip."""
        names = self._nodes.tree.names(folder)
        bound: dict[str, set[str]] = {}
        for name in names:
            if re.fullmatch(r"cdev\d+_trip_point", name):
                trip = self._nodes.text_or_empty(f"{folder}/{name}")
                device = name.removesuffix("_trip_point")
                kind = self._nodes.text_or_empty(f"{folder}/{device}/type")
                bound.setdefault(trip, set()).add(kind)
        slowing, unbound, critical = [], [], []
        for name in names:
            match = re.fullmatch(r"trip_point_(\d+)_type", name)
            if not match:
                continue
            kind = self._nodes.text_or_empty(f"{folder}/{name}")
            temp = self._nodes.number_or_none(f"{folder}/trip_point_{match.group(1)}_temp")
            # Unset trips read 0 or far below.
            if temp is None or not 0 < temp / 1000 <= HIGHEST_C:
                continue
            devices = bound.get(match.group(1), set())
            if kind == "critical":
                critical.append(temp / 1000)
            elif kind == "passive" and not devices <= _WARNS_ONLY:
                slowing.append(temp / 1000)
            elif kind == "passive" and not devices:
                unbound.append(temp / 1000)
        # Trips to which nothing is bound count only where nothing is bound to any.
        return min(slowing or unbound, default=None), min(critical, default=None)


def _name(kind: str, used: set[str]) -> str:
    """`cpu-thermal`, `CPU-therm` are `cpu`; a PC has several zones of one kind."""
    name = slug(_ENDING.sub("", kind.lower())) or "zone"
    number = 2
    fresh = name
    while fresh in used:
        fresh, number = f"{name}_{number}", number + 1
    return fresh
