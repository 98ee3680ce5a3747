"""The other end of a network burner: takes what it sends, compares it, and tells what came.

It sends nothing to anyone but counts to a burner that proved itself on the same connection, and
never answers a datagram, so nobody can turn it against a third.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import msgspec

from tui.stress.arrivals import Arrivals
from tui.stress.peer_talk import HANDSHAKE_S, Lines, Stranger, welcome
from tui.stress.peer_wire import (
    DATAGRAM,
    HEADER,
    STREAM_BLOCK,
    Counts,
    number_block,
    payload,
    stream_block,
)

TELL_S = 0.2
STRAGGLERS_S = 0.3
"""How long datagrams may still be on their way at the end."""
MAX_LINKS = 64
_BUFFER_BYTES = 4 * 1024**2


class Peer:
    """Serves burners on one port, TCP and UDP, until it is closed."""

    def __init__(self, host: str, port: int, secret: str) -> None:
        """Raises OSError when the port can't be had."""
        self._secret = secret
        self._sessions: dict[bytes, Datagrams] = {}
        self._links: set[socket.socket] = set()
        self._lock = threading.Lock()
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        self._listener = socket.create_server((host, port), family=family, backlog=MAX_LINKS)
        self.host, self.port = self._listener.getsockname()[:2]
        self._datagrams = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            self._datagrams.bind((host, self.port))
        except OSError:
            self._listener.close()
            self._datagrams.close()
            raise
        for work in (self._accept, self._take_datagrams):
            threading.Thread(target=work, name=f"peer-{work.__name__}", daemon=True).start()

    def close(self) -> None:
        """Let the port and every connection go."""
        with self._lock:
            links = list(self._links)
        for each in (self._listener, self._datagrams, *links):
            # A blocked accept or recv in another thread ends by this, not by close.
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if len(self._links) >= MAX_LINKS:
                    link.close()
                    continue
                self._links.add(link)
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        try:
            link.settimeout(HANDSHAKE_S)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wish, session = welcome(link, Lines(link), self._secret)
            if wish == "tcp":
                _take_stream(link, session)
            elif wish == "udp":
                self._watch_datagrams(link, session)
        except (Stranger, OSError):
            pass  # a scan, or a burner that was killed
        finally:
            with self._lock:
                self._links.discard(link)
            link.close()

    def _watch_datagrams(self, link: socket.socket, session: bytes) -> None:
        taken = Datagrams(session, link.getpeername()[0])
        with self._lock:
            self._sessions[session] = taken
        try:
            link.settimeout(TELL_S)
            while True:
                _tell(link, taken.counts())
                try:
                    if not link.recv(1):
                        break
                except TimeoutError:
                    continue
            ended_s = time.monotonic()
            time.sleep(STRAGGLERS_S)
            # The wait is no part of the time in which the datagrams came.
            final = msgspec.structs.replace(taken.counts(), at_s=ended_s, is_final=True)
            _tell(link, final)
        finally:
            with self._lock:
                del self._sessions[session]

    def _take_datagrams(self) -> None:
        buffer = bytearray(DATAGRAM + 1)
        while True:
            try:
                size, sender = self._datagrams.recvfrom_into(buffer)
            except OSError:
                return
            at_ns = time.monotonic_ns()
            taken = self._sessions.get(bytes(buffer[:8]))
            if taken is not None and size >= HEADER.size:
                taken.take(buffer, size, sender[0], at_ns)


class Datagrams:
    """What came in one session. Taken on one thread, counted on another."""

    def __init__(self, session: bytes, sender: str) -> None:
        self._sender = sender
        self._payload = payload(session)
        self._arrivals = Arrivals()
        self._lock = threading.Lock()
        self._bytes = self._verified = self._bad = 0

    def take(self, buffer: bytearray, size: int, sender: str, at_ns: int) -> None:
        """One datagram; another sender's is none of this session."""
        if sender != self._sender:
            return
        _, number, sent_ns = HEADER.unpack_from(buffer)
        is_right = buffer[HEADER.size : size] == self._payload
        with self._lock:
            self._bytes += size
            self._verified += is_right
            self._bad += not is_right
            # A flipped number would make thousands of others count as lost.
            if is_right:
                self._arrivals.add(number, sent_ns, at_ns)

    def counts(self) -> Counts:
        """So far."""
        with self._lock:
            seen = self._arrivals
            return Counts(
                at_s=time.monotonic(),
                received_bytes=self._bytes,
                verified=self._verified,
                bad=self._bad,
                expected=seen.expected,
                received=seen.received,
                reordered=seen.reordered,
                doubled=seen.doubled,
                jitter_us=seen.jitter_us,
            )


def _take_stream(link: socket.socket, session: bytes) -> None:
    """Compare the blocks of a stream to its end; tell the counts as they grow."""
    meant, got = stream_block(session), bytearray(STREAM_BLOCK)
    view = memoryview(got)
    received_bytes = verified = bad = 0
    number = filled = 0
    told_s = 0.0
    size = 1
    link.settimeout(TELL_S)
    while True:
        now_s = time.monotonic()
        if now_s - told_s >= TELL_S or not size:
            counts = Counts(at_s=now_s, received_bytes=received_bytes, verified=verified, bad=bad)
            _tell(link, msgspec.structs.replace(counts, is_final=not size))
            told_s = now_s
            if not size:
                return
        try:
            size = link.recv_into(view[filled:])
        except TimeoutError:
            continue
        received_bytes += size
        filled += size
        if filled == STREAM_BLOCK:
            number_block(meant, session, number)
            is_right = got == meant
            verified += is_right
            bad += not is_right
            number += 1
            filled = 0


def _tell(link: socket.socket, counts: Counts) -> None:
    link.sendall(msgspec.json.encode(counts) + b"\n", socket.MSG_NOSIGNAL)
