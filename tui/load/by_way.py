"""Connections to the target that go another way, of which what is sent over them knows nothing."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

from tui.core.addresses import port_of


def go_by_way(url: str, way_url: str) -> None:
    """From now on whoever in this process looks up the target's address finds that of `way_url`.

    Not another URL for the users: a service that goes by its name would answer 4xx to the other
    Host header, and redirects, cookies and certificates would be those of another host. Call once,
    in a process that gevent has patched.
    """
    import gevent.socket

    target, way = urlsplit(url), urlsplit(way_url)
    there = port_of(url)
    names = _spellings(target.hostname or "")
    original = gevent.socket.getaddrinfo

    def look_up(
        host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> Any:
        if port in (there, str(there)) and _plain(host) in names:
            return original(way.hostname, way.port, socket.AF_INET, type, proto, flags)
        return original(host, port, family, type, proto, flags)

    # Both by name: locust's two clients look it up in one of them each.
    gevent.socket.getaddrinfo = look_up
    socket.getaddrinfo = look_up


def _spellings(host: str) -> set[str]:
    """As it is written, and as requests writes it."""
    found = {_plain(host)}
    try:
        found.add(_plain(host.encode("idna")))
    except UnicodeError:
        pass
    return found


def _plain(host: Any) -> str:
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return text.strip("[]").lower()
