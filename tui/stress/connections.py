"""Idle connections to a service, as many as it takes."""

from __future__ import annotations

import errno
import os
import socket
import time
from select import POLLIN, POLLOUT, poll

from tui.stress.hoards import Refused, allowed, left, own_descriptors
from tui.stress.margins import files_margin

CONNECT_S = 2.0
SLICE_S = 0.1
"""So long one call waits at most: the owner may want us to stop meanwhile."""


class Connections:
    """Idle connections, all open at once."""

    name = "connections"
    # A few at a time, or a short queue of the service overflows and the kernel holds us up.
    batch = 4
    turn_s = 0.005

    def __init__(self, address: tuple[str, int], cap: int) -> None:
        self.cap = cap
        self._address = address
        self._family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._before = own_descriptors()
        self._held: list[socket.socket] = []
        self._pending: socket.socket | None = None
        self._until_s = 0.0

    @property
    def count(self) -> int:
        return len(self._held)

    def grow(self) -> None:
        try:
            for _ in range(min(self.batch, allowed(files_margin()), left(self))):
                if not self._connect():
                    return
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise Refused(f"one more connection: {why}") from None

    def look(self) -> None:
        watch = poll()
        for each in self._held:
            watch.register(each, POLLIN)
        numbers = {number for number, _ in watch.poll(0)}
        # One that speaks first (a banner) is alive.
        closed = [each for each in self._held if each.fileno() in numbers and _is_closed(each)]
        if closed:
            raise Refused(f"the service closed {len(closed)} of {self.count} idle connections")

    def give_back(self) -> int:
        if self._pending is not None:
            self._pending.close()
            self._pending = None
        for each in self._held:
            each.close()
        self._held.clear()
        return max(own_descriptors() - self._before, 0)

    def _connect(self) -> bool:
        """Whether one more stands; if not, it may at the next call."""
        if self._pending is None:
            self._pending = socket.socket(self._family, socket.SOCK_STREAM)
            self._pending.setblocking(False)
            self._until_s = time.monotonic() + CONNECT_S
            failed = self._pending.connect_ex(self._address)
            if failed not in (0, errno.EINPROGRESS):
                raise OSError(failed, os.strerror(failed))
        if not _is_answered(self._pending):
            if time.monotonic() >= self._until_s:
                raise OSError(errno.ETIMEDOUT, f"no answer in {CONNECT_S:g} s")
            return False
        self._held.append(self._pending)
        self._pending = None
        return True


def _is_answered(connection: socket.socket) -> bool:
    """Raises OSError when the answer is no."""
    watch = poll()
    watch.register(connection, POLLOUT)
    if not watch.poll(SLICE_S * 1000):
        return False
    failed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if failed:
        raise OSError(failed, os.strerror(failed))
    return True


def _is_closed(connection: socket.socket) -> bool:
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
