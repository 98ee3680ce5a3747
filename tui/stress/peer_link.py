"""A burner's connection to its peer."""

from __future__ import annotations

import contextlib
import socket
import struct
import time

import msgspec

from tui.stress.burner import Unusable
from tui.stress.peer_talk import HANDSHAKE_S, HungUp, Lines, OtherSecret, Stranger, greet
from tui.stress.peer_wire import SECRET_VARIABLE, Counts, Wish, address, is_loopback

SEND_S = 0.1
"""A send gives up after this, so that an order is heard even when nothing gets through."""
NO_PEER = "give `jetproof peer` a free port there (--port), and name it in stress.network.peer"
LOST_PEER = "see why `jetproof peer` ended there, or what became of the link, and run it again"
SILENCE_S = 3.0
FINAL_S = 5.0
_TCP_INFO = struct.Struct("=68xI28xI")
"""rtt in microseconds and retransmitted segments: struct tcp_info of linux/tcp.h."""


class Lost(Exception):
    """The peer is not there any more; the text says how it was noticed."""

    @classmethod
    def by(cls, error: Exception) -> Lost:
        """By what came of a connection to it."""
        return cls(f"the peer is gone: {why(error)}")


def why(error: Exception) -> str:
    """In words, without the number of an error of the kernel."""
    return (getattr(error, "strerror", None) or str(error)).lower()


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
            raise Lost.by(error) from None

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
            raise Lost.by(error) from None
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
    at = address(host, port)
    start = f"start `jetproof peer --host {host} --port {port}` there"
    try:
        return Link(host, port, secret, wish)
    except OtherSecret as error:
        raise _barred(at, is_known=bool(secret), has_none=error.has_none) from None
    except (HungUp, ConnectionResetError, BrokenPipeError):
        raise Unusable(
            f"{at} ended the connection before it was known for a peer of ours",
            f"{start}, or again where it was about to end; nothing else may have that port",
        ) from None
    except Stranger as error:
        raise Unusable(f"{at} is no peer of ours: {error}", NO_PEER) from None
    except OSError as error:
        blocked = f"see that no firewall stops TCP and UDP port {port}"
        raise Unusable(f"{at} does not answer: {why(error)}", f"{start}, and {blocked}") from None


def _barred(at: str, *, is_known: bool, has_none: bool) -> Unusable:
    """`is_known`: this side was given a secret; `has_none`: the peer was not."""
    if has_none:
        return Unusable(
            f"the peer at {at} was given no secret, and {SECRET_VARIABLE} is set on this board",
            f"unset {SECRET_VARIABLE} here, or start `jetproof peer` there with the same one",
        )
    advice = (
        f"set {SECRET_VARIABLE} here to what it was on {at} when `jetproof peer` was started "
        "there; the line to run here is what that printed"
    )
    if is_known:
        return Unusable(
            f"the peer at {at} was given another secret than {SECRET_VARIABLE} on this board",
            advice,
        )
    return Unusable(
        f"the peer at {at} wants a secret, and {SECRET_VARIABLE} is not set on this board", advice
    )
