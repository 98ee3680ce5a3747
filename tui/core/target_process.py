"""Which process of this board a target is."""

from __future__ import annotations

from urllib.parse import urlsplit

from tui.core.addresses import is_loopback
from tui.core.config import Target


def process_of(target: Target, url: str) -> str:
    """Which process a target is on this board, as `Board.watch` takes it; empty: none is.

    `url` is its real address. A service on another machine has no process here.
    """
    if target.process:
        return target.process
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"port:{port}" if is_loopback(parts.hostname or "") else ""
