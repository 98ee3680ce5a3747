"""A real S3-compatible server over HTTP, and somebody on the way to it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

KEY = SECRET = "S3RVER"
"""The only user that it knows."""
STARTS_S = 30.0
_LISTENS = re.compile(r"listening on .*:([0-9]+)")


def needs_s3() -> pytest.MarkDecorator:
    """Skipped, with the reason, where the server or its client is not installed."""
    why = ""
    if shutil.which("s3rver") is None:
        why = "needs an S3-compatible server: npm install s3rver, and its bin on PATH"
    elif find_spec("minio") is None:
        why = "needs jetproof[s3]"
    return pytest.mark.skipif(bool(why), reason=why)


class Server:
    """s3rver, which keeps its objects in a directory."""

    def __init__(self, directory: Path, certificate: Path | None = None) -> None:
        """`certificate`, with its key in the same file: it speaks TLS."""
        self.directory = directory
        self._scheme = "https" if certificate else "http"
        program = shutil.which("s3rver")
        assert program is not None
        command = [program, "-d", str(directory), "-a", "127.0.0.1", "-p", str(free_port())]
        if certificate is not None:
            command += ["--cert", str(certificate), "--key", str(certificate)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self._process.stdout is not None
        lines = iter(self._process.stdout.readline, "")
        self.port = next(int(found[1]) for line in lines if (found := _LISTENS.search(line)))
        threading.Thread(target=list, args=(lines,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def names(self, bucket: str) -> list[str]:
        """Of the objects that it has, and of the bucket itself where it is there."""
        root = self.directory / bucket
        marks = root.rglob("*._S3rver_object") if root.exists() else ()
        return sorted(str(each.relative_to(root)).partition("._S3")[0] for each in marks)

    def has(self, bucket: str) -> bool:
        return (self.directory / bucket).exists()

    def empty(self) -> None:
        """Forget all that anybody put there: it keeps nothing but its files."""
        for each in self.directory.iterdir():
            shutil.rmtree(each)

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            # Its reader is at its end by now.
            with suppress(ValueError):
                self._process.stdout.close()


@contextmanager
def server(directory: Path, certificate: Path | None = None) -> Iterator[Server]:
    """One that is gone at the end."""
    running = Server(directory, certificate)
    try:
        yield running
    finally:
        running.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


Meddle = Callable[[bytes], bytes]
Answer = Callable[[bytes], "bytes | None"]


class Meddler:
    """A proxy that passes on what it is told to, as it is told to."""

    def __init__(
        self,
        url: str,
        *,
        down: Meddle = lambda chunk: chunk,
        up: Meddle = lambda chunk: chunk,
        answer: Answer = lambda head: None,
    ) -> None:
        """`down` and `up` get each piece on its way; `answer` may answer a request by itself."""
        self._port = urlsplit(url).port
        self._down, self._up, self._answer = down, up, answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        # Closing alone does not wake the one that waits in it.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port or 80)) as store:
            back = threading.Thread(target=_pump, args=(store, client, self._down), daemon=True)
            back.start()

            def asked(chunk: bytes) -> bytes:
                answer = self._answer(chunk)
                if answer is None:
                    return self._up(chunk)
                client.sendall(answer)
                return b""

            _pump(client, store, asked)
            back.join(5.0)


def _pump(source: socket.socket, sink: socket.socket, meddle: Meddle) -> None:
    with suppress(OSError):
        while chunk := source.recv(65_536):
            sink.sendall(meddle(chunk))
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def flipping(after_bytes: int) -> Meddle:
    """One bit of all that goes by is another, once."""
    seen = 0

    def meddle(chunk: bytes) -> bytes:
        nonlocal seen
        at, seen = after_bytes - seen, seen + len(chunk)
        if not 0 <= at < len(chunk):
            return chunk
        return chunk[:at] + bytes([chunk[at] ^ 1]) + chunk[at + 1 :]

    return meddle


def slow(mb_per_s: float) -> Meddle:
    """Held back, each connection by itself."""

    def meddle(chunk: bytes) -> bytes:
        time.sleep(len(chunk) / (mb_per_s * 1024 * 1024))
        return chunk

    return meddle


def refusing(method: str, code: str, status: str = "403 Forbidden") -> Answer:
    """Requests of that method are refused with that code."""

    def answer(head: bytes) -> bytes | None:
        if not head.startswith(method.encode()):
            return None
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>"
        start = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nConnection: close\r\n"
        return f"{start}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    return answer
