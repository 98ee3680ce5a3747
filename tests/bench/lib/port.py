"""A port on loopback that nobody uses."""

from __future__ import annotations

import socket


def free_port() -> int:
    """Free at this moment; whoever asks should bind it at once."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
