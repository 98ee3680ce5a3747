"""The network: what goes over it, and what its link negotiated."""

from __future__ import annotations

from tui.board.nodes import Nodes, Rate
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading

_DEVICES, _ROUTES = "/proc/net/dev", "/proc/net/route"
LINKS = "/sys/class/net"
_EVERYWHERE = "00000000"
_UP = 1
_KBIT = 8 / 1000


class Network:
    """Traffic and errors of all links with a device behind them.

    Bridges, tunnels and containers' links would count the same bytes again. Where no link has a
    device, as in a container, it is all but loopback.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._rx, self._tx = Rate(), Rate()
        self._has_device: dict[str, bool] = {}
        self._counted: frozenset[str] = frozenset()

    def find(self) -> None:
        """Look anew which links have a device."""
        self._has_device = {}

    def read(self) -> Readings:
        """Errors, and from the second read on the traffic."""
        rows = {}
        for row in self._nodes.text(_DEVICES).split("\n")[2:]:
            name, _, counts = row.partition(":")
            if counts and name.strip() != "lo":
                rows[name.strip()] = [int(count) for count in counts.split()]
        wired = [name for name in rows if self._is_wired(name)]
        counted = [rows[name] for name in wired or rows]
        errors = sum(column[at] for column in counted for at in (2, 3, 10, 11))
        readings = {"net_errors": self._nodes.value(errors)}
        before, self._counted = self._counted, frozenset(wired or rows)
        if before != self._counted and before:
            # What a link brings or takes along since the start is no traffic of now.
            self._rx, self._tx = Rate(), Rate()
            changed = self._nodes.none("other links than before")
            readings |= {"net_rx_kbps": changed, "net_tx_kbps": changed}
        received, sent = (sum(column[at] for column in counted) for at in (0, 8))
        self._rx.add_to(readings, "net_rx_kbps", self._nodes, received, _KBIT)
        self._tx.add_to(readings, "net_tx_kbps", self._nodes, sent, _KBIT)
        return readings

    def _is_wired(self, name: str) -> bool:
        if name not in self._has_device:
            self._has_device[name] = self._nodes.is_there(f"{LINKS}/{name}/device")
        return self._has_device[name]


class Link:
    """The link that carries the default route. Its driver may take its time."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def read(self) -> Readings:
        """Its speed; the text names it. Absent where the kernel has no table of routes."""
        try:
            name = _way_out(self._nodes.tree.text(_ROUTES))
        except Unreadable:
            return {}
        if not name:
            return {"net_link_mbps": self._nodes.none("no default route")}
        return {"net_link_mbps": self._speed(name)}

    def _speed(self, name: str) -> Reading:
        folder = f"{LINKS}/{name}"
        mbps = self._nodes.number_or_none(folder + "/speed")
        if mbps is None or mbps <= 0:
            is_down = self._nodes.text_or_empty(folder + "/operstate") == "down"
            return self._nodes.none(f"{name} has no link" if is_down else f"{name} tells no speed")
        half = self._nodes.text_or_empty(folder + "/duplex") == "half"
        return self._nodes.value(mbps, f"{name} half duplex" if half else name)


def _way_out(routes: str) -> str:
    """The interface of the default route with the lowest metric; empty without one."""
    found = []
    for row in routes.split("\n")[1:]:
        field = row.split()
        if len(field) < 8 or field[1] != _EVERYWHERE or field[7] != _EVERYWHERE:
            continue
        if int(field[3], 16) & _UP:
            found.append((int(field[6]), field[0]))
    return min(found)[1] if found else ""
