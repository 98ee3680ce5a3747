"""A service that holds what connects to it, in this process."""

from __future__ import annotations

import contextlib
import socket
import threading


class IdleService:
    """Accepts on loopback; beyond `most` it closes what it accepted."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def count(self) -> int:
        """Connections that it holds and that the other side has not closed."""
        return sum(not _is_closed(each) for each in list(self._held))

    def close(self) -> None:
        """It dies, and its connections with it."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for each in self._held:
            each.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                if len(self._held) < self._most:
                    self._held.append(accepted)
                else:
                    accepted.close()


def _is_closed(each: socket.socket) -> bool:
    try:
        return each.fileno() < 0 or not each.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
