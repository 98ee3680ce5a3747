"""Targets of ill will: raw servers on loopback that answer as no web server would."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

OK_EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
DRIP_S = 0.02
LONGEST_DRIP = 3000
"""Bytes: a client that is never tired of them is let go after a minute."""

Answer = Callable[[socket.socket, str, str], object]
"""Answers one request on a connection: method and path."""


@contextlib.contextmanager
def hostile(answer: Answer) -> Iterator[str]:
    """The URL of a server that reads requests and has `answer` do the rest.

    A connection is served until its client leaves, or `answer` closes it or raises OSError.
    """
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            while request := lines.readline():
                length = 0
                while (header := lines.readline()) not in (b"\r\n", b""):
                    name, _, value = header.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                lines.read(length)
                method, path, *_ = request.decode("latin-1").split()
                answer(connection, method, path)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            threads.append(threading.Thread(target=serve, args=(connection,), name="hostile"))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        accepting = threading.Thread(target=accept, name="hostile-accept")
        accepting.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            # Closing alone wakes nobody who accepts or reads.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def drip(connection: socket.socket) -> None:
    """The headers of an answer, a byte now and then: each in time, the whole never."""
    tick = threading.Event()
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(LONGEST_DRIP):
        connection.sendall(b"x")
        tick.wait(DRIP_S)


def flood(connection: socket.socket) -> None:
    """A body that is as long as its reader is patient."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    while True:
        connection.sendall(chunk)
