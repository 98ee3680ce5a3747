"""A burner's connection to its peer."""

from __future__ import annotations

import contextlib
import socket
import struct
import time

import msgspec

from tui.stress.burner import Unusable
from tui.stress.peer_talk import HANDSHAKE_S, Lines, Stranger, greet
from tui.stress.peer_wire import Counts, Wish, is_loopback

SEND_S = 0.1
"""A send gives up after this, so that an order is heard even when nothing gets through."""
SILENCE_S = 3.0
FINAL_S = 5.0
_TCP_INFO = struct.Struct("=68xI28xI")
"""rtt in microseconds and retransmitted segments: struct tcp_info of linux/tcp.h."""


class Lost(Exception):
    """The peer is not there any more; the text says how it was noticed."""


class Link:
    """One connection that proved to lead to a peer of ours. `counts`: the newest it told."""

    def __init__(self, host: str, port: int, secret: str, wish: Wish) -> None:
        """Raises OSError when nothing answers there, Stranger when something else does."""
        began_ns = time.perf_counter_ns()
        self.socket = socket.create_connection((host, port), timeout=HANDSHAKE_S)
        try:
            self.connect_us = (time.perf_counter_ns() - began_ns) / 1e3
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._lines = Lines(self.socket)
            self.session = greet(self.socket, self._lines, secret, wish)
            self.answer_us = (time.perf_counter_ns() - began_ns) / 1e3 - self.connect_us
            self.address = self.socket.getpeername()
            self.is_loopback = is_loopback(self.socket.getsockname()[0], self.address[0])
            self.socket.settimeout(SEND_S)
        except BaseException:
            self.socket.close()
            raise
        self.counts: Counts | None = None

    def close(self) -> None:
        """End it. Nothing of it waits in the kernel for its time: a thousand may follow."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def listen(self, within_s: float = 0.0) -> None:
        """Take what the peer told, after waiting for it at most so long. Raises Lost."""
        try:
            for line in self._lines.arrived(within_s):
                self.counts = msgspec.json.decode(line, type=Counts)
        except (Stranger, OSError, msgspec.DecodeError) as error:
            raise Lost(f"the peer is gone: {error}") from None

    def news(self, since: Counts | None) -> Counts:
        """Counts that are newer than these. Raises Lost when none come for SILENCE_S."""
        ends_s = time.monotonic() + SILENCE_S
        while self.counts is None or (since is not None and self.counts.at_s <= since.at_s):
            left_s = ends_s - time.monotonic()
            if left_s <= 0:
                raise Lost("the peer has fallen silent")
            self.listen(left_s)
        return self.counts

    def final(self) -> Counts:
        """Say that no more comes; what the peer has in the end. Raises Lost."""
        ends_s = time.monotonic() + FINAL_S
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise Lost(f"the peer is gone: {error}") from None
        while self.counts is None or not self.counts.is_final:
            if time.monotonic() > ends_s:
                raise Lost("the peer has fallen silent")
            self.listen(SEND_S)
        return self.counts

    def transport(self) -> dict[str, object]:
        """The kernel's own figures of this connection."""
        raw = self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
        rtt_us, retransmits = _TCP_INFO.unpack(raw)
        return {"rtt_us": rtt_us, "retransmits": retransmits}


def first_link(host: str, port: int, secret: str, wish: Wish) -> Link:
    """The connection that decides whether anything is sent at all. Raises Unusable."""
    try:
        return Link(host, port, secret, wish)
    except Stranger as error:
        raise Unusable(f"{host}:{port} is no peer of ours: {error}") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Unusable(f"{host}:{port} does not answer: {why}") from None
