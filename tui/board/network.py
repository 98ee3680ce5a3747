"""The network: what goes over it, and what its link negotiated."""

from __future__ import annotations

from tui.board.nodes import Nodes, Rate
from tui.board.source import Readings
from tui.board.tree import Unreadable
from tui.core.events import Reading

_DEVICES, _ROUTES = "/proc/net/dev", "/proc/net/route"
_EVERYWHERE = "00000000"
_UP = 1
_KBIT = 8 / 1000


class Network:
    """Traffic and errors of all links but loopback."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._rx, self._tx = Rate(), Rate()

    def find(self) -> None:
        """Nothing to look for."""

    def read(self) -> Readings:
        """Errors, and from the second read on the traffic."""
        rows = self._nodes.text(_DEVICES).split("\n")[2:]
        received = sent = errors = 0
        for row in rows:
            name, _, counts = row.partition(":")
            if name.strip() == "lo" or not counts:
                continue
            column = counts.split()
            received += int(column[0])
            sent += int(column[8])
            errors += sum(int(column[at]) for at in (2, 3, 10, 11))
        readings = {"net_errors": self._nodes.value(errors)}
        self._rx.add_to(readings, "net_rx_kbps", self._nodes, received, _KBIT)
        self._tx.add_to(readings, "net_tx_kbps", self._nodes, sent, _KBIT)
        return readings


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
        folder = f"/sys/class/net/{name}"
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
