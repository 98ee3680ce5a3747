"""What the real HTTP services of the tests have in common: quick, silent, HTTP/1.1."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class QuietServer(ThreadingHTTPServer):
    """One thread for each connection."""

    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is no news."""


class QuietHandler(BaseHTTPRequestHandler):
    """It keeps connections open."""

    protocol_version = "HTTP/1.1"
    # One segment for an answer: the delays that are measured must not be the server's own.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""
