"""The way to a peer: which interface leads there, how fast it is, and who else needs it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress

import msgspec
import psutil

SSH_SHARE = 0.2
"""Of a link that carries the session somebody watches this through."""
SSH_PORT = 22
LOOPBACK = "lo"


class Route(msgspec.Struct, frozen=True):
    """From this board to another address."""

    address: str
    """Of the other end, as a number."""
    interface: str
    """Empty where it can't be told."""
    speed_mbit_per_s: float | None
    """None where the interface does not tell one: most wireless ones."""
    carries_ssh: bool
    """By any of the interface's addresses; the loopback is no link."""


def route_to(host: str, port: int) -> Route:
    """The way that the kernel would take. Raises OSError without one."""
    family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as probe:
        probe.connect(where)  # a datagram socket only looks the way up: nothing is sent
        own = str(probe.getsockname()[0])
    name = _interface_of(own)
    speed = psutil.net_if_stats().get(name)
    return Route(
        address=str(where[0]),
        interface=name,
        speed_mbit_per_s=float(speed.speed) if speed is not None and speed.speed else None,
        carries_ssh=name not in ("", LOOPBACK) and name in ssh_interfaces(),
    )


def rate_cap_mbit_per_s(route: Route) -> float | None:
    """The most that may be sent; None where the speed of the link is not known."""
    if route.speed_mbit_per_s is None:
        return None
    return route.speed_mbit_per_s * (SSH_SHARE if route.carries_ssh else 1.0)


def ssh_interfaces() -> set[str]:
    """Those that carry the session somebody watches this through. Where nothing tells of one:
    those that carry any session at all."""
    told = {_interface_of(_ssh_address(each)) for each in _connections()} - {""}
    return told or {_interface_of(address) for address in _addresses_of_sessions()} - {""}


def _connections() -> Iterator[str]:
    """What sshd told us, or those that started us: sudo and tmux take it out of our sight."""
    yield os.environ.get("SSH_CONNECTION", "")
    with suppress(psutil.Error, OSError):
        for parent in psutil.Process().parents():
            with suppress(psutil.Error, OSError):
                yield parent.environ().get("SSH_CONNECTION", "")


def _addresses_of_sessions() -> Iterator[str]:
    """Our ends of what is connected to this board's sshd."""
    with suppress(psutil.Error, OSError):
        for each in psutil.net_connections("tcp"):
            if each.status == psutil.CONN_ESTABLISHED and each.laddr:
                address, port = each.laddr
                if port == SSH_PORT:
                    yield str(address).removeprefix("::ffff:")


def _ssh_address(connection: str) -> str:
    """Our end of `client port server port`, as sshd tells it."""
    fields = connection.split()
    return fields[2] if len(fields) == 4 else ""


def _interface_of(address: str) -> str:
    for name, addresses in psutil.net_if_addrs().items():
        if any(each.address.partition("%")[0] == address for each in addresses):
            return name
    return ""
