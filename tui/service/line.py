"""A connection to a service on which every wait is for what is left of one deadline.

Without an HTTP library: theirs time each read, so a byte now and then holds them for ever, and one
check a second beside a measured service must cost next to nothing.
"""

from __future__ import annotations

import contextlib
import io
import select
import socket
import ssl
import time
from http.client import HTTPResponse
from typing import NamedTuple, cast

MOST_BODY_BYTES = 64 * 1024
"""Of a longer answer only the beginning is read; its connection can't be used again."""


PIECE_BYTES = 256 * 1024


class Reply(NamedTuple):
    """What came back on a line."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    goes_on: bool
    """Whether another exchange can follow on this connection."""


class ClosedMeanwhile(Exception):
    """The other end had left a kept connection: nothing came back on it."""


class Line:
    """HTTP/1.1 exchanges, one after the other. One thread uses it; `cut` may come from another.

    Raises OSError (TimeoutError at the deadline) and http.client.HTTPException.
    """

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._ends_s = 0.0
        self._is_cut = False
        self._answers = 0
        self.is_heard = False
        """Whether anything has come since `until`."""

    @property
    def is_open(self) -> bool:
        """Whether it was opened."""
        return self._socket is not None

    def until(self, ends_s: float) -> None:
        """What follows must be over by then, on the monotonic clock."""
        self._ends_s, self.is_heard = ends_s, False

    def open(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        """Connect to the first of the host's addresses that lets us; its look-up is not timed."""
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for tries_left in range(len(places), 0, -1):
            family, kind, protocol, _, address = places[-tries_left]
            self._socket = socket.socket(family, kind, protocol)
            try:
                # A share for each: one that is a black hole leaves time for the next.
                self._socket.settimeout(self._left_s() / tries_left)
                self._socket.connect(address)
                break
            except OSError:
                self._socket.close()
                if tries_left == 1:
                    raise
        if context is not None and self._socket is not None:
            secure = context.wrap_socket(
                self._socket, server_hostname=host, do_handshake_on_connect=False
            )
            self._socket = secure
            secure.settimeout(self._left_s())
            secure.do_handshake()

    def exchange(self, request: bytes) -> tuple[int, bool]:
        """The status, and whether another can follow. Raises ClosedMeanwhile."""
        reply = self.ask(request, "GET", MOST_BODY_BYTES)
        return reply.status, reply.goes_on

    def ask(self, request: bytes, method: str, most_bytes: int) -> Reply:
        """The answer with at most so much of its body. Raises ClosedMeanwhile."""
        try:
            self._opened.settimeout(self._left_s())
            # Who refuses a long request before its end has answered it all the same.
            with contextlib.suppress(ConnectionError):
                self._opened.sendall(request)
            response = HTTPResponse(cast("socket.socket", self), method=method)
            response.begin()
        except (ConnectionError, ssl.SSLError) as error:
            if self._answers and not self.is_heard and not self._is_cut:
                raise ClosedMeanwhile from error
            raise
        with response:
            body = _body(response, most_bytes)
            is_read_to_its_end = response.isclosed()
            if len(body) < most_bytes and response.length:
                raise ConnectionResetError("in the middle of an answer")
        self._answers += 1
        goes_on = is_read_to_its_end and not response.will_close
        return Reply(response.status, tuple(response.getheaders()), body, goes_on)

    def is_idle(self) -> bool:
        """Whether nothing is there to be read: neither nonsense nor the other side's end."""
        poll = select.poll()
        poll.register(self._opened, select.POLLIN)
        return not poll.poll(0)

    def cut(self) -> None:
        """Whoever waits on it gets an error at once, and so does whoever comes later."""
        self._is_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # Not the TLS socket's own: it would pull the rug from under a read.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client asks of a socket; closing it leaves the connection open."""
        return io.BufferedReader(_Reading(self))

    def read_into(self, buffer: memoryview) -> int:
        """Wait for something to read; 0 at the end."""
        self._opened.settimeout(self._left_s())
        count = self._opened.recv_into(buffer)
        self.is_heard = self.is_heard or count > 0
        return count

    @property
    def _opened(self) -> socket.socket:
        assert self._socket is not None, "open it first"
        return self._socket

    def _left_s(self) -> float:
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0 or self._is_cut:
            raise TimeoutError
        return left_s


def _body(response: HTTPResponse, most_bytes: int) -> bytes:
    # In pieces: a claimed length makes no room by itself.
    body = bytearray()
    while piece := response.read(min(most_bytes - len(body), PIECE_BYTES)):
        body += piece
    return bytes(body)


class _Reading(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._line.read_into(buffer)
