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
from collections.abc import Iterator, Mapping
from http.client import HTTPResponse, IncompleteRead
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
        self._early = bytearray()
        """What came while a request was still going out."""
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
            is_sent = self._send(request)
            response = HTTPResponse(cast("socket.socket", self), method=method)
            response.begin()
            while response.status < 200:
                # http.client skips 100 alone, and takes 103 (Early Hints) for the answer.
                response.headers = None  # type: ignore[assignment]
                response.begin()
        except (ConnectionError, ssl.SSLError) as error:
            if self._answers and not self.is_heard and not self._is_cut:
                raise ClosedMeanwhile from error
            raise
        with response:
            body = bytearray()
            try:
                for piece in _pieces(response, most_bytes):
                    body += piece
                if len(body) < most_bytes and response.length:
                    raise ConnectionResetError("in the middle of an answer")
            except (ConnectionError, IncompleteRead):
                # Who refuses a request before its end may cut its own words short.
                if is_sent:
                    raise
            is_read_to_its_end = response.isclosed()
        self._answers += 1
        goes_on = is_sent and is_read_to_its_end and not response.will_close
        return Reply(response.status, tuple(response.getheaders()), bytes(body), goes_on)

    def begin(self, request: bytes, seconds: float) -> None:
        """Send its beginning until the deadline, and more of it for so long, as far as it is
        taken."""
        self._opened.settimeout(self._left_s())
        sent = self._opened.send(request[:PIECE_BYTES])
        self.until(time.monotonic() + seconds)
        with contextlib.suppress(TimeoutError, ConnectionError, ssl.SSLError):
            self._opened.settimeout(self._left_s())
            self._opened.sendall(memoryview(request)[sent:])

    def peer_certificate(self) -> Mapping[str, object]:
        """Of the other end, as `ssl` has it, where it was checked; empty without TLS."""
        if not isinstance(self._socket, ssl.SSLSocket):
            return {}
        return self._socket.getpeercert() or {}

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
        if self._early:
            count = min(len(buffer), len(self._early))
            buffer[:count] = self._early[:count]
            del self._early[:count]
            return count
        self._opened.settimeout(self._left_s())
        count = self._opened.recv_into(buffer)
        self.is_heard = self.is_heard or count > 0
        return count

    def _send(self, request: bytes) -> bool:
        """Whether all of it went out. Who refuses a long request before its end has answered it all
        the same: no more is sent then, and the answer waits to be read."""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            if len(request) <= PIECE_BYTES:
                self._opened.settimeout(self._left_s())
                self._opened.sendall(request)
                return True
            return self._send_long(memoryview(request))
        return False

    def _send_long(self, request: memoryview) -> bool:
        goes_on: bool | None = None
        while request:
            if self._is_readable_until_writable(listens=goes_on is None):
                goes_on = self._hear()
                if goes_on is False:
                    return False
            self._opened.settimeout(0.0)
            # TLS may have to read or to wait where the socket itself does not.
            with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                request = request[self._opened.send(request[:PIECE_BYTES]) :]
        return True

    def _is_readable_until_writable(self, *, listens: bool) -> bool:
        """Wait until something can be written or, if it `listens`, read: whether that can be."""
        poll = select.poll()
        poll.register(self._opened, select.POLLOUT | (select.POLLIN if listens else 0))
        ready = poll.poll(self._left_s() * 1000)
        if not ready:
            raise TimeoutError
        return listens and bool(ready[0][1] & ~select.POLLOUT)

    def _hear(self) -> bool | None:
        """Whether the rest of a request is still wanted, by what came of its answer; None: nothing
        of it came that tells."""
        self._opened.settimeout(0.0)
        try:
            piece = self._opened.recv(PIECE_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None  # TLS has told things of its own
        self.is_heard = self.is_heard or bool(piece)
        self._early += piece
        status = bytes(self._early[len(b"HTTP/1.1 ") :][:3])
        if piece and len(status) < 3:
            return None
        return status.startswith((b"1", b"2"))

    @property
    def _opened(self) -> socket.socket:
        assert self._socket is not None, "open it first"
        return self._socket

    def _left_s(self) -> float:
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0 or self._is_cut:
            raise TimeoutError
        return left_s


def _pieces(response: HTTPResponse, most_bytes: int) -> Iterator[bytes]:
    # A claimed length makes no room by itself.
    while piece := response.read(min(most_bytes, PIECE_BYTES)):
        most_bytes -= len(piece)
        yield piece


class _Reading(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._line.read_into(buffer)
