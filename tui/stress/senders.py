"""What a network burner sends: a numbered stream, or numbered datagrams."""

from __future__ import annotations

import socket
import time
from typing import Protocol

from tui.stress.peer_link import Link, Lost
from tui.stress.peer_wire import (
    DATAGRAM,
    HEADER,
    STREAM_BLOCK,
    number_block,
    payload,
    stream_block,
)


class Sender(Protocol):
    """Sends one piece after another."""

    piece_bytes: int
    sent_bytes: int
    """Taken by the kernel, since the start."""
    pieces: int
    """Whole ones that were sent."""
    failed: int
    """Those that the kernel refused."""

    @property
    def is_halfway(self) -> bool:
        """Whether a piece is begun, and the next send goes on with it."""

    def send(self) -> None:
        """Go on; returns within a tenth of a second. Raises Lost."""

    def close(self) -> None:
        """Let its socket go."""


class StreamSender:
    """Blocks over the link itself."""

    def __init__(self, link: Link) -> None:
        self._socket, self._session = link.socket, link.session
        self._block = stream_block(link.session)
        self._view = memoryview(self._block)
        self._done = 0
        self.piece_bytes = STREAM_BLOCK
        self.sent_bytes = self.pieces = self.failed = 0

    @property
    def is_halfway(self) -> bool:
        return self._done > 0

    def send(self) -> None:
        if not self._done:
            number_block(self._block, self._session, self.pieces)
        try:
            # A burner dies of SIGPIPE, so that nobody is told a traceback; here it is an answer.
            taken = self._socket.send(self._view[self._done :], socket.MSG_NOSIGNAL)
        except TimeoutError:
            return
        except OSError as error:
            raise Lost.by(error) from None
        self.sent_bytes += taken
        self._done += taken
        if self._done == STREAM_BLOCK:
            self._done = 0
            self.pieces += 1

    def close(self) -> None:
        pass  # the link is its owner's


class DatagramSender:
    """Datagrams to the port of the link."""

    def __init__(self, link: Link) -> None:
        self._session = link.session
        self._socket = socket.socket(link.socket.family, socket.SOCK_DGRAM)
        self._socket.settimeout(0.1)
        self._socket.connect(link.address)
        self._payload = payload(link.session)
        self.piece_bytes = DATAGRAM
        self.sent_bytes = self.pieces = self.failed = 0

    @property
    def is_halfway(self) -> bool:
        return False

    def send(self) -> None:
        header = HEADER.pack(self._session, self.pieces, time.monotonic_ns())
        try:
            self._socket.send(header + self._payload)
        except OSError:
            # A full queue of the interface, or word that nobody listens there.
            self.failed += 1
            return
        self.sent_bytes += DATAGRAM
        self.pieces += 1

    def close(self) -> None:
        self._socket.close()
