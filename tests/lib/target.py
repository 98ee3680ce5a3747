"""A small real HTTP server on loopback whose own counts are the truth."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.lib.quiet_http import QuietHandler, QuietServer

PACE_S = 0.5
"""How long `/slow` takes. A generator may lag a tenth of the p95, so with it a busy test machine
does not make a run INVALID."""


class Target:
    """Serves until the block ends. What a path does:

    `/slow` answers after `PACE_S`, `/fail` with 503, `/busy` with 429, `/refuse` with 401 and the
    header that it got, `/hang` not before `release`, everything else at once with 200.
    """

    def __init__(self, certificate: Path | None = None, port: int = 0) -> None:
        self.received: Counter[str] = Counter()
        """Requests read to their end, by path."""
        self.answered: Counter[str] = Counter()
        """Answers written to their end, by path."""
        self.moments_s: list[float] = []
        """When each request of a user was read to its end, by `time.monotonic`."""
        self.connections_made = 0
        self.authorization: list[str] = []
        """That header of every request that had one."""
        self.health_status = 200
        self.hangs = threading.Event()
        self._released = threading.Event()
        self._lock = threading.Lock()
        self._certificate = certificate
        self._connections: set[socket.socket] = set()
        self._server: _Server | None = None
        self.port = port
        self.come_back()

    @property
    def url(self) -> str:
        """Its base URL."""
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def total_received(self) -> int:
        """Requests of users: the engine's own questions left out."""
        with self._lock:
            return sum(n for path, n in self.received.items() if path not in _ENGINE_ASKS)

    @property
    def total_answered(self) -> int:
        """Answers to users."""
        with self._lock:
            return sum(n for path, n in self.answered.items() if path not in _ENGINE_ASKS)

    def release(self) -> None:
        """Let everything that hangs be answered."""
        self._released.set()

    def forget(self) -> None:
        """As if it had just begun to serve."""
        with self._lock:
            self.received.clear()
            self.answered.clear()
            self.moments_s.clear()
            self.authorization.clear()
            self.connections_made = 0
        self.hangs.clear()
        self._released.clear()

    def go_down(self) -> None:
        """As if the service had been killed: its port is closed, every connection reset."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.server_close()
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def turn_away(self, connections: int) -> None:
        """While it is down: reset so many connections. Shows that users have noticed."""
        with socket.create_server(("127.0.0.1", self.port)) as listener:
            listener.settimeout(30.0)
            for _ in range(connections):
                connection, _ = listener.accept()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0" + bytes(4))
                connection.close()

    def come_back(self) -> None:
        """Serve, on the same port as before if there was one."""
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.target = self
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), name="target", daemon=True).start()

    def __enter__(self) -> Target:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self.go_down()

    def status_of(self, path: str) -> int:
        """What it answers with."""
        if path == "/health":
            return self.health_status
        return {"/fail": 503, "/busy": 429, "/refuse": 401, "/openapi.json": 404}.get(path, 200)

    def wait(self, path: str) -> None:
        """Take the time that this path takes."""
        if path == "/slow":
            self._released.wait(PACE_S)
        if path == "/hang" or self.hangs.is_set():
            self._released.wait()

    def count(self, counter: Counter[str], path: str) -> None:
        """One more, from any thread."""
        with self._lock:
            counter[path] += 1

    def opened(self, connection: socket.socket) -> None:
        """A connection that `go_down` must end."""
        with self._lock:
            self._connections.add(connection)
            self.connections_made += 1

    def closed(self, connection: socket.socket) -> None:
        """It ended by itself."""
        with self._lock:
            self._connections.discard(connection)


_ENGINE_ASKS = ("/health", "/openapi.json")


class _Server(QuietServer):
    target: Target


class _Handler(QuietHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.target.opened(self.connection)

    def finish(self) -> None:
        self.server.target.closed(self.connection)
        super().finish()

    def do_GET(self) -> None:
        target, path = self.server.target, urlsplit(self.path).path
        sent = self.headers.get("Authorization", "")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target.count(target.received, path)
        if path not in _ENGINE_ASKS:
            target.moments_s.append(time.monotonic())
        if sent:
            target.authorization.append(sent)
        target.wait(path)
        # A real service that quotes what it refuses: nothing of ours may keep the quotation.
        said = {"status": "ok"} if path != "/refuse" else {"detail": f"not known: {sent}"}
        body = json.dumps(said).encode()
        self.send_response(target.status_of(path))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        target.count(target.answered, path)

    do_POST = do_GET
    do_DELETE = do_GET


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def free_port() -> int:
    """A port on which nobody listens now."""
    with taken_port() as port:
        return port


def self_signed(directory: Path, name: str = "IP:127.0.0.1") -> Path:
    """A certificate for 127.0.0.1, or for `name` alone, that nobody trusts, with its key, in one
    file."""
    file = directory / "self-signed.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command += f" -subj /CN=jetproof -addext subjectAltName={name} -keyout {file} -out -"
    done = subprocess.run(command.split(), capture_output=True, check=True, timeout=30)
    with file.open("ab") as whole:
        whole.write(done.stdout)
    return file


def neighbours() -> tuple[Target, Target]:
    """Two targets; the address of the first is the beginning of the second's."""
    for port in range(2000, 6500):
        with contextlib.suppress(OSError):
            first = Target(port=port)
            try:
                return first, Target(port=10 * port)
            except OSError:
                first.go_down()
    raise AssertionError("no port is free")
