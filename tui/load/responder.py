"""A responder of known latencies on loopback: `python -m tui.load.responder`

Holds each answer of a connection for the next of `HOLDS_S`, and says in a header how long it really
did, from the last byte of the request to just before the answer. Standard library only: it must be
up before a worker has imported locust.
"""

from __future__ import annotations

from tui.child.lifeline import hold

if __name__ == "__main__":
    hold()

import _thread
import itertools
import socket
import sys
import time

HOLDS_S = (0.0, 0.002, 0.005, 0.010)
HELD_HEADER = "X-Held-Ms"
_END = b"\r\n\r\n"


def serve(connection: socket.socket) -> None:
    """Answer requests without a body until the client leaves."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    holds_s = itertools.cycle(HOLDS_S)
    received = b""
    try:
        while chunk := connection.recv(65_536):
            came_s = time.perf_counter()
            received += chunk
            if not received.endswith(_END):
                continue
            received = b""
            hold_s = next(holds_s)
            if hold_s:
                time.sleep(hold_s)
            held_ms = (time.perf_counter() - came_s) * 1000
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n%s: %.6f\r\n\r\n"
                % (HELD_HEADER.encode(), held_ms)
            )
    except OSError:
        pass  # the client was gone first
    finally:
        connection.close()


def main() -> None:
    """Say the port, then serve until the owner ends this process."""
    # A thread that waits for the interpreter would pass for latency of the client.
    sys.setswitchinterval(0.0005)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(f'{{"port": {listener.getsockname()[1]}}}', flush=True)
    while True:
        connection, _ = listener.accept()
        _thread.start_new_thread(serve, (connection,))


if __name__ == "__main__":
    main()
