"""A service that refuses a long request before its end is heard."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lib.eventually import LIMIT_S
from tests.lib.target import self_signed
from tui.service.health_check import tls_context
from tui.service.line import Line, Reply

LONG = b"x" * 20_000_000
REFUSAL = (
    b"HTTP/1.1 413 Too Large\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n"
    b"Connection: close\r\n\r\ntoo much"
)
Answer = Callable[[socket.socket], object]


@contextlib.contextmanager
def serving(answer: Answer, certificate: Path | None = None) -> Iterator[int]:
    """The port of a server that reads the head of a request and has `answer` do the rest."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            if context is not None:
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(1)
                answer(connection)

    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def asked(port: int, *, tls: bool = False, body: bytes = LONG, limit_s: float = LIMIT_S) -> Reply:
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with contextlib.closing(Line()) as line:
        line.until(time.monotonic() + limit_s)
        line.open("127.0.0.1", port, tls_context(verify=False) if tls else None)
        return line.ask(head + body, "POST", 1024)


@pytest.fixture(params=["plain", "tls"])
def certificate(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    if request.param == "plain":
        return None
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    return self_signed(tmp_path)


def test_a_refusal_is_heard_although_the_rest_is_reset(certificate: Path | None) -> None:
    def refuse(connection: socket.socket) -> None:
        # Closed with something unread in it: the other end gets a reset.
        connection.recv(1000)
        connection.sendall(REFUSAL)

    with serving(refuse, certificate) as port:
        reply = asked(port, tls=certificate is not None)
    assert (reply.status, reply.body, reply.goes_on) == (413, b"too much", False)


def test_a_refusal_is_heard_where_nothing_more_is_read(certificate: Path | None) -> None:
    heard = threading.Event()

    def refuse(connection: socket.socket) -> None:
        connection.sendall(REFUSAL.replace(b"Connection: close\r\n", b""))
        assert heard.wait(LIMIT_S), "the client waits to be read for ever"

    with serving(refuse, certificate) as port:
        reply = asked(port, tls=certificate is not None)
        heard.set()
    assert (reply.status, reply.body) == (413, b"too much")
    assert not reply.goes_on, "half a request is still on its way"


def test_a_refusal_that_is_cut_short_is_one_all_the_same() -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(REFUSAL[:-4])

    with serving(refuse) as port:
        reply = asked(port)
    assert (reply.status, reply.goes_on) == (413, False)


@pytest.mark.parametrize("early", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n"])
def test_what_is_no_refusal_does_not_end_the_request(
    early: bytes, certificate: Path | None
) -> None:
    counted: list[int] = []

    def take(connection: socket.socket) -> None:
        connection.sendall(early)
        left = len(LONG)
        while left and (piece := connection.recv(min(left, 1_000_000))):
            left -= len(piece)
        counted.append(left)
        rest = b"Content-Length: 2\r\n\r\nok"
        connection.sendall(rest if b"200" in early else b"HTTP/1.1 200 OK\r\n" + rest)

    with serving(take, certificate) as port:
        reply = asked(port, tls=certificate is not None)
    assert (counted, reply.status, reply.body, reply.goes_on) == ([0], 200, b"ok", True)


def test_what_comes_before_an_answer_is_none() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    right = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with serving(lambda connection: connection.sendall(early + early + right)) as port:
        reply = asked(port, body=b"")
    assert (reply.status, reply.body, reply.goes_on) == (200, b"ok", True)


def test_who_leaves_without_a_word_is_told_so() -> None:
    with serving(lambda connection: None) as port, pytest.raises(ConnectionError):
        asked(port)


def test_who_neither_reads_nor_speaks_is_waited_for_until_the_deadline() -> None:
    ended = threading.Event()
    with serving(lambda connection: ended.wait(LIMIT_S)) as port:
        began_s = time.monotonic()
        with pytest.raises(TimeoutError):
            asked(port, limit_s=0.2)
        assert time.monotonic() - began_s >= 0.2
        ended.set()


def test_a_whole_answer_that_is_cut_short_is_none() -> None:
    def cut(connection: socket.socket) -> None:
        connection.recv(1)
        connection.sendall(REFUSAL[:-4])

    with serving(cut) as port, pytest.raises(ConnectionError):
        asked(port, body=b"x")
